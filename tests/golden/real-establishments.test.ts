import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { sql } from 'kysely'
import { transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { publishVersion, registerDataset } from '../../modules/catalog/index.ts'
import { establishments, latestMerge, organisationRecord } from '../../modules/golden/index.ts'
import { draftSchema, publishedSchema, type SchemaInput, shippedSchema } from '../../standards/index.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { openWorld, type World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

const FACTORIES = 'tw-registers/moea_factories_south.csv'
const COMPANIES = 'tw-registers/twse_listed_companies_2024.csv'
const UBN = 'DE00000004'

/** Columns of the files; a number that fails its check warns, so that every row is kept. */
const FACTORY_COLUMNS = { name: 0, factory_number: 2, address: 3, ubn: 6 }
const COMPANY_COLUMNS = { name: 2, company_code: 1, address: 6, ubn: 7 }

/** Acceptance A2 and A3 of specs/standards-and-data.md, section 14, on the records of companies. */
describe('the factories of real companies', () => {
  let world: World
  const clerk = () => world.as('clerk', 'economy-bureau')

  before(skipWithout(FACTORIES, COMPANIES))
  before(async () => {
    world = await openWorld()
    await givenSchema('factories', FACTORY_COLUMNS, 'factory_number', {
      role: 'foreign-key',
      entity: 'establishment',
    })
    await givenSchema('listed', COMPANY_COLUMNS, 'company_code', { role: 'key' })
    await loadFile('factories', FACTORIES, FACTORY_COLUMNS)
    await world.settle()
  })
  after(() => world?.close())

  it('A2: are 4,353 apart, 503 of them under 242 numbers that several share', async () => {
    const { rows } = await sql<{ factories: number; numbers: number }>`
      select count(*)::int as factories, count(distinct number)::int as numbers from golden.establishment
    `.execute(world.db)
    expect(rows).to.deep.equal([{ factories: 4353, numbers: 4353 }])
    const { rows: companies } = await sql<{ held: number }>`
      select count(*)::int as held from golden.establishment group by part_of
    `.execute(world.db)
    const shared = companies.map(({ held }) => held).filter((held) => held > 1)
    expect({
      numbers: companies.length,
      shared: shared.length,
      held: shared.reduce((sum, held) => sum + held, 0),
      largest: Math.max(...shared),
    }).to.deep.equal({ numbers: 4092, shared: 242, held: 503, largest: 6 })
    const run = await latestMerge(clerk())
    expect(run?.records).to.equal(0)
    expect(run?.findings.map(({ code, rows }) => [code, rows])).to.deep.equal([
      ['GOLDEN_KEY_CHECK_FAILED', 22],
    ])
  })

  it('A3: are 7 of 6 listed companies, which stay as they are', async () => {
    await loadFile('listed', COMPANIES, COMPANY_COLUMNS)
    await world.settle()

    expect((await latestMerge(clerk()))?.status).to.equal('published')
    const { rows: met } = await sql<{ key: string; name: string; held: number }>`
      select key, record.name, count(*)::int as held
      from golden.organisation_record record join golden.establishment on part_of = key
      where until is null group by key, record.name order by key
    `.execute(world.db)
    expect([met.length, met.reduce((sum, { held }) => sum + held, 0)]).to.deep.equal([6, 7])
    for (const { key, name, held } of met) {
      const record = await organisationRecord(clerk(), { key, purpose: '核实' })
      const { edges } = await establishments(clerk(), { partOf: key, purpose: '核实', first: 10 })
      expect(record.name).to.equal(name)
      expect(edges).to.have.length(held)
      const sources = record.fields.flatMap(({ source, runnersUp }) => [source, ...runnersUp])
      const own = new Set(edges.map(({ node }) => node.datasetId))
      expect(sources.filter((source) => own.has(source?.datasetId ?? ''))).to.be.empty
    }
  })

  async function givenSchema(
    code: string,
    columns: Readonly<Record<string, number>>,
    key: string,
    { role, ...content }: { role: string } & Pick<SchemaInput, 'entity'>,
  ): Promise<void> {
    const shipped = shippedSchema(code === 'factories' ? 'tw-factory' : 'tw-listed-company')
    const drafter = world.as('standards-drafter', 'standards-office')
    const { version } = await draftSchema(drafter, code, {
      name: shipped.name,
      columns: Object.keys(columns).map((name) => ({
        name,
        elementCode: shipped.columns.find((column) => column.name === name)?.elementCode ?? '',
        required: name === key,
        severity: 'warn',
        ...(name === 'ubn' ? { role } : {}),
      })),
      primaryKey: [key],
      ...content,
    })
    await submit(drafter, 'schema', code, version)
    await approve(world.as('standards-approver', 'standards-office'), 'schema', code, version)
  }

  async function loadFile(
    code: string,
    file: string,
    places: Readonly<Record<string, number>>,
  ): Promise<void> {
    const steward = world.as('data-steward', 'economy-bureau')
    const { id: datasetId } = await registerDataset(steward, { title: code, schemaCode: code })
    const ctx = world.platform()
    const { columns, version, primaryKey } = await publishedSchema(ctx, code)
    expect(columns.find(({ name }) => name === 'ubn')?.elementCode).to.equal(UBN)
    const width = code === 'factories' ? 19 : 25
    const header = Array.from({ length: width }, (_, at) => `c${at}`)
    const staged = await ctx.plane.stage({
      content: createReadStream(sharedData(file) ?? ''),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 1,
      width,
      maxRows: 100_000,
    })
    const batchId = randomUUID()
    const { snapshot, counts } = await ctx.plane.validate({
      staged: staged.sha256,
      header,
      columns: columns.map((column) => ({ ...column, index: places[column.name] ?? 0 })),
      delimiter: ',',
      primaryKey,
      datasetId,
      batchId,
      today: dayOf(ctx.now()),
    })
    expect(counts.accepted, JSON.stringify(counts)).to.equal(counts.read)
    const files = snapshot ? [snapshot] : []
    await transaction(ctx, (ctx) =>
      publishVersion(ctx, { datasetId, parent: null, files, schemaVersion: version, batchId, counts }),
    )
  }
})
