import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../core/config.ts'
import { openKernel } from '../../core/kernel.ts'
import { isUuid } from '../../core/text/uuid.ts'
import { run } from '../../gateway/cli/main.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import type { Dataset, RunEvent } from '../../modules/catalog/index.ts'
import * as golden from '../../modules/golden/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { RUN_EVENT } from '../catalog/openlineage-schemas.ts'
import { migratedFolder } from '../support/data-folder.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { loadFile, textOf } from './registers.files.ts'
import { creditCode, givenDataset, givenSchema } from './registers.ts'

const COLUMNS = ['uscc', 'organisation_name', 'address']
const LINES = [
  '统一社会信用代码,企业名称,住所',
  `${creditCode(6)},榕城餐饮,人民路28号`,
  `${creditCode(7)},闽江茶馆,滨江路5号`,
  '9135,无效代码,某路',
]

describe('telling lineage as OpenLineage events', () => {
  let world: World
  let dataset: Dataset
  let events: RunEvent[]

  before(async () => {
    world = await openWorld()
    await givenSchema(world, 'tax-register', ['code', 'name', 'address'])
    dataset = await givenDataset(world, 'tax-bureau', 'tax-register')
    await loadFile(world, dataset, LINES, COLUMNS)
    await loadFile(world, dataset, LINES.slice(0, 3), COLUMNS)
    events = await golden.lineageEvents(world.as('auditor', 'audit-office'), dataset.id)
  })
  after(() => world.close())

  it('gives one event for each version and one for the merge, valid by the specification', () => {
    const ajv = new Ajv2020({ allErrors: true })
    ajv.addFormat('uri', (value) => URL.canParse(value))
    ajv.addFormat('uuid', isUuid)
    ajv.addFormat('date-time', (value) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
    const validate = ajv.compile(RUN_EVENT)

    const faults = events.flatMap((event) => (validate(event) ? [] : validate.errors))

    expect(faults).to.deep.equal([])
    expect(events.map(({ job }) => job.name)).to.deep.equal([
      `load/${dataset.id}`,
      `load/${dataset.id}`,
      'merge/legal-entity',
    ])
    const broken = { ...events[0], run: { runId: 'no uuid' } }
    expect(validate(broken)).to.equal(false)
  })

  it('leads from the file’s column to the dataset’s, and from there to the record’s field', () => {
    const [load, , merge] = events

    expect(lineageInto(load, 'uscc')).to.deep.equal([
      [`file/${dataset.id}`, '统一社会信用代码', 'nfkc trim null-words upper'],
    ])
    expect(lineageInto(merge, 'address')).to.deep.equal([
      [`dataset/${dataset.id}`, 'address', 'only-sound legal-source freshest source-rank smallest-id'],
    ])
    expect(load?.outputs[0]?.facets['version']?.['datasetVersion']).to.equal('1')
    expect(merge?.inputs[0]?.facets['version']?.['datasetVersion']).to.equal('2')
  })

  it('asserts each rule of each column, with what failed', () => {
    const [first, second] = events.map(({ inputs }) => inputs[0]?.inputFacets?.['dataQualityAssertions'])

    const failed = (facet: typeof first) =>
      (facet?.['assertions'] as { assertion: string; success: boolean; column?: string }[])
        .filter(({ success }) => !success)
        .map(({ assertion, column }) => [assertion, column])
    expect(failed(first)).to.deep.equal([['shape', '统一社会信用代码']])
    expect(failed(second)).to.deep.equal([])
    expect(first?.['assertions']).to.deep.include({
      assertion: 'missing',
      success: true,
      column: '统一社会信用代码',
    })
  })

  it('tells no value of any row', () => {
    expect(JSON.stringify(events)).not.to.match(/榕城|闽江|人民路|91350100/)
  })

  it('refuses a dataset that another organisation has not published', async () => {
    const draft = await givenDataset(world, 'tax-bureau', 'tax-register')

    const other = golden.lineageEvents(world.as('data-steward', 'market-bureau'), draft.id)

    expect((await refusal(other)).code).to.equal('CATALOG_DATASET_NOT_FOUND')
    expect(await golden.lineageEvents(world.as('data-steward', 'tax-bureau'), draft.id)).to.deep.equal([])
  })

  function lineageInto(event: RunEvent | undefined, column: string) {
    const fields = event?.outputs[0]?.facets['columnLineage']?.['fields'] as Record<
      string,
      { inputFields: { name: string; field: string; transformations: { description: string }[] }[] }
    >
    return fields[column]?.inputFields.map(({ name, field, transformations }) => [
      name,
      field,
      transformations[0]?.description,
    ])
  }
})

describe('gdbos lineage', function () {
  this.timeout(180_000)
  let folder: string
  const server = process.env['DATABASE_URL']

  before(async () => {
    folder = await migratedFolder()
    // The command runs in this process and would go to the server of the suite.
    delete process.env['DATABASE_URL']
  })
  after(async () => {
    if (server !== undefined) process.env['DATABASE_URL'] = server
    await rm(folder, { recursive: true, force: true })
  })

  it('refuses what it cannot do, each in its own words', async () => {
    const id = '3f0a4a0e-5b1c-4c6e-9a53-8a7b1d2c4e5f'

    expect(await gdbos('lineage', 'draw')).to.deep.include({ code: 2 })
    expect((await gdbos('lineage', 'export')).stderr).to.contain('--dataset ID is missing')
    expect((await gdbos('lineage', 'export', '--dataset', 'x')).code).to.equal(2)
    const unknown = await gdbos('lineage', 'export', '--dataset', id, '--data', folder, '--json')
    expect([unknown.code, JSON.parse(unknown.stdout)]).to.deep.include(1)
    expect(unknown.stdout).to.contain('CATALOG_DATASET_NOT_FOUND')
  })

  it('writes the events of a dataset to a file, and never over one', async () => {
    const dataset = await publishedIn(folder)
    const output = join(folder, 'events.ndjson')
    const args = ['lineage', 'export', '--dataset', dataset, '--data', folder, '--output', output, '--json']

    const written = await gdbos(...args)

    expect(JSON.parse(written.stdout)).to.deep.equal({ events: 2, file: output })
    const events = (await readFile(output, 'utf8')).trim().split('\n')
    expect(events.map((line) => (JSON.parse(line) as RunEvent).job.name)).to.deep.equal([
      `load/${dataset}`,
      'merge/legal-entity',
    ])
    expect((await gdbos(...args)).code).to.equal(2)
  })

  /** A register of one organisation, loaded as its steward does; its id. */
  async function publishedIn(dataFolder: string): Promise<string> {
    const kernel = await openKernel(readConfig({ dataFolder, logLevel: 'silent' }, {}), manifests)
    try {
      const actor = { id: 'steward@tax', organisationId: 'tax-bureau', roles: ['data-steward'] }
      const steward = kernel.contextFor(actor)
      const input = { title: '登记册', schemaCode: 'business-registration' }
      const { id } = await catalog.registerDataset(steward, input)
      const header = '统一社会信用代码,企业名称,法定代表人,住所,成立日期,注册资本,登记状态,经营范围'
      const row = `${creditCode(1)},甲,林晓梅,人民路28号,2019-06-18,100万元,存续,餐饮服务`
      const content = Buffer.from(textOf([header, row]))
      const batch = await ingest.receive(steward, { datasetId: id, fileName: 'a.csv', content })
      const columns = await ingest.suggestedColumns(steward, batch)
      await ingest.confirmMapping(steward, {
        batchId: batch.id,
        encoding: 'utf-8',
        columns: columns.map(({ index, target }) => ({ index, target })),
      })
      await kernel.settle()
      return id
    } finally {
      await kernel.close()
    }
  }

  async function gdbos(...args: string[]) {
    const written = { stdout: '', stderr: '' }
    const stream = (name: keyof typeof written) => ({ write: (text: string) => (written[name] += text) })
    const code = await run(args, { stdout: stream('stdout'), stderr: stream('stderr') })
    return { code, ...written }
  }
})
