import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { transaction } from '../../core/context.ts'
import { check } from '../../core/text/check.ts'
import { dayOf } from '../../core/day.ts'
import { publishVersion, registerDataset } from '../../modules/catalog/index.ts'
import { establishments, latestMerge } from '../../modules/golden/index.ts'
import { draftSchema, publishedSchema, shippedSchema } from '../../standards/index.ts'
import { approve, submit } from '../support/standards.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { openWorld, type World } from '../support/world.ts'
import { csvOf, type Row, rowsIn, told } from './match-truth.ts'

const FACILITIES = 'tw-registers/epa_prtr_facilities_south.csv'
const PENALTIES = 'tw-registers/epa_penalties_2020_south.csv'

/** Acceptance A5 and A6 of specs/standards-and-data.md, section 14, by the shipped schemas and through the merge. */
describe('the companies of regulated facilities', function () {
  this.timeout(300_000)
  let world: World
  let facilities: string
  let penalties: string
  const clerk = () => world.as('clerk', 'economy-bureau')

  before(skipWithout(FACILITIES, PENALTIES))
  before(async () => {
    world = await openWorld()
    facilities = await loadShipped('tw-prtr-facility', FACILITIES)
    await world.settle()
  })
  after(() => world?.close())

  it('are not known from the register of facilities alone', async () => {
    expect(await latestMerge(clerk())).to.deep.include({ status: 'published', records: 0, findings: [] })
    expect(await counted()).to.deep.equal([])
  })

  it('A5: are those of 409 pairs of a number and a business number, 262 of them of registered facilities', async () => {
    penalties = await loadShipped('tw-epa-penalty', PENALTIES)
    await world.settle()

    // Of the 409 pairs two numbers fail their check digit, of two registered facilities: found, and whose they are unknown.
    const rows = rowsIn(sharedData(PENALTIES) ?? '')
    const shaped = rows.filter((row) => /^[0-9]{8}$/.test(row['FAC_UNIFORMNO'] ?? ''))
    const pairs = new Set(shaped.map((row) => `${row['EMS_NO']} ${row['FAC_UNIFORMNO']}`))
    expect(pairs.size).to.equal(409)
    const linked = await counted()
    expect(linked).to.deep.equal([
      { datasetId: facilities, via: penalties, pairs: 260, numbers: 260 },
      { datasetId: penalties, via: null, pairs: 147, numbers: 147 },
    ])
    const { rows: kept } = await sql<{ number: string; partOf: string }>`
      select number, part_of as "partOf" from golden.establishment
    `.execute(world.db)
    const found = new Set(kept.map(({ number, partOf }) => `${number} ${partOf}`))
    expect([...found].filter((pair) => !pairs.has(pair))).to.be.empty
    expect(found.size).to.equal(407)
  })

  it('have them listed with the place of the register of facilities, and by whose word they are theirs', async () => {
    const { edges } = await establishments(clerk(), { partOf: '23035810', purpose: '核实', first: 10 })
    expect(edges.map(({ node }) => node)).to.have.length(1)
    expect(edges[0]?.node).to.include({
      number: 'E2000358',
      name: '環球油漆股份有限公司',
      partOf: '23035810',
    })
  })

  it('A6: are found by name and address alone where the crosswalk gives no number', async () => {
    const registered = new Set(rowsIn(sharedData(FACILITIES) ?? '').map((row) => row['管制編號']))
    const byNumber = new Map<string, Row>()
    for (const row of rowsIn(sharedData(PENALTIES) ?? '')) {
      const number = row['EMS_NO'] ?? ''
      if (registered.has(number) && !byNumber.has(number)) byNumber.set(number, row)
    }
    // An invented business number for each stands for what the row says of its facility, and tells which row was linked.
    const invented = validNumbers(byNumber.size)
    const truth = new Map([...byNumber.keys()].map((number, at) => [invented[at] ?? '', number]))
    const lines = [...byNumber.values()].map((row, at) => ({
      ...{ ems_number: '', facility_name: row['FAC_NAME'] ?? '', facility_address: row['FAC_ADDRESS'] ?? '' },
      ubn: invented[at] ?? '',
    }))
    const columns = ['ems_number', 'facility_name', 'facility_address', 'ubn']
    await givenHiddenSchema(columns)
    const hidden = await loadText(
      'hidden-penalties',
      Readable.from([Buffer.from(csvOf(lines, columns))]),
      columns,
    )
    await world.settle()

    const { rows: kept } = await sql<{ number: string; partOf: string }>`
      select number, part_of as "partOf" from golden.establishment where via_dataset_id = ${hidden}::uuid
    `.execute(world.db)
    const right = kept.filter(({ number, partOf }) => truth.get(partOf) === number).length
    const [precision, recall] = [right / kept.length, right / truth.size]
    told('A6 through the merge', { precision, recall, f1: (2 * precision * recall) / (precision + recall) })
    expect(truth.size).to.equal(326)
    expect(precision).to.be.at.least(0.995)
    expect(recall).to.be.at.least(0.95)
    const finding = (await latestMerge(clerk()))?.findings.find(({ datasetId }) => datasetId === hidden)
    expect(finding).to.include({ code: 'GOLDEN_ESTABLISHMENT_UNSURE', rows: truth.size - kept.length })
  })

  /** The first numbers that pass the check of a business number. */
  function validNumbers(count: number): string[] {
    const found: string[] = []
    for (let n = 90_000_001; found.length < count; n += 1)
      if (check('tw-ubn', String(n), { today: '2026-01-01' }) === 'ok') found.push(String(n))
    return found
  }

  async function givenHiddenSchema(names: readonly string[]): Promise<void> {
    const shipped = shippedSchema('tw-epa-penalty')
    const drafter = world.as('standards-drafter', 'standards-office')
    const { version } = await draftSchema(drafter, 'hidden-penalties', {
      name: shipped.name,
      columns: names.map((name) => {
        const { elementCode = '', role } = shipped.columns.find((column) => column.name === name) ?? {}
        return { name, elementCode, required: false, role }
      }),
      primaryKey: [],
      entity: 'establishment',
    })
    await submit(drafter, 'schema', 'hidden-penalties', version)
    await approve(world.as('standards-approver', 'standards-office'), 'schema', 'hidden-penalties', version)
  }

  async function counted() {
    const { rows } = await sql<{ datasetId: string; via: string | null; pairs: number; numbers: number }>`
      select dataset_id as "datasetId", via_dataset_id as via, count(*)::int as pairs,
        count(distinct (number, part_of))::int as numbers
      from golden.establishment group by 1, 2 order by 3 desc
    `.execute(world.db)
    return rows
  }

  /** Loads the file under the shipped schema, each column by the name its department gives it. */
  async function loadShipped(code: string, file: string): Promise<string> {
    const path = sharedData(file) ?? ''
    const [header = []] = parse(readFileSync(path), { to_line: 1, bom: true }) as string[][]
    return loadText(code, createReadStream(path), header)
  }

  async function loadText(code: string, content: Readable, header: readonly string[]): Promise<string> {
    const steward = world.as('data-steward', 'economy-bureau')
    const { id: datasetId } = await registerDataset(steward, { title: code, schemaCode: code })
    const ctx = world.platform()
    const { columns, version, primaryKey } = await publishedSchema(ctx, code)
    const staged = await ctx.plane.stage({
      content,
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 1,
      width: header.length,
      maxRows: 100_000,
    })
    const indexOf = (names: readonly string[]) => header.findIndex((name) => names.includes(name.trim()))
    const batchId = randomUUID()
    const { snapshot, counts } = await ctx.plane.validate({
      staged: staged.sha256,
      header: [...header],
      columns: columns.map((column) => {
        const index = indexOf([column.name, column.label.zh, ...column.synonyms])
        return { ...column, severity: 'warn' as const, index: index < 0 ? null : index }
      }),
      delimiter: ',',
      primaryKey,
      datasetId,
      batchId,
      today: dayOf(ctx.now()),
    })
    const files = snapshot ? [snapshot] : []
    await transaction(ctx, (ctx) =>
      publishVersion(ctx, { datasetId, parent: null, files, schemaVersion: version, batchId, counts }),
    )
    return datasetId
  }
})
