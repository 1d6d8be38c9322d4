import { compute } from '../feel/arithmetic.ts'
import {
  coerced,
  Decimal,
  orderOf,
  parseUnaryTests,
  type Run,
  same,
  satisfies,
  type Scope,
  type Value,
} from '../feel/index.ts'
import { type Bench, literalValue, refused } from './boxed-value.ts'
import type { DecisionTable, InputClause, OutputClause, Rule } from './model.ts'

/** A rule that holds, with its outputs in the order of the columns. */
interface Hit {
  readonly number: number
  readonly outputs: readonly Value[]
}

/** What a decision table gives by its hit policy (DMN 1.5, 8.2.8); the rules that fire are noted. */
export function tableValue(table: DecisionTable, scope: Scope, bench: Bench): Value {
  const { run } = bench
  const inputs = table.inputs.map((input) => inputValue(input, scope, bench))
  if (inputs.includes(undefined)) return null
  const values = inputs.map((value) => value ?? null)
  const numbers = table.rules.flatMap((rule, index) => (holds(rule, values, scope, bench) ? [index] : []))
  if (numbers.length === 0) return otherwise(table, scope, bench)
  if (table.hitPolicy === 'UNIQUE' && numbers.length > 1) return several(numbers, run)
  const taken = table.hitPolicy === 'FIRST' ? numbers.slice(0, 1) : numbers
  const hits = taken.map((index) => ({
    number: index + 1,
    outputs: outputsOf(table, table.rules[index]?.then ?? [], scope, bench, index + 1),
  }))
  const chosen = choose(table, hits, bench)
  note(table, chosen, values, bench)
  return resultOf(table, chosen, hits, bench)
}

/** Undefined, with a warning, for a value the column does not allow. */
function inputValue(input: InputClause, scope: Scope, bench: Bench): Value | undefined {
  const { run, compiled } = bench
  const found = literalValue(input.expression, scope, bench)
  const type = compiled.type(input.typeRef)
  const value = type ? coerced(found, type, run) : found
  if (input.allowed === undefined || value === null) return value
  if (allows(input.allowed, value, scope, bench)) return value
  const name = input.label ?? input.expression
  const en = `The input “${name}” is not one of ${input.allowed}`
  run.fail('input-not-allowed', `输入“${name}”不在允许的值中：${input.allowed}`, en)
  return undefined
}

function allows(tests: string, value: Value, scope: Scope, { compiled, run }: Bench): boolean {
  try {
    return satisfies(compiled.tests(tests), value, scope, run) === true
  } catch (error) {
    refused(error, run)
    return true
  }
}

function holds(rule: Rule, values: readonly Value[], scope: Scope, { compiled, run }: Bench): boolean {
  return values.every((value, index) => {
    try {
      return satisfies(compiled.tests(rule.when[index] ?? '-'), value, scope, run) === true
    } catch (error) {
      refused(error, run)
      return false
    }
  })
}

function outputsOf(
  table: DecisionTable,
  texts: readonly (string | undefined)[],
  scope: Scope,
  bench: Bench,
  rule: number,
): Value[] {
  const { run, compiled } = bench
  return table.outputs.map((output, index) => {
    const text = texts[index] ?? ''
    const found = text.trim() === '' || text.trim() === '-' ? null : literalValue(text, scope, bench)
    const type = compiled.type(output.typeRef)
    const value = type ? coerced(found, type, run) : found
    if (value === null || output.allowed === undefined || allows(output.allowed, value, scope, bench))
      return value
    const en = `The output of rule ${rule} is not one of ${output.allowed}`
    return run.fail('output-not-allowed', `规则${rule}的输出不在允许的值中：${output.allowed}`, en)
  })
}

/** Without a rule that holds: the default outputs where there are some, else null. */
function otherwise(table: DecisionTable, scope: Scope, bench: Bench): Value {
  if (table.outputs.some((output) => output.otherwise !== undefined)) {
    const outputs = outputsOf(
      table,
      table.outputs.map((output) => output.otherwise),
      scope,
      bench,
      0,
    )
    return compound(table, outputs)
  }
  if (table.aggregation === 'COUNT') return new Decimal(0)
  return null
}

