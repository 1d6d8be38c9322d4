import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { publishVersion, registerDataset } from '../../modules/catalog/index.ts'
import { latestMerge, lookUp, organisationRecords, recomputedSha256 } from '../../modules/golden/index.ts'
import { draftSchema, publishedSchema } from '../../standards/index.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { openWorld, type World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

const FOLDER = sharedData('cn-companies')
/** Column of the schema by column of the files. */
const MAPPING = { name: 0, uscc: 1, registered_on: 2, capital: 4, address: 8 } as const

/** Four real company registers (A9): 523 + 2,065 + 4,851 + 5,323 rows, no code twice. */
describe('merging the company registers of four provinces', () => {
  let world: World
  const clerk = () => world.as('clerk', 'market-bureau')

  before(skipWithout('cn-companies'))
  before(async () => {
    world = await openWorld()
    await givenCompanySchema()
    for (const file of readdirSync(String(FOLDER)).filter((name) => name.endsWith('.csv')))
      await loadFile(file)
    await world.settle()
  })
  after(() => world?.close())

  it('makes one record of each of the 12,762 codes, those in lower case too', async () => {
    const run = await latestMerge(clerk())
    expect(run?.inputs.map(({ rows }) => rows).sort((a, b) => a - b)).to.deep.equal([523, 2065, 4851, 5323])
    expect(run).to.include({ records: 12_762 })
    expect(run?.findings).to.be.empty
    const record = await lookUp(clerk(), { key: '91440300x192909844', purpose: '核实' })
    expect(record?.key).to.equal('91440300X192909844')
  })

  it('finds every name that holds the two characters asked for, and no other', async () => {
    const names = readdirSync(String(FOLDER)).flatMap((file) => namesIn(join(String(FOLDER), file)))
    for (const word of ['餐饮', '印务', '海淀', '建筑工程', '厦门']) {
      const holding = names.filter((name) => name.includes(word)).length
      expect(await countFound(word), word).to.equal(holding)
    }
  })

  it('computes the same bytes again', async () => {
    const run = await latestMerge(clerk())
    expect(await recomputedSha256(world.as('directory-admin'))).to.equal(run?.contentSha256)
  })

  async function givenCompanySchema(): Promise<void> {
    const drafter = world.as('standards-drafter', 'standards-office')
    const { version } = await draftSchema(drafter, 'provincial-companies', {
      name: { zh: '企业登记', en: 'Companies' },
      columns: [
        { name: 'name', elementCode: 'DE00000001', required: true },
        { name: 'uscc', elementCode: 'DE00000002', required: true, role: 'key' },
        { name: 'registered_on', elementCode: 'DE00000008', required: false, role: 'event-time' },
        // Four cells are no amounts (A9): they warn here, so that their companies are kept.
        { name: 'capital', elementCode: 'DE00000012', required: false, severity: 'warn' },
        { name: 'address', elementCode: 'DE00000005', required: false },
      ],
      primaryKey: ['uscc'],
    })
    await submit(drafter, 'schema', 'provincial-companies', version)
    await approve(
      world.as('standards-approver', 'standards-office'),
      'schema',
      'provincial-companies',
      version,
    )
  }

  async function loadFile(file: string): Promise<void> {
    const title = file.replace('.csv', '')
    const dataset = await registerDataset(world.as('data-steward', 'market-bureau'), {
      title,
      schemaCode: 'provincial-companies',
    })
    const ctx = world.platform()
    const header = [
      '企业名称',
      '统一社会信用代码',
      '注册日期',
      '企业类型',
      '注册资金',
      '经营范围',
      '所在省份',
      '地区',
      '注册地址',
    ]
    const staged = await ctx.plane.stage({
      content: createReadStream(join(String(FOLDER), file)),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 1,
      width: header.length,
      maxRows: 100_000,
    })
    const { columns, version } = await publishedSchema(ctx, 'provincial-companies')
    const batchId = randomUUID()
    const { snapshot, counts } = await ctx.plane.validate({
      staged: staged.sha256,
      header,
      columns: columns.map((column) => ({ ...column, index: MAPPING[column.name as keyof typeof MAPPING] })),
      delimiter: ',',
      primaryKey: ['uscc'],
      datasetId: dataset.id,
      batchId,
      today: dayOf(ctx.now()),
    })
    expect(counts.accepted, JSON.stringify(counts)).to.equal(counts.read)
    await transaction(ctx, (ctx) =>
      publishVersion(ctx, {
        datasetId: dataset.id,
        parent: null,
        files: snapshot ? [snapshot] : [],
        schemaVersion: version,
        batchId,
        counts,
      }),
    )
  }

  function namesIn(path: string): string[] {
    const records = parse(readFileSync(path), { bom: true, columns: true, relax_quotes: true }) as Record<
      string,
      string
    >[]
    return records.map((record) => String(record['企业名称']))
  }

  async function countFound(search: string): Promise<number> {
    let count = 0
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof organisationRecords>> = await organisationRecords(clerk(), {
        search,
        first: 100,
        after,
      })
      count += page.edges.length
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    return count
  }
})
