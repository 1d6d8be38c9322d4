import { expect } from 'chai'
import type { FieldSource } from '../../modules/golden/record.ts'
import { isStale, trust } from '../../modules/golden/record.ts'
import { type Candidate, survivor } from '../../modules/golden/survivorship.ts'

/** Section 6.5 of standards-and-data: legal source, freshest, rank, smallest record id; unsound values never. */
describe('choosing the surviving value', () => {
  it('takes the only source there is', () => {
    const field = survivor('phone', [candidate('a', '1')])
    expect(field).to.include({ value: '1', rule: 'only-source' })
    expect(field.runnersUp).to.be.empty
  })

  it('lets the legal source win over a fresher and better ranked one', () => {
    const field = survivor('phone', [
      candidate('a', 'fresh', { freshOn: '2026-05-01', rank: 1 }),
      candidate('b', 'legal', { freshOn: '2020-01-01', rank: 9, fromLegalSource: true, standing: 1 }),
    ])
    expect(field).to.include({ value: 'legal', rule: 'legal-source' })
    expect(field.runnersUp.map(({ value }) => value)).to.deep.equal(['fresh'])
  })

  it('then takes a name that counts before a former one, however fresh', () => {
    const current = candidate('a', 'new name', { freshOn: '2024-01-01', rank: 9 })
    const lagging = candidate('b', 'old name', { freshOn: '2026-01-01', former: true })
    const field = survivor('organisation_name', [lagging, current])
    expect(field).to.include({ value: 'new name', rule: 'current-name' })
    expect(field.runnersUp[0]).to.include({ value: 'old name', former: true })
    const legal = { ...lagging, fromLegalSource: true, standing: 1 }
    expect(survivor('organisation_name', [legal, current])).to.include({ rule: 'legal-source' })
  })

  it('then takes the freshest, then the better rank, then the smallest record id', () => {
    const old = candidate('a', 'old', { freshOn: '2025-01-01', rank: 1 })
    const late = candidate('b', 'late', { freshOn: '2025-01-02', rank: 2 })
    const ranked = candidate('c', 'ranked', { freshOn: '2025-01-02', rank: 1 })
    const twin = candidate('d', 'twin', { freshOn: '2025-01-02', rank: 1 })
    expect(survivor('f', [old, late])).to.include({ value: 'late', rule: 'freshest' })
    expect(survivor('f', [late, ranked, old])).to.include({ value: 'ranked', rule: 'source-rank' })
    expect(survivor('f', [twin, ranked, late])).to.include({ value: 'ranked', rule: 'smallest-id' })
  })

  it('never lets a value win that fails its own check, even from the legal source', () => {
    const unsound = candidate('a', 'bad', { sound: false, fromLegalSource: true, standing: 1 })
    const field = survivor('f', [unsound, candidate('b', 'good', { rank: 9 })])
    expect(field).to.include({ value: 'good', rule: 'only-sound' })
    expect(field.runnersUp).to.have.length(1)
    expect(field.runnersUp[0]).to.include({ value: 'bad', standing: 0 })
  })

  it('leaves the field without a value when every one fails its check', () => {
    const field = survivor('f', [candidate('a', 'bad', { sound: false })])
    expect(field).to.include({ value: null, source: null, rule: 'none-sound' })
    expect(field.runnersUp.map(({ value }) => value)).to.deep.equal(['bad'])
  })

  it('does not depend on the order in which sources are read', () => {
    const candidates = ['e', 'b', 'd', 'a', 'c'].map((id, index) =>
      candidate(id, `value ${id}`, { rank: 1 + (index % 2), freshOn: `2025-01-0${1 + (index % 3)}` }),
    )
    const expected = survivor('f', candidates)
    for (let turn = 0; turn < candidates.length; turn++) {
      candidates.push(candidates.shift() as Candidate)
      expect(survivor('f', candidates)).to.deep.equal(expected)
    }
  })
})

describe('the trust in a value', () => {
  const now = new Date('2026-01-05T09:00:00+08:00')

  it('is the standing of its source, less a tenth for each full year, three at most', () => {
    const trusted = (standing: number, asOfAt: string) => trust({ standing, asOfAt: new Date(asOfAt) }, now)
    expect(trusted(1, '2026-01-04T00:00:00Z')).to.equal(1)
    expect(trusted(0.8, '2025-03-01T00:00:00Z')).to.equal(0.8)
    expect(trusted(0.8, '2024-12-01T00:00:00Z')).to.equal(0.7)
    expect(trusted(1, '2010-01-01T00:00:00Z')).to.equal(0.7)
    expect(trusted(0, '2010-01-01T00:00:00Z')).to.equal(0)
  })

  it('calls a record stale when its youngest register is a year and a third old', () => {
    expect(isStale({ asOfAt: new Date('2024-10-01T00:00:00Z') }, now)).to.equal(false)
    expect(isStale({ asOfAt: new Date('2024-08-01T00:00:00Z') }, now)).to.equal(true)
  })
})

function candidate(rowId: string, value: string, given: Partial<Candidate> = {}): Candidate {
  const source: Candidate['source'] = {
    datasetId: '00000000-0000-4000-8000-000000000001',
    organisationId: 'tax-bureau',
    version: 1,
    rowId,
    line: 2,
    asOfAt: new Date('2026-01-01T00:00:00Z'),
    eventOn: null,
  } satisfies Omit<FieldSource, 'value' | 'standing'>
  return {
    value,
    sound: true,
    fromLegalSource: false,
    former: false,
    freshOn: '2026-01-01',
    rank: 5,
    standing: 0.8,
    source,
    ...given,
  }
}
