import { expect } from 'chai'
import { weekdayOf } from '../../core/day.ts'
import * as standards from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

describe('shipped packs', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('load once: the second load changes nothing', async () => {
    // Which the worlds of tests leave out.
    expect(await standards.loadPacks(world.platform())).to.deep.equal({ changes: 1 })
    const before = await count()

    expect(await standards.loadPacks(world.platform())).to.deep.equal({ changes: 0 })
    await world.db.deleteFrom('standards.pack').execute()
    expect(await standards.loadPacks(world.platform())).to.deep.equal({ changes: 0 })

    expect(await count()).to.equal(before)
  })

  it('are published by the platform, submitted by another hand', async () => {
    const element = await standards.elementByShortName(world.as('citizen'), 'uscc')

    expect(element).to.include({ code: 'DE00000002', status: 'published', organisationId: 'platform' })
    expect(element.approvedBy).to.equal('system:platform')
    expect(element.submittedBy).to.equal('pack:gdbos-organisation-2026')
  })

  it('say of each pack where it comes from and under which licence', () => {
    expect(standards.packIds()).to.include.members([
      'cn-calendar-2026',
      'gb-11643-1999',
      'gbt-2260-2023',
      'gbt-2261.1-2003',
      'gdbos-organisation-2026',
    ])
    for (const id of standards.packIds()) expect(standards.loadPack(id).head).to.include({ id })
  })

  it('hold the divisions to township level, each below the one above it, to be read level by level', async () => {
    const values = standards.loadPack(standards.TOWNSHIPS).codeLists.flatMap(({ values }) => values)
    const perLevel = [1, 2, 3, 4].map((level) => values.filter((value) => value.level === level).length)
    expect(perLevel).to.deep.equal([31, 342, 2978, 41352])
    expect(values.filter(({ code }) => new Set([2, 4, 6, 9]).has(code.length))).to.have.length(44703)

    await standards.loadPacks(world.platform())
    const citizen = world.as('citizen')
    const list = await standards.codeList(citizen, 'GB/T 10114@2023')
    const page = async (request: object) => {
      const { edges } = await standards.pageOfValues(citizen, list, { first: 50, ...request })
      return edges.map(({ node: { code, name } }) => [code, name.zh])
    }
    expect(await page({ under: '' })).to.have.length(31)
    expect(await page({ under: '4419' })).to.deep.equal([['441900', '东莞市']])
    expect((await page({ under: '110101' })).slice(0, 2)).to.deep.equal([
      ['110101001', '东华门街道'],
      ['110101002', '景山街道'],
    ])
    expect(await page({ search: '东华门' })).to.deep.equal([['110101001', '东华门街道']])
  })

  it('hold the divisions to county level, with the demo county as an extension', async () => {
    const list = await standards.codeList(world.as('citizen'), 'GB/T 2260@2023')
    const { codeLists } = standards.loadPack('gbt-2260-2023')
    const own = codeLists.flatMap(({ values }) => values).filter(({ owner }) => owner === null)

    expect([1, 2, 3].map((level) => own.filter((value) => value.level === level).length)).to.deep.equal([
      31, 342, 2975,
    ])
    const page = await standards.pageOfValues(world.as('citizen'), list, { first: 10, search: '示例县' })
    expect(page.edges.map(({ node }) => node)).to.deep.equal([
      {
        code: '990121',
        parent: '990100',
        level: 3,
        name: { zh: '示例县', en: 'Demo County' },
        spellings: [],
        owner: 'platform',
        validFrom: null,
        validTo: null,
        precision: 'day',
        definition: null,
        includes: null,
        excludes: null,
        successors: [],
        ordinal: 3350,
      },
    ])
  })

  it('page through codes and elements without a gap', async () => {
    const list = await standards.codeList(world.as('citizen'), 'GB/T 2260@2023')
    const codes: string[] = []
    let after: string | null = null
    for (let page = 0; page < 3; page++) {
      const { edges, pageInfo } = await standards.pageOfValues(world.as('citizen'), list, {
        first: 40,
        after,
      })
      codes.push(...edges.map(({ node }) => node.code))
      after = pageInfo.endCursor
    }
    const { values } = standards.loadPack('gbt-2260-2023').codeLists[0] ?? { values: [] }

    expect(codes).to.deep.equal(values.slice(0, 120).map(({ code }) => code))
    const first = await standards.listElements(world.as('citizen'), { first: 5 })
    expect(first.edges.map(({ node }) => node.code)).to.deep.equal(
      [1, 2, 3, 4, 5].map((n) => `DE0000000${n}`),
    )
    expect(first.pageInfo.hasNextPage).to.equal(true)
  })

  it('are found by any part of a Chinese name, a synonym or the beginning of a code', async () => {
    const found = async (search: string) =>
      (await standards.listElements(world.as('citizen'), { first: 50, search })).edges.map(
        ({ node }) => node.shortName,
      )

    expect(await found('信用代码')).to.include('uscc')
    expect(await found('用代')).to.include('uscc')
    expect(await found('USCC')).to.include('uscc')
    expect(await found('DE0000000')).to.have.length(9)
    expect(await found('，')).to.deep.equal([])
  })

  it('give 248 working days to 2026, month by month as announced', () => {
    const { days } = standards.loadPack('cn-calendar-2026')
    const published = new Map(days.map(({ date, work }) => [date, work === 'true']))
    const months = Array<number>(12).fill(0)
    for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += 86_400_000) {
      const day = new Date(time).toISOString().slice(0, 10)
      const worked = published.get(day) ?? ![0, 6].includes(weekdayOf(day))
      if (worked) months[Number(day.slice(5, 7)) - 1]! += 1
    }

    expect(months).to.deep.equal([21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23])
  })

  it('judge a value by element or algorithm', async () => {
    const check = (element: string, value: string) =>
      standards.checkValue(world.as('citizen'), element, value)

    expect(await check('uscc', '91350100m000100y43')).to.deep.equal({ valid: true, reason: null })
    expect(await check('DE00000002', '91350100M000100Y44')).to.deep.equal({
      valid: false,
      reason: 'check-digit',
    })
    expect(await check('gb11643', '11010520990101001X')).to.deep.equal({ valid: false, reason: 'date' })
    expect(await check('division_code', '990121')).to.deep.equal({ valid: true, reason: null })
    expect(await check('division_code', '110199')).to.deep.equal({ valid: false, reason: 'code' })
    expect((await refusal(check('nothing', '1'))).code).to.equal('STANDARDS_ELEMENT_NOT_FOUND')
  })

  async function count(): Promise<number> {
    const rows = await world.db.selectFrom('standards.standard').select('id').execute()
    return rows.length
  }
})
