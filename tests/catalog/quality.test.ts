import { expect } from 'chai'
import { gradeOf, measured } from '../../modules/catalog/quality.ts'

const AT = new Date('2026-01-10T00:00:00Z')
const hoursBefore = (hours: number) => new Date(AT.getTime() - hours * 3_600_000)
const counts = (read: number, rejected: number, filtered = 0) => ({
  ...{ read, rejected, filtered, duplicate: 0 },
  accepted: read - rejected - filtered,
})

/** Section 7: «A ≥ 98, B ≥ 95, C ≥ 90, D below». */
describe('the grade of a version', () => {
  it('is A from 98, B from 95, C from 90, else D', () => {
    expect([100, 98, 97.99, 95, 94.99, 90, 89.99, 0].map(gradeOf).join('')).to.equal('AABBCCDD')
  })

  it('is the share of rows accepted where no rhythm is known; totals rows are no rows', () => {
    const quality = measured(counts(1_001, 20, 1), { previousAt: null, cycle: 'daily' }, AT)

    expect(quality).to.deep.equal({ grade: 'A', score: 98, normative: 98, timeliness: null })
    expect(measured(counts(1_000, 0), { previousAt: hoursBefore(9), cycle: null }, AT).timeliness).to.equal(
      null,
    )
    expect(measured(counts(1_000, 0), { previousAt: hoursBefore(9), cycle: 'other' }, AT).grade).to.equal('A')
  })

  it('never rounds a rejected row away', () => {
    expect(measured(counts(1_000_000, 20_001), { previousAt: null, cycle: null }, AT).grade).to.equal('B')
  })

  it('falls with a version that came later than its cycle and a third of it', () => {
    const late = (hours: number) =>
      measured(counts(100, 0), { previousAt: hoursBefore(hours), cycle: 'daily' }, AT)

    expect(late(32)).to.deep.equal({ grade: 'A', score: 100, normative: 100, timeliness: 100 })
    expect(late(64)).to.deep.equal({ grade: 'D', score: 75, normative: 100, timeliness: 50 })
  })
})
