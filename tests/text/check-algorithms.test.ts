import { expect } from 'chai'
import { check, citizenNumber } from '../../core/text/check.ts'
import type { CheckAlgorithm } from '../../core/text/column.ts'
import { normalise } from '../../core/text/normalise.ts'

const today = '2026-01-05'

/** The vectors of section 2.8. */
const VECTORS: readonly (readonly [CheckAlgorithm, string, string])[] = [
  ['gb11643', '11010519491231002X', 'ok'],
  ['gb11643', '440524188001010014', 'ok'],
  ['gb11643', '34052419800101001X', 'ok'],
  ['gb11643', '110105491231002', 'ok'],
  ['gb11643', '110105194912310020', 'check-digit'],
  ['gb11643', '110105194902300020', 'date'],
  ['gb11643', '11010520990101001X', 'date'],
  ['gb11643', '1101051949123100', 'shape'],
  ['gb11643', '11010519491231002x', 'shape'],
  ['gb32100', '91350100M000100Y43', 'ok'],
  ['gb32100', '9144030071526726XG', 'ok'],
  ['gb32100', '91330100799655058B', 'ok'],
  ['gb32100', '91350100M000100Y56', 'ok'],
  ['gb32100', '91350100M000100Y44', 'check-digit'],
  ['gb32100', '91350100I000100Y43', 'shape'],
  ['gb32100', '91350100M0001', 'shape'],
  ['gb11714', 'M000100Y4', 'ok'],
  ['gb11714', '71526726X', 'ok'],
  ['gb11714', 'M000100Y5', 'check-digit'],
  ['tw-ubn', '04595257', 'ok'],
  ['tw-ubn', '10458575', 'ok'],
  ['tw-ubn', '22099131', 'ok'],
  ['tw-ubn', '10458574', 'ok'],
  ['tw-ubn', '12345670', 'ok'],
  ['tw-ubn', '04595252', 'ok'],
  ['tw-ubn', '04595250', 'check-digit'],
  ['tw-ubn', '8003999', 'shape'],
  ['tw-ubn', '00000000', 'placeholder'],
  ['iban', 'GB82WEST12345698765432', 'ok'],
  ['iban', 'GB82 WEST 1234 5698 7654 32', 'ok'],
  ['iban', 'DE89370400440532013000', 'ok'],
  ['iban', 'FR1420041010050500013M02606', 'ok'],
  ['iban', 'GB82WEST12345698765431', 'check-digit'],
  ['iban', 'GB82WEST123', 'shape'],
  ['iban', 'ZZ82WEST12345698765432', 'shape'],
  ['luhn', '79927398713', 'ok'],
  ['luhn', '4539148803436467', 'ok'],
  ['luhn', '79927398710', 'check-digit'],
  ['luhn', '7992739871a', 'shape'],
]

describe('checking a number by its own arithmetic', () => {
  for (const [algorithm, value, expected] of VECTORS)
    it(`judges ${algorithm} ${value}: ${expected}`, () => {
      expect(check(algorithm, value, { today })).to.equal(expected)
    })

  it('reads a citizen number of 15 digits as the 18 it became in 1999', () => {
    expect(citizenNumber('110105491231002')).to.equal('11010519491231002X')
  })

  it('finds a birth tomorrow impossible and a birth today possible', () => {
    const bornToday = citizenNumber18('11010520260105001')

    expect(check('gb11643', bornToday, { today: '2026-01-05' })).to.equal('ok')
    expect(check('gb11643', bornToday, { today: '2026-01-04' })).to.equal('date')
  })

  it('accepts a credit code in small letters only once the column has turned them', () => {
    expect(check('gb32100', '91440300x192909844', { today })).to.equal('shape')
    expect(check('gb32100', normalise(['upper'], '91440300x192909844') ?? '', { today })).to.equal('ok')
  })

  it('reproduces the Taiwan rule of before 2023, under which fewer numbers pass', () => {
    const before = (value: string) => check('tw-ubn', value, { today, modulus: 10 })

    expect(['04595257', '10458575', '22099131', '10458574'].map(before)).to.deep.equal(Array(4).fill('ok'))
    expect(['12345670', '04595252'].map(before)).to.deep.equal(['check-digit', 'check-digit'])
  })

  function citizenNumber18(seventeen: string): string {
    const check18 = [...'0123456789X'].find(
      (character) => check('gb11643', seventeen + character, { today: '2099-12-31' }) === 'ok',
    )
    return seventeen + String(check18)
  }
})
