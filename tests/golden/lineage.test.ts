import { expect } from 'chai'
import { createHash } from 'node:crypto'
import type { Dataset } from '../../modules/catalog/index.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as golden from '../../modules/golden/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { loadFile, textOf } from './registers.files.ts'
import { creditCode, givenDataset, givenSchema } from './registers.ts'

const KEY = creditCode(7)
const PURPOSE = '群众询问住所来源'
const TAX_FILE = [
  '统一社会信用代码,企业名称,住所',
  `${creditCode(6)},甲,甲路1号`,
  `${KEY},榕城餐饮,人民路28号`,
]
const MARKET_FILE = ['企业名称,统一社会信用代码', `榕城餐饮有限公司,${KEY}`]

describe('the lineage of a golden field', () => {
  let world: World
  let tax: Dataset
  let market: Dataset

  before(async () => {
    world = await openWorld()
    await givenSchema(world, 'tax-register', ['code', 'name', 'address'])
    await givenSchema(world, 'market-register', ['code', 'name'])
    tax = await givenDataset(world, 'tax-bureau', 'tax-register', '税务登记')
    market = await givenDataset(world, 'market-bureau', 'market-register', '市场主体登记')
    await loadFile(world, tax, TAX_FILE, ['uscc', 'organisation_name', 'address'])
    world.now = new Date('2026-01-06T09:00:00+08:00')
    await loadFile(world, market, MARKET_FILE, ['organisation_name', 'uscc'])
  })
  after(() => world.close())

  it('leads from one field to the line of the source file, and back', async () => {
    const clerk = world.as('clerk', 'window')

    const { field, origins } = await golden.fieldLineage(clerk, {
      key: KEY,
      field: 'address',
      purpose: PURPOSE,
    })

    const version = await catalog.currentVersion(clerk, tax.id)
    expect(field.rule).to.equal('only-source')
    expect(origins).to.have.length(1)
    const [origin] = origins
    expect(origin).to.deep.include({
      datasetId: tax.id,
      version: 1,
      batchId: version?.batchId,
      line: 3,
      column: 'address',
      fileColumn: '住所',
      fileSha256: sha256(TAX_FILE),
      chosen: true,
    })
    const back = await golden.lineLineage(clerk, {
      datasetId: tax.id,
      version: 1,
      line: 3,
      purpose: PURPOSE,
    })
    expect(back).to.include({ key: KEY, rowId: origin?.rowId })
    expect(back.fields.map(({ name, chosen }) => [name, chosen])).to.deep.equal([
      ['uscc', false],
      ['organisation_name', false],
      ['address', true],
    ])
  })

  it('names the rows that lost beside the one that won', async () => {
    const { origins } = await golden.fieldLineage(world.as('clerk', 'window'), {
      key: KEY,
      field: 'organisation_name',
      purpose: PURPOSE,
    })

    expect(
      origins.map(({ datasetId, line, fileColumn, chosen }) => [datasetId, line, fileColumn, chosen]),
    ).to.deep.equal([
      [market.id, 2, '企业名称', true],
      [tax.id, 3, '企业名称', false],
    ])
  })

  it('draws the columns from the file to the record, with what was done to them', async () => {
    const { nodes, edges, truncated } = await catalog.datasetLineage(world.as('data-user', 'planning'), {
      datasetId: tax.id,
      column: 'uscc',
    })

    expect(nodes.map(({ kind, id, column }) => [kind, id, column])).to.deep.equal([
      ['dataset', tax.id, 'uscc'],
      ['file', tax.id, '统一社会信用代码'],
      ['golden', 'legal-entity', 'uscc'],
    ])
    expect(edges.map(({ kind, steps }) => [kind, steps])).to.deep.equal([
      ['survivorship', ['only-sound', 'legal-source', 'freshest', 'source-rank', 'smallest-id']],
      ['mapping', ['nfkc', 'trim', 'null-words', 'upper']],
    ])
    expect(truncated).to.equal(false)
  })

  it('holds neither values nor keys', async () => {
    const rows = await world.db.selectFrom('catalog.lineageEdge').selectAll().execute()

    expect(JSON.stringify(rows)).not.to.match(/榕城|人民路|91350100/)
    expect(rows).to.have.length(10)
  })

  it('reads its own writes and goes no further than asked', async () => {
    const lineage = (depth: number) =>
      catalog.goldenLineage(world.as('data-user', 'planning'), {
        entity: 'legal-entity',
        field: 'address',
        depth,
      })

    expect((await lineage(1)).nodes.map(({ kind }) => kind)).to.deep.equal(['dataset', 'golden'])
    expect((await lineage(20)).nodes.map(({ kind }) => kind)).to.deep.equal(['dataset', 'file', 'golden'])
    expect((await refusal(lineage(21))).code).to.equal('CATALOG_LINEAGE_DEPTH_INVALID')
    expect((await refusal(lineage(0))).code).to.equal('CATALOG_LINEAGE_DEPTH_INVALID')
  })

  it('shows another organisation’s unpublished dataset to nobody else, and citizens nothing', async () => {
    const draft = await givenDataset(world, 'tax-bureau', 'tax-register', '尚未发布')
    const of = (role: string, organisation: string) =>
      catalog.datasetLineage(world.as(role, organisation), { datasetId: draft.id })

    expect((await of('data-steward', 'tax-bureau')).nodes).to.deep.equal([])
    expect((await refusal(of('data-steward', 'market-bureau'))).code).to.equal('CATALOG_DATASET_NOT_FOUND')
    const line = { datasetId: draft.id, version: 1, line: 2, purpose: PURPOSE }
    const asMarket = world.as('data-steward', 'market-bureau')
    expect((await refusal(golden.lineLineage(asMarket, line))).code).to.equal('CATALOG_DATASET_NOT_FOUND')
    const citizen = world.as('citizen', 'citizen:1')
    for (const refused of [
      catalog.datasetLineage(citizen, { datasetId: tax.id }),
      catalog.goldenLineage(citizen, { entity: 'legal-entity' }),
      golden.fieldLineage(citizen, { key: KEY, field: 'address', purpose: PURPOSE }),
      golden.lineLineage(citizen, { ...line, datasetId: tax.id }),
    ])
      expect((await refusal(refused)).code).to.be.oneOf(['CATALOG_DATASET_NOT_FOUND', 'POLICY_FORBIDDEN'])
  })

  it('records who followed a record, and refuses without a purpose', async () => {
    const clerk = world.as('clerk', 'window', 'curious')
    const before = await reads()

    const [first, second] = [
      await refusal(golden.fieldLineage(clerk, { key: KEY, field: 'address', purpose: ' ' })),
      await refusal(golden.lineLineage(clerk, { datasetId: tax.id, version: 1, line: 3, purpose: '' })),
    ]
    await golden.lineLineage(clerk, { datasetId: tax.id, version: 1, line: 3, purpose: PURPOSE })

    expect([first.code, second.code]).to.deep.equal(['GOLDEN_PURPOSE_MISSING', 'GOLDEN_PURPOSE_MISSING'])
    expect(await reads()).to.equal(before + 1)
  })

  it('says of a line that is not in the version, and of a field that is not in the record', async () => {
    const clerk = world.as('clerk', 'window')
    const missing = { datasetId: tax.id, version: 1, line: 99, purpose: PURPOSE }

    expect((await refusal(golden.lineLineage(clerk, missing))).code).to.equal('GOLDEN_LINE_NOT_FOUND')
    const field = { key: KEY, field: 'nothing', purpose: PURPOSE }
    expect((await refusal(golden.fieldLineage(clerk, field))).code).to.equal('GOLDEN_FIELD_NOT_FOUND')
    const column = { datasetId: tax.id, column: 'nothing' }
    expect((await refusal(catalog.datasetLineage(clerk, column))).code).to.equal(
      'CATALOG_LINEAGE_COLUMN_UNKNOWN',
    )
  })

  it('keeps the mapping of each version: a renamed file column does not change the past', async () => {
    const renamed = ['统一社会信用代码,企业名称,经营地址', ...TAX_FILE.slice(1)]
    const again = ['统一社会信用代码,企业名称,经营地址', ...TAX_FILE.slice(1), `${creditCode(8)},乙,乙路`]

    await loadFile(world, tax, renamed, ['uscc', 'organisation_name', 'address'])
    await loadFile(world, tax, again, ['uscc', 'organisation_name', 'address'])

    const clerk = world.as('clerk', 'window')
    const { edges } = await catalog.datasetLineage(clerk, { datasetId: tax.id, column: 'address', depth: 1 })
    expect(edges.map(({ from }) => from.column)).to.deep.equal(['address', '经营地址'])
    const stored = await world.db
      .selectFrom('catalog.lineageEdge')
      .select(['inputColumn', 'since', 'until'])
      .where('outputId', '=', tax.id)
      .where('outputColumn', '=', 'address')
      .orderBy('since')
      .execute()
    expect(stored.map((edge) => Object.values(edge).map(String))).to.deep.equal([
      ['住所', '1', '2'],
      ['经营地址', '2', 'null'],
    ])
    const old = await catalog.rowOrigins(clerk, { entity: 'legal-entity', field: 'address' }, [
      { datasetId: tax.id, version: 1, rowId: 'x', line: 3 },
    ])
    expect(old[0]).to.include({ fileColumn: '住所', fileSha256: sha256(TAX_FILE) })
  })

  async function reads(): Promise<number> {
    const { count } = await world.db
      .selectFrom('core.access')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .where('actorId', '=', 'curious@window')
      .where('kind', '=', 'read')
      .executeTakeFirstOrThrow()
    return Number(count)
  }
})

const sha256 = (lines: readonly string[]) => createHash('sha256').update(textOf(lines)).digest('hex')
