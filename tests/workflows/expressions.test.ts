import { expect } from 'chai'
import { DomainError } from '../../core/errors.ts'
import { check, evaluate } from '../../workflows/expressions/index.ts'

const VARIABLES = [
  { name: 't', type: 'string' },
  { name: 'n', type: 'number' },
  { name: 'b', type: 'boolean' },
  { name: 'd', type: 'date' },
  { name: 'at', type: 'date-time' },
  { name: 'p', type: 'duration' },
  { name: 'l', type: 'list' },
  { name: 'c', type: 'context' },
  { name: 'x', type: 'any' },
] as const
const VALUES = {
  t: '食品',
  n: 2,
  b: true,
  d: '2026-01-05',
  at: '2026-01-05T09:00:00+08:00',
  p: 'P2D',
  l: [{ price: 5 }, { price: 1 }],
  c: { inner: { deep: '值' } },
  secret: 'never declared',
}
const value = (text: string) => evaluate(text, VARIABLES, VALUES)

function refused(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
  return 'accepted'
}

describe('an expression', () => {
  for (const [text, expected] of [
    ['t = "食品" and n > 1', true],
    ['if n > 1 then "many" else "one"', 'many'],
    ['d + p', '2026-01-07'],
    ['at + duration("PT1H") > at', true],
    ['l[price > 3][1].price', 5],
    ['some each in l satisfies each.price = 1', true],
    ['count(l) = 2 and not(b = false)', true],
    ['c.inner.deep', '值'],
    ['c.nothing.there', null],
    ['x = null', true],
    ['string length(t)', 2],
    ['{a: n, b: a + 1}.b', 3],
    ['(n in [1..3]) and (t in ("食品", "药品"))', true],
    ['// why\nn', 2],
    ['0.1 + 0.2 = 0.3', true],
    ['(n + 0.1) * 3 = 6.3', true],
  ] as const)
    it(`${text} gives ${JSON.stringify(expected)}`, () => {
      expect(value(text)).to.deep.equal(expected)
    })

  it('reaches nothing but the values of declared variables', () => {
    for (const text of ['c.constructor', 'c.__proto__', 't.length', 'l.map', 'c.inner.constructor.name'])
      expect([null, '']).to.deep.include([value(text)].flat()[0] ?? null)
    for (const text of ['secret', 'constructor', 'toString', 'process', 'now()', 'today()'])
      expect(
        refused(() => value(text)),
        text,
      ).not.to.equal('accepted')
  })

  it('cannot change what it reads', () => {
    const list = [1, 2]
    evaluate('append(l, 3)', VARIABLES, { l: list })
    expect(list).to.deep.equal([1, 2])
  })

  it('is bounded in what it reads and walks', () => {
    const long = Array.from({ length: 1001 }, () => 1)
    expect(refused(() => evaluate('count(l)', VARIABLES, { l: long }))).to.equal(
      'EXPRESSION_TEXT_TOO_COMPLEX',
    )
    for (const text of [
      'for i in 1..5000 return i',
      'for i in n..n return i',
      'for i in l, j in l, k in l return 1',
      'l[l[l[price > 1].price > 1].price > 1]',
    ])
      expect(
        refused(() => check(text, VARIABLES)),
        text,
      ).to.equal('EXPRESSION_TEXT_TOO_COMPLEX')
    expect(refused(() => check('function(a) a', VARIABLES))).to.equal('EXPRESSION_FUNCTION_FORBIDDEN')
  })

  it('is type-checked', () => {
    for (const text of ['t = 1', 'n and b', 'd > "2026-01-01"', 't - 1', 'if n then 1 else 2', 'd + 1'])
      expect(
        refused(() => check(text, VARIABLES)),
        text,
      ).to.equal('EXPRESSION_TEXT_INVALID')
    expect(check('d - d', VARIABLES).type).to.equal('duration')
    expect(check('x = 1 or x = "1"', VARIABLES)).to.deep.equal({ type: 'boolean', reads: ['x'] })
  })
})
