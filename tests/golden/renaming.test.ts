import { expect } from 'chai'
import {
  distinctNames,
  type NameChange,
  type NamedRow,
  renamed,
  withValidity,
} from '../../modules/golden/former-name.ts'

// Section 6.5 of specs/standards-and-data.md: former names with validity.
describe('what a later version of a register renames', () => {
  const RECEIVED = '2026-04-01'
  const told = (before: NamedRow[], after: NamedRow[]) =>
    renamed(before, after, RECEIVED).map(({ name, validTo, key }) => [name, validTo, key])

  it('is a name that is gone where another came up, from the day the register dates that by', () => {
    expect(told([row('甲', '2024-01-01')], [row('乙', '2026-03-01')])).to.deep.equal([
      ['甲', '2026-03-01', 'K'],
    ])
  })

  it('is dated by the day of receipt where the register dates the row as before, or not at all', () => {
    for (const eventOn of [null, '2024-01-01'])
      expect(told([row('甲', '2024-01-01')], [row('乙', eventOn)])).to.deep.equal([['甲', RECEIVED, 'K']])
  })

  it('is nothing where the name is written in another way, a row came or went, or another company has the row', () => {
    expect(told([row('榕城（福州）公司')], [row('榕城(福州)公司')])).to.be.empty
    expect(told([row('甲'), row('乙')], [row('乙')])).to.be.empty
    expect(told([row('甲')], [row('甲'), row('乙')])).to.be.empty
    expect(told([row('甲')], [])).to.be.empty
    expect(told([row('甲')], [{ ...row('乙'), key: 'L' }])).to.be.empty
  })

  it('keeps the key of the row where either version has one', () => {
    expect(told([{ ...row('甲'), key: null }], [row('乙')])[0]?.[2]).to.equal('K')
    expect(told([row('甲')], [{ ...row('乙'), key: null }])[0]?.[2]).to.equal('K')
  })

  it('follows on from what it was renamed before, and each name is told once, without the one that counts', () => {
    const changes = [
      change('丙', 3, '2026-03-01'),
      change('甲', 1, '2026-01-01'),
      change('乙', 2, '2026-02-01'),
    ]
    const names = withValidity([...changes, change('甲', 4, '2026-04-01')], () => 0.8)
    expect(
      distinctNames(names, '丁').map(({ name, validFrom, validTo }) => [name, validFrom, validTo]),
    ).to.deep.equal([
      ['丙', '2026-02-01', '2026-03-01'],
      ['乙', '2026-01-01', '2026-02-01'],
      ['甲', null, '2026-01-01'],
    ])
    expect(distinctNames(names, '丙').map(({ name }) => name)).to.deep.equal(['乙', '甲'])
  })
})

function row(name: string, eventOn: string | null = null): NamedRow {
  return { name, rowId: 'r', line: 2, key: 'K', eventOn }
}

function change(name: string, version: number, validTo: string): NameChange {
  return {
    ...{ datasetId: 'd', organisationId: 'o', version, laterVersion: version + 1, rowId: 'r', line: 2 },
    ...{ key: 'K', name, eventOn: null, asOfAt: new Date('2026-01-01T00:00:00Z'), validTo },
  }
}
