import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../../core/errors.ts'
import { rateLimiter } from '../../gateway/limits.ts'
import { refusalOf } from '../../gateway/refusals.ts'
import { disposition } from '../../gateway/rest/downloads.ts'
import { parseJson } from '../../gateway/rest/json.ts'

describe('reading JSON strictly', () => {
  const plain = fc
    .jsonValue()
    .filter((value) => !/"(__proto__|constructor|prototype)"/.test(JSON.stringify(value)))

  it('reads whatever JSON.parse reads that has no doubled or reaching members', () => {
    fc.assert(
      fc.property(plain, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(parseJson(text)).to.deep.equal(JSON.parse(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses a doubled member at any depth, however it is written', () => {
    fc.assert(
      fc.property(fc.string(), plain, plain, (name, one, two) => {
        const escaped = [...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
        const second =
          name.length === [...name].length && /^[\x20-\x7e]*$/.test(name)
            ? `"${escaped.join('')}"`
            : JSON.stringify(name)
        const text = `[{"a${name.length}x":{${JSON.stringify(name)}:${JSON.stringify(one)},${second} :${JSON.stringify(two)}}}]`
        expect(() => parseJson(text))
          .to.throw(DomainError)
          .with.property('code', 'GATEWAY_BODY_MALFORMED')
      }),
      { numRuns: 2000 },
    )
  })

  it('never lets a member reach a prototype', () => {
    for (const text of ['{"__proto__":{"x":1}}', '[{"a":{"constructor":{}}}]', '{"\\u005f_proto__":1}'])
      expect(() => parseJson(text), text).to.throw(DomainError)
    expect(({} as Record<string, unknown>)['x']).to.equal(undefined)
  })

  it('answers anything else within its time', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          parseJson(text)
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError)
        }
      }),
      { numRuns: 2000 },
    )
    const start = performance.now()
    expect(() => parseJson(`"${'\\'.repeat(100_000)}`)).to.throw(DomainError)
    expect(performance.now() - start).to.be.below(50)
  })
})

describe('sharing calls', () => {
  it('gives each caller its share, refills it evenly and says when to come back', () => {
    let now = 0
    const limiter = rateLimiter(60, () => now)
    for (let call = 0; call < 60; call++) limiter.take('a')

    expect(() => limiter.take('a'))
      .to.throw(DomainError)
      .with.deep.property('params', { seconds: 1 })
    limiter.take('b')
    now = 1_000
    limiter.take('a')
    expect(() => limiter.take('a')).to.throw(DomainError)
    now = 3_600_000
    for (let call = 0; call < 60; call++) limiter.take('a')
    expect(() => limiter.take('a')).to.throw(DomainError)
  })

  it('does not grow with callers that never come back', () => {
    const limiter = rateLimiter(1)
    for (let caller = 0; caller < 50_000; caller++) limiter.take(randomUUID())
    limiter.take('still here')
  })
})

describe('what a failure of the database becomes', () => {
  const failure = (code: string, message = 'something with secrets') =>
    Object.assign(new Error(message), {
      code,
      detail: 'Key (login)=(zhang) already exists.',
      table: 'account',
    })
  const cases: [Error, string, number][] = [
    [failure('ECONNREFUSED'), 'DATABASE_SERVER_UNAVAILABLE', 503],
    [failure('57P01'), 'DATABASE_SERVER_UNAVAILABLE', 503],
    [failure('08006'), 'DATABASE_SERVER_UNAVAILABLE', 503],
    [new Error('Connection terminated unexpectedly'), 'DATABASE_SERVER_UNAVAILABLE', 503],
    [failure('53100'), 'DATABASE_DISK_FULL', 507],
    [failure('40001'), 'DATABASE_ROW_CONFLICTED', 409],
    [failure('40P01'), 'DATABASE_ROW_CONFLICTED', 409],
    [failure('23505'), 'DATABASE_ROW_CONFLICTED', 409],
    [failure('57014'), 'GATEWAY_SERVER_BUSY', 503],
  ]
  for (const [error, code, status] of cases) {
    it(`is ${code} for ${'code' in error ? String(error.code) : error.message}, with none of its words`, () => {
      for (const thrown of [error, new Error('wrapped', { cause: error })]) {
        const refusal = refusalOf(thrown)
        expect(refusal).to.include({ code, status })
        expect(JSON.stringify(refusal?.messages)).not.to.match(/secrets|zhang|account/)
      }
    })
  }

  it('is a bug when nobody knows it', () => {
    for (const error of [failure('42P01'), failure('22P02'), new Error('x'), 'text', undefined])
      expect(refusalOf(error)).to.equal(undefined)
  })
})

describe('naming a download', () => {
  it('carries any name in UTF-8 and never breaks the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const header = disposition(name)
        expect(header).to.match(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.!~%#$&+^`|-]*$/)
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? '')).to.equal(name)
      }),
      { numRuns: 1000 },
    )
    expect(disposition('食品"; x=1\r\nSet-Cookie: a=b.pdf')).to.not.match(/[\r\n]/)
  })
})