function several(indexes: readonly number[], run: Run): null {
  const rules = indexes.map((index) => index + 1).join(', ')
  return run.fail('rules-overlap', `规则${rules}同时成立`, `The rules ${rules} hold at once`)
}

/** One value for one output, a context by the outputs' names for several. */
function compound({ outputs }: DecisionTable, values: readonly Value[]): Value {
  if (outputs.length === 1) return values[0] ?? null
  return new Map(outputs.map(({ name, label }, index) => [name ?? label ?? '', values[index] ?? null]))
}

/** The rules that make the result, in its order. */
function choose(table: DecisionTable, hits: readonly Hit[], { run }: Bench): readonly Hit[] {
  switch (table.hitPolicy) {
    case 'UNIQUE':
    case 'FIRST':
    case 'ANY':
    case 'RULE ORDER':
    case 'COLLECT':
      return hits
    case 'PRIORITY':
    case 'OUTPUT ORDER': {
      const ranked = hits.map((hit) => ({ hit, ranks: ranksOf(table.outputs, hit, run) }))
      ranked.sort((a, b) => byRanks(a.ranks, b.ranks))
      const ordered = ranked.map(({ hit }) => hit)
      return table.hitPolicy === 'PRIORITY' ? ordered.slice(0, 1) : ordered
    }
  }
}

/** The place of each output in its list of values; one not listed comes last. */
function ranksOf(outputs: readonly OutputClause[], hit: Hit, run: Run): number[] {
  return outputs.map((output, index) => {
    const listed = listedIn(output.allowed)
    const rank = listed.findIndex((value) => same(value, hit.outputs[index] ?? null, run))
    return rank < 0 ? listed.length : rank
  })
}

function byRanks(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((rank, index) => rank !== right[index])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

function resultOf(table: DecisionTable, chosen: readonly Hit[], hits: readonly Hit[], bench: Bench): Value {
  const { run } = bench
  const results = chosen.map(({ outputs }) => compound(table, outputs))
  const [first = null] = results
  switch (table.hitPolicy) {
    case 'UNIQUE':
    case 'FIRST':
    case 'PRIORITY':
      return first
    case 'ANY':
      if (results.every((result) => same(first, result, run))) return first
      return several(
        hits.map(({ number }) => number - 1),
        run,
      )
    case 'RULE ORDER':
    case 'OUTPUT ORDER':
      return results
    case 'COLLECT':
      return table.aggregation ? aggregated(table.aggregation, results, run) : results
  }
}

function aggregated(
  by: NonNullable<DecisionTable['aggregation']>,
  values: readonly Value[],
  run: Run,
): Value {
  if (by === 'COUNT') return new Decimal(values.length)
  const given = values.filter((value) => value !== null)
  const [first = null, ...others] = given
  if (by === 'SUM') return others.reduce<Value>((sum, value) => compute('+', sum, value, run), first)
  let best = first
  for (const value of others) {
    const order = orderOf(value, best)
    if (order === null) return run.fail('aggregation-type', '输出不能比较大小', 'The outputs have no order')
    if (by === 'MIN' ? order < 0 : order > 0) best = value
  }
  return best
}

function note(table: DecisionTable, hits: readonly Hit[], values: readonly Value[], bench: Bench): void {
  for (const { number, outputs } of hits) {
    const rule = table.rules[number - 1]
    bench.fired.push({
      decision: bench.decision,
      rule: number,
      id: rule?.id ?? '',
      inputs: new Map(
        table.inputs.map(({ label, expression }, index) => [label ?? expression, values[index] ?? null]),
      ),
      outputs: new Map(
        table.outputs.map(({ name, label }, index) => [
          name ?? label ?? bench.decision,
          outputs[index] ?? null,
        ]),
      ),
      annotations: rule?.annotations ?? [],
    })
  }
}

const lists = new Map<string, readonly Value[]>()

/** The constants a list of output values holds, in its order. */
function listedIn(allowed: string | undefined): readonly Value[] {
  if (allowed === undefined) return []
  const kept = lists.get(allowed)
  if (kept) return kept
  const { tests } = parseUnaryTests(allowed)
  const values =
    tests === 'any' ? [] : tests.flatMap((test) => (test.kind === 'constant' ? [test.value] : []))
  if (lists.size > 1_000) lists.clear()
  lists.set(allowed, values)
  return values
}
