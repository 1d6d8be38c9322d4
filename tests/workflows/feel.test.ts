import { expect } from 'chai'
import {
  Decimal,
  evaluate,
  fromPlain,
  parseExpression,
  Run,
  Scope,
  toPlain,
  type Value,
  written,
} from '../../workflows/feel/index.ts'
import { refusal } from '../support/refusal.ts'

const NOW = new Date('2026-11-30T08:00:00Z')

function feel(text: string, values: Record<string, unknown> = {}, run = new Run(NOW)): Value {
  const scope = new Scope(
    new Map(Object.entries(values).map(([name, value]) => [name, fromPlain(value)] as const)),
  )
  return evaluate(parseExpression(text, Object.keys(values)), scope, run)
}

const shown = (text: string, values?: Record<string, unknown>) => written(feel(text, values))

/** What a refused evaluation is refused with. */
const refused = async (text: string, values?: Record<string, unknown>) =>
  (await refusal((async () => feel(text, values))())).code

describe('FEEL', () => {
  it('counts in decimals of 34 digits, never in binary fractions', () => {
    expect(shown('0.1 + 0.2')).to.equal('0.3')
    expect(shown('0.1 + 0.2 = 0.3')).to.equal('true')
    expect(shown('1 / 3')).to.equal('0.3333333333333333333333333333333333')
    expect(shown('9999999999999999999999999999999999 + 1')).to.equal('10000000000000000000000000000000000')
    expect(shown('1.15 * 3')).to.equal('3.45')
    expect(shown('decimal(2.5, 0)')).to.equal('2')
    expect(shown('round half up(2.675, 2)')).to.equal('2.68')
    expect(shown('fee * rate', { fee: 4.35, rate: 100 })).to.equal('435')
  })

  it('answers null with a warning for what has no value', () => {
    for (const [text, code] of [
      ['1 / 0', 'arithmetic-undefined'],
      ['"a" + 1', 'arithmetic-type'],
      ['10 ** 7000', 'arithmetic-undefined'],
      ['"a" < 1', 'comparison-type'],
      ['nothing', 'name-unknown'],
      ['[1, 2][3]', 'index-outside'],
      ['substring("abc", 0)', 'arguments-wrong'],
      ['function(x) external {java: {class: "java.lang.Runtime"}}', 'function-external'],
    ] as const) {
      const run = new Run(NOW)

      expect(feel(text, {}, run), text).to.equal(null)
      expect(run.warnings[0], text).to.include({ code })
      expect(run.warnings[0]?.zh, text).to.match(/\p{Script=Han}/u)
    }
  })

  it('reads names of several words where they are declared', () => {
    expect(shown('annual turnover * 2', { 'annual turnover': 21 })).to.equal('42')
    expect(shown('years of - practice + 1', { 'years of - practice': 1 })).to.equal('2')
    expect(shown('营业面积 > 50', { 营业面积: 60 })).to.equal('true')
  })

  it('walks lists, contexts, ranges and functions', () => {
    expect(shown('for x in 1..3, y in [10, 20] return x * y')).to.equal('[10, 20, 20, 40, 30, 60]')
    expect(shown('for i in 1..5 return if i = 1 then 1 else i * partial[-1]')).to.equal('[1, 2, 6, 24, 120]')
    expect(shown('every x in [1, 2] satisfies x > 0 and some y in [3] satisfies y > x')).to.equal('true')
    expect(shown('[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b')).to.equal('[4]')
    expect(shown('sort([3, 1, 2], function(a, b) a < b)')).to.equal('[1, 2, 3]')
    expect(shown('{twice: function(n) n * 2, r: twice(n: 4)}.r')).to.equal('8')
    expect(shown('5 in ]5..10] or 5 in (< 6)')).to.equal('true')
    expect(shown('"a" instance of string and [1] instance of list<number>')).to.equal('true')
  })

  it('adds days, months and times by the calendar', () => {
    expect(shown('string(date("2024-01-31") + duration("P1M"))')).to.equal('"2024-02-29"')
    expect(shown('string(date("2025-03-01") - date("2025-02-27"))')).to.equal('"P2D"')
    expect(shown('string(date and time("2026-03-29T00:30:00@Europe/Berlin").time offset)')).to.equal('"PT1H"')
    expect(shown('string(years and months duration(@"2020-02-29", @"2026-02-28"))')).to.equal('"P5Y11M"')
    expect(shown('string(now())')).to.equal('"2026-11-30T08:00:00Z"')
    expect(shown('day of week(today())')).to.equal('"Monday"')
  })

  it('runs regular expressions of XPath on a matcher that counts its work', async () => {
    expect(shown('matches("13800138000", "^1[3-9]\\d{9}$")')).to.equal('true')
    expect(shown('replace("abracadabra", "a(.)", "a$1$1")')).to.equal('"abbraccaddabbra"')
    expect(shown('split("a;b;;c", ";")')).to.equal('["a", "b", "", "c"]')
    expect(shown('matches("abcd", "[a-z-[aeiou]]{3}")')).to.equal('true')
    expect(shown('matches("ab", "(?=a)")')).to.equal('null')

    expect(await refused(`matches("${'a'.repeat(60)}b", "^(a+)+$")`)).to.equal('FEEL_EVALUATION_TOO_LONG')
  })

  it('ends what would take for ever', async () => {
    for (const text of [
      'for a in 1..1000000, b in 1..1000000 return a',
      'count(for a in 1..200000 return a)',
      'some a in 1..1000000, b in 1..1000000 satisfies a + b < 0',
      '{f: function(n) f(n + 1), r: f(0)}.r',
      'for i in 1..60 return if i = 1 then "0123456789" else partial[-1] + partial[-1]',
    ])
      expect(await refused(text), text).to.equal('FEEL_EVALUATION_TOO_LONG')
  })

  it('walks what is long but not endless', () => {
    expect(shown('sum(for i in 1..50000 return i)')).to.equal('1250025000')
  })

  it('refuses texts too long or nested too deep, and takes no long time over it', async () => {
    // Processor time, not the clock's: the machine has others to serve.
    const before = process.cpuUsage()
    expect(await refused(`${'1 + '.repeat(6_000)}1`)).to.equal('FEEL_TEXT_TOO_COMPLEX')
    expect(await refused(`${'('.repeat(500)}1${')'.repeat(500)}`)).to.equal('FEEL_TEXT_TOO_COMPLEX')
    expect(await refused(`${'-'.repeat(5_000)}1`)).to.equal('FEEL_TEXT_TOO_COMPLEX')
    expect(await refused('1 in ('.repeat(150))).to.match(/^FEEL_(?:TEXT_TOO_COMPLEX|SYNTAX_INVALID)$/)
    expect(await refused('a['.repeat(190))).to.match(/^FEEL_(?:TEXT_TOO_COMPLEX|SYNTAX_INVALID)$/)
    expect(await refused(`f(${' '.repeat(19_000)}`)).to.equal('FEEL_SYNTAX_INVALID')
    expect(process.cpuUsage(before).user / 1e6).to.be.lessThan(10)
  })

  it('names the place of a mistake in both languages', async () => {
    const error = await refusal((async () => feel('1 + * 2'))())

    expect(error.code).to.equal('FEEL_SYNTAX_INVALID')
    expect(error.params).to.include({ position: 5 })
    expect(error.messages.zh).to.contain('表达式')
  })

  it('sees plain data only: no prototype, no method, no JavaScript', () => {
    for (const text of [
      'constructor',
      'x.constructor',
      'x.__proto__',
      'x.toString',
      'toString()',
      '__proto__',
      'hasOwnProperty("a")',
      '"a".length',
      '[1].map',
    ])
      expect(JSON.stringify(toPlain(feel(text, { x: { a: 1 } }))), text).to.match(/^(?:null|\[null\])$/)
    expect(shown('{"__proto__": 1}.a')).to.equal('null')
  })

  it('gives JSON back without loss', () => {
    expect(toPlain(feel('0.1 + 0.2'))).to.equal(0.3)
    expect(toPlain(feel('1 / 3'))).to.equal('0.3333333333333333333333333333333333')
    expect(toPlain(feel('{d: date("2026-01-05"), n: null, l: [true]}'))).to.deep.equal({
      d: '2026-01-05',
      n: null,
      l: [true],
    })
    expect(new Decimal('0.1').equals(0.1)).to.equal(true)
  })
})
