import { expect } from 'chai'
import { lossReason } from '../../modules/golden/explain.ts'
import type { FieldSource, StoredField } from '../../modules/golden/record.ts'
import { type Candidate, survivor } from '../../modules/golden/survivorship.ts'

// Section 6.5: the reason told must be the criterion that decided.
describe('telling why a value lost', () => {
  const cases: [string, Partial<Candidate>, Partial<Candidate>][] = [
    ['unsound', { freshOn: '2020-01-01' }, { sound: false, freshOn: '2025-01-01' }],
    [
      'not-legal-source',
      { fromLegalSource: true, standing: 1, freshOn: '2020-01-01' },
      { freshOn: '2025-01-01' },
    ],
    ['former-name', { freshOn: '2020-01-01' }, { former: true, freshOn: '2025-01-01' }],
    ['older', { freshOn: '2025-01-02', rank: 9, standing: 0.5 }, { freshOn: '2025-01-01', rank: 1 }],
    ['lower-rank', { rank: 1, standing: 0.8 }, { rank: 2, standing: 0.7 }],
    [
      'lower-rank',
      { rank: 8, standing: 0.5, source: sourceOf('z') },
      { rank: 9, standing: 0.5, source: sourceOf('a') },
    ],
    ['later-in-order', { source: sourceOf('a') }, { source: sourceOf('b') }],
  ]
  for (const [reason, winner, loser] of cases)
    it(`says ${reason}`, () => {
      const field = survivor('phone', [candidate('b', loser), candidate('a', winner)])

      expect(field.value).to.equal('a')
      expect(lossReason(field, field.runnersUp[0] as FieldSource)).to.equal(reason)
    })

  it('says so of every value when none is sound', () => {
    const field: StoredField = survivor('phone', [candidate('a', { sound: false })])

    expect(field.runnersUp.map((each) => lossReason(field, each))).to.deep.equal(['unsound'])
  })
})

function candidate(value: string, changes: Partial<Candidate>): Candidate {
  const standing = {
    sound: true,
    fromLegalSource: false,
    former: false,
    rank: 1,
    standing: 0.8,
    freshOn: '2025-01-01',
  }
  const given = { source: sourceOf(value), ...standing, ...changes }
  return { value, ...given, source: { ...given.source, eventOn: given.freshOn } }
}

function sourceOf(rowId: string): Candidate['source'] {
  return {
    datasetId: '00000000-0000-0000-0000-000000000001',
    organisationId: 'market-bureau',
    version: 1,
    rowId,
    line: 2,
    asOfAt: new Date('2025-06-01T00:00:00Z'),
    eventOn: null,
  }
}
