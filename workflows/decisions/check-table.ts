import { DomainError } from '../../core/errors.ts'
import type { UnaryTests } from '../feel/index.ts'
import { checkText } from './check-text.ts'
import type { Compiled } from './compiled.ts'
import { type Box, overlap, textOf, uncovered } from './cover.ts'
import { type Domain, domainOf } from './domain.ts'
import type { DecisionFinding } from './finding.ts'
import type { DecisionTable } from './model.ts'

const MAX_FINDINGS = 20
/** Pairs of rules grow with the square. */
const MAX_COMPARED = 2_000

/** Findings of one decision table (product: the check when a table is saved; one-window M30). */
export function checkTable(table: DecisionTable, decision: string, compiled: Compiled): DecisionFinding[] {
  const broken = checkTexts(table, decision, compiled)
  if (broken.length > 0) return broken
  const domains = table.inputs.map((input, column) =>
    domainOf(
      table.rules.map((rule) => tests(compiled, rule.when[column] ?? '-')),
      compiled.type(input.typeRef),
      input.allowed === undefined ? undefined : tests(compiled, input.allowed),
    ),
  )
  const boxes = table.rules.map((_, index) => boxOf(domains, index))
  const open = boxes.flatMap((box, index) => (box ? [] : [index + 1]))
  const found = [
    ...checkOverlaps(table, boxes, domains, decision),
    ...checkReach(table, boxes, decision),
    ...checkGaps(table, boxes, domains, decision),
  ]
  if (open.length === 0) return found
  const shown = open.slice(0, 20)
  const en = `The cells of rule ${shown.join(', ')} depend on more than constants: overlaps and gaps with them are not checked`
  const zh = `规则${shown.join('、')}的条件不只是常量，未检查其重叠与空缺`
  return [...found, { rule: 'rules-not-checked', severity: 'warning', decision, rules: shown, zh, en }]
}

function checkTexts(table: DecisionTable, decision: string, compiled: Compiled): DecisionFinding[] {
  return [
    ...table.inputs.flatMap(({ expression, allowed }) => [
      ...checkText(() => compiled.expression(expression), decision),
      ...(allowed === undefined ? [] : checkText(() => compiled.tests(allowed), decision)),
    ]),
    ...table.outputs.flatMap(({ allowed, otherwise }) => [
      ...(allowed === undefined ? [] : checkText(() => compiled.tests(allowed), decision)),
      ...(otherwise === undefined ? [] : checkText(() => compiled.expression(otherwise), decision)),
    ]),
    ...table.rules.flatMap(({ when, then }, index) => [
      ...when.flatMap((cell) => checkText(() => compiled.tests(cell), decision, [index + 1])),
      ...then.flatMap((cell) =>
        /^\s*-?\s*$/.test(cell) ? [] : checkText(() => compiled.expression(cell), decision, [index + 1]),
      ),
    ]),
  ]
}

function tests(compiled: Compiled, text: string): UnaryTests | undefined {
  try {
    return compiled.tests(text)
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

function boxOf(domains: readonly Domain[], rule: number): Box | undefined {
  const masks = domains.map(({ masks }) => masks[rule])
  const known = masks.filter((mask) => mask !== undefined)
  return known.length === masks.length ? known : undefined
}

/** Unique allows no overlap, any only between rules of one output. */
function checkOverlaps(
  { hitPolicy, rules }: DecisionTable,
  boxes: readonly (Box | undefined)[],
  domains: readonly Domain[],
  decision: string,
): DecisionFinding[] {
  if (hitPolicy !== 'UNIQUE' && hitPolicy !== 'ANY') return []
  const found: DecisionFinding[] = []
  for (const [second, b] of boxes.slice(0, MAX_COMPARED).entries())
    for (const [first, a] of boxes.slice(0, second).entries()) {
      if (!a || !b || found.length >= MAX_FINDINGS || !overlap(a, b)) continue
      const agrees = rules[first]?.then.join('\n') === rules[second]?.then.join('\n')
      if (hitPolicy === 'ANY' && agrees) continue
      const both = a.map((mask, column) => textOf(mask & (b[column] ?? 0n), domains[column]?.atoms ?? []))
      const [zh, en] = [
        `规则${first + 1}与${second + 1}重叠：${both.join(' | ')}`,
        `The rules ${first + 1} and ${second + 1} overlap: ${both.join(' | ')}`,
      ]
      const numbers = [first + 1, second + 1]
      found.push({ rule: 'rules-overlap', severity: 'error', decision, rules: numbers, zh, en })
    }
  return found
}

/** In a table of first hits, a rule that those before it cover is never reached. */
function checkReach(
  { hitPolicy }: DecisionTable,
  boxes: readonly (Box | undefined)[],
  decision: string,
): DecisionFinding[] {
  if (hitPolicy !== 'FIRST') return []
  return boxes.slice(0, MAX_COMPARED).flatMap((box, index) => {
    if (!box || box.some((mask) => mask === 0n)) return []
    const before = boxes.slice(0, index).filter((other) => other !== undefined)
    const { boxes: left, isComplete } = uncovered(box, before, 1)
    if (left.length > 0 || !isComplete) return []
    const en = `Rule ${index + 1} can never be reached: the rules before it cover it`
    const zh = `规则${index + 1}永远不会命中：已被前面的规则覆盖`
    return [{ rule: 'rule-unreachable', severity: 'error', decision, rules: [index + 1], zh, en } as const]
  })
}

/** Inputs that no rule answers; a collection may be empty, and a default answers all. */
function checkGaps(
  { hitPolicy, inputs, outputs }: DecisionTable,
  boxes: readonly (Box | undefined)[],
  domains: readonly Domain[],
  decision: string,
): DecisionFinding[] {
  const isCollecting = ['COLLECT', 'RULE ORDER', 'OUTPUT ORDER'].includes(hitPolicy)
  const isAnswered = outputs.some(({ otherwise }) => otherwise !== undefined)
  const known = boxes.filter((box) => box !== undefined)
  if (isCollecting || isAnswered || known.length < boxes.length) return []
  const whole = domains.map(({ atoms }) => (1n << BigInt(atoms.length)) - 1n)
  const { boxes: gaps, isComplete } = uncovered(whole, known, MAX_FINDINGS)
  const found = gaps.map((gap): DecisionFinding => {
    const where = gap.map((mask, column) => {
      const { label, expression = '' } = inputs[column] ?? {}
      return `${label ?? expression}: ${textOf(mask, domains[column]?.atoms ?? [])}`
    })
    const rules = neighbours(gap, boxes)
    const [zh, en] = [`没有规则回答：${where.join('；')}`, `No rule answers: ${where.join('; ')}`]
    return { rule: 'rules-gap', severity: 'warning', decision, rules, zh, en }
  })
  if (isComplete) return found
  const [zh, en] = ['表太大，空缺未全部检查', 'The table is too large: not all gaps were looked for']
  return [...found, { rule: 'rules-not-checked', severity: 'warning', decision, rules: [], zh, en }]
}

/** Rules that miss the gap by one column only, which the author will want to widen. */
function neighbours(gap: Box, boxes: readonly (Box | undefined)[]): number[] {
  return boxes
    .flatMap((box, index) => {
      const missed = box?.filter((mask, column) => (mask & (gap[column] ?? 0n)) === 0n).length
      return missed === 1 ? [index + 1] : []
    })
    .slice(0, 10)
}
