import { expect } from 'chai'
import { entryDesk, entryTemplate, importEntries } from '../../modules/catalog/index.ts'
import { readCells, writeXlsx } from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { establishBodies } from './directory.ts'

const ROW: Readonly<Record<string, string>> = {
  类: '部门',
  项: '市场主体',
  信息资源名称: '企业登记信息',
  摘要: '全县企业设立、变更、注销登记形成的基本信息，供各部门核验。',
  关键字: '企业|登记',
  信息资源格式: '数据库',
  具体格式: 'PostgreSQL',
  信息项: '企业名称=DE00000001|备注',
  共享类型: '有条件',
  共享条件: '核验',
  共享方式: '查询',
  更新周期: '每日',
  管理员: '朱艳',
  联系方式: '0591-0000000',
}

describe('registering directory entries by a table', () => {
  let world: World
  let headings: readonly string[]
  const steward = (organisation = 'market-bureau') => world.as('data-steward', organisation, 'zhu')

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    await establishBodies(world)
    headings = (await readCells(entryTemplate()))[0] ?? []
  })
  after(() => world.close())

  it('registers every row of the filled template for the own organisation', async () => {
    const outcome = await importEntries(
      steward(),
      filled([{}, { 信息资源名称: '年度报告', 类: 'department', 向社会开放: '否' }]),
    )

    expect(outcome).to.deep.include({ read: 2, findings: [], findingCount: 0 })
    expect(outcome.registered.map(({ name }) => name)).to.deep.equal(['企业登记信息', '年度报告'])
    const entries = await own()
    expect(entries.map(({ name }) => name)).to.have.members(['企业登记信息', '年度报告'])
    const first = entries.find(({ name }) => name === '企业登记信息')
    expect(first).to.deep.include({
      organisationId: 'market-bureau',
      status: 'registered',
      registeredBy: 'zhu@market-bureau',
      classPath: ['市场监督管理局', '市场主体'],
      keywords: ['企业', '登记'],
      sharingType: 'conditional',
      updateCycle: 'daily',
    })
    expect(first?.items.map(({ name, elementCode, level }) => [name, elementCode, level])).to.deep.equal([
      ['企业名称', 'DE00000001', 1],
      ['备注', null, 4],
    ])
  })

  it('tells each wrong cell by its row and heading, and registers nothing', async () => {
    const before = await own()

    const outcome = await importEntries(
      steward(),
      filled([
        { 信息资源名称: '好的' },
        { 信息资源名称: '不好', 共享类型: 'constructor', 更新周期: '偶尔' },
        { 信息资源名称: '短', 摘要: '太短', 关键字: '', 共享条件: '' },
        { 信息资源名称: '企业登记信息' },
        { 信息资源名称: '无此元', 信息项: '甲=DE99999999' },
      ]),
    )

    expect(outcome).to.deep.include({ read: 5, registered: [], findingCount: 7 })
    const heading = (word: string) => headings.find((each) => each.startsWith(word))
    expect(outcome.findings.map(({ row, column, value, code }) => [row, column, value, code])).to.deep.equal([
      [3, heading('共享类型'), 'constructor', 'CATALOG_ENTRY_WORD_UNKNOWN'],
      [3, heading('更新周期'), '偶尔', 'CATALOG_ENTRY_WORD_UNKNOWN'],
      [4, heading('摘要'), '太短', 'CATALOG_ENTRY_INVALID'],
      [4, heading('关键字'), '', 'CATALOG_ENTRY_INVALID'],
      [4, heading('共享条件'), '', 'CATALOG_ENTRY_CONDITION_MISSING'],
      [5, heading('信息资源名称'), '企业登记信息', 'CATALOG_ENTRY_NAME_TAKEN'],
      [6, heading('信息项'), '甲=DE99999999', 'STANDARDS_ELEMENT_NOT_FOUND'],
    ])
    expect(await own()).to.deep.equal(before)
  })

  it('names a heading that is missing or unknown, and refuses an empty table and a stranger', async () => {
    const odd = () => Promise.resolve(writeXlsx({ name: 'x', header: ['没有'], rows: [['1']] }))
    const codeOf = async (attempt: Promise<unknown>) => (await refusal(attempt)).code

    const outcome = await importEntries(steward(), odd)

    expect(outcome.findings[0]).to.deep.include({ row: 1, column: '没有' })
    expect(outcome.findings[1]).to.deep.include({ row: 1, column: headings[0] })
    expect(await codeOf(importEntries(steward(), () => Promise.resolve(entryTemplate())))).to.equal(
      'CATALOG_ENTRY_TABLE_EMPTY',
    )
    expect(await codeOf(importEntries(world.as('clerk'), filled([{}])))).to.equal('POLICY_FORBIDDEN')
  })

  /** The template with these rows; a heading is named by how it begins. */
  function filled(rows: readonly Readonly<Record<string, string>>[]): () => Promise<Buffer> {
    const cells = rows.map((changes) => {
      const row = Object.entries({ ...ROW, ...changes })
      const places = row.map(
        ([word, cell]) => [headings.findIndex((each) => isNamed(each, word)), cell] as const,
      )
      return headings.map((_, at) => places.find(([place]) => place === at)?.[1] ?? '')
    })
    return () => Promise.resolve(writeXlsx({ name: 'entries', header: headings, rows: cells }))
  }

  const isNamed = (heading: string, word: string) =>
    heading === word || /^[（、]/.test(heading.replace(word, ''))

  async function own() {
    const { edges } = await entryDesk(steward(), { desk: 'own', first: 50 })
    return edges.map(({ node }) => node)
  }
})
