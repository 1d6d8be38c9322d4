import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { Compiled, type DecisionModel, evaluateDecision, readModel } from '../../workflows/decisions/index.ts'
import {
  type Decimal,
  decimalOf,
  isContext,
  isList,
  isNumber,
  kindOf,
  readDate,
  readDateTime,
  readDuration,
  readTime,
  type Value,
  written,
} from '../../workflows/feel/index.ts'

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Node[]
  text: string
}

/** One expected result of the suite, with what we made of it. */
export interface Verdict {
  /** model, case and decision. */
  readonly test: string
  readonly passed: boolean
  readonly reason: string
}

/** Runs every test of one level of the official DMN TCK and compares strictly. */
export async function runLevel(folder: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const model of readdirSync(folder).sort()) verdicts.push(...(await runModel(join(folder, model))))
  return verdicts
}

async function runModel(folder: string): Promise<Verdict[]> {
  const files = readdirSync(folder)
  const models = new Map<string, DecisionModel>()
  for (const file of files.filter((name) => name.endsWith('.dmn')))
    models.set(file, await readModel(readFileSync(join(folder, file), 'utf8')))
  const verdicts: Verdict[] = []
  for (const file of files.filter((name) => name.endsWith('.xml'))) {
    const suite = parse(readFileSync(join(folder, file), 'utf8'))
    const named = suite.children.find(({ name }) => name === 'modelName')?.text.trim() ?? ''
    const model = models.get(named) ?? [...models.values()][0]
    if (!model) throw new Error(`${folder} has no model`)
    const compiled = new Compiled(model, [...models.values()])
    for (const test of suite.children.filter(({ name }) => name === 'testCase'))
      verdicts.push(
        ...runCase(compiled, test, `${named.replace(/\.dmn$/, '')}/${test.attributes['id'] ?? ''}`),
      )
  }
  return verdicts
}

function runCase(compiled: Compiled, test: Node, id: string): Verdict[] {
  const inputs = new Map(
    test.children
      .filter(({ name }) => name === 'inputNode')
      .map((input) => [input.attributes['name'] ?? '', valueOf(input)] as const),
  )
  return test.children
    .filter(({ name }) => name === 'resultNode')
    .map((result) => {
      const name = result.attributes['name'] ?? ''
      const invoked = test.attributes['type'] === 'decisionService' ? test.attributes['invocableName'] : name
      return judged(compiled, invoked ?? name, inputs, result, `${id}/${name}`)
    })
}

function judged(
  compiled: Compiled,
  invoked: string,
  inputs: ReadonlyMap<string, Value>,
  result: Node,
  test: string,
): Verdict {
  const expectedNode = result.children.find(({ name }) => name === 'expected')
  const expected = expectedNode ? valueOf(expectedNode) : null
  try {
    const { value, warnings } = evaluateDecision(compiled, invoked, inputs, new Date('2026-11-30T08:00:00Z'))
    const because = warnings.map(({ code, en }) => `${code}: ${en}`).join('; ')
    const reason = `expected ${shown(expected)}, got ${shown(value)} ${because}`
    if (result.attributes['errorResult'] === 'true' && warnings.length === 0)
      return { test, passed: false, reason: `an error expected, none reported; ${reason}` }
    return { test, passed: isSame(expected, value), reason }
  } catch (error) {
    return { test, passed: false, reason: error instanceof Error ? (error.stack ?? '') : String(error) }
  }
}

const shown = (value: Value) => `${kindOf(value)} ${written(value)}`

/** The same kind and the same value to the last digit; members of contexts by name. */
function isSame(left: Value, right: Value): boolean {
  if (kindOf(left) !== kindOf(right)) return false
  if (isList(left) && isList(right))
    return left.length === right.length && left.every((one, index) => isSame(one, right[index] ?? null))
  if (isContext(left) && isContext(right))
    return (
      left.size === right.size &&
      [...left].every(([name, one]) => right.has(name) && isSame(one, right.get(name) ?? null))
    )
  if (isNumber(left) && isNumber(right)) return isSameNumber(left, right)
  return written(left) === written(right)
}

/**
 * To the last digit; only where the suite rounds, at eight decimals or more, within 0.00000001, as its own
 * runners compare (its authors computed some of these in binary).
 */
const isSameNumber = (expected: Decimal, found: Decimal) =>
  expected.decimalPlaces() < 8 ? expected.equals(found) : expected.minus(found).abs().lessThan('1e-8')

function valueOf(node: Node): Value {
  const components = node.children.filter(({ name }) => name === 'component')
  if (components.length > 0)
    return new Map(components.map((one) => [one.attributes['name'] ?? '', valueOf(one)]))
  const list = node.children.find(({ name }) => name === 'list')
  if (list) return list.children.filter(({ name }) => name === 'item').map(valueOf)
  const value = node.children.find(({ name }) => name === 'value')
  if (!value || value.attributes['xsi:nil'] === 'true') return null
  return simple(value.attributes['xsi:type'] ?? 'xsd:string', value.text)
}

function simple(type: string, text: string): Value {
  const trimmed = text.trim()
  switch (type.replace(/^\w+:/, '')) {
    case 'boolean':
      return trimmed === 'true'
    case 'decimal':
    case 'double':
    case 'integer':
      return decimalOf(trimmed)
    case 'date':
      return readDate(trimmed)
    case 'time':
      return readTime(trimmed)
    case 'dateTime':
      return readDateTime(trimmed)
    case 'duration':
      return readDuration(trimmed)
    default:
      return text
  }
}

function parse(xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name: name.replace(/^\w+:/, ''), attributes, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  const add = (text: string) => {
    const node = open.at(-1)
    if (node) node.text += text
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return root.children[0] ?? root
}
