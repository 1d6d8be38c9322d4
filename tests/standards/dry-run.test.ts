import { expect } from 'chai'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as catalog from '../../modules/catalog/index.ts'
import { datasetsOf, latest } from '../../standards/dry-run.repository.ts'
import * as standards from '../../standards/index.ts'
import { removedWithRows } from '../../standards/row-migration.service.ts'
import { CODES } from '../ingest/registers.ts'
import { refusal } from '../support/refusal.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { openWorld, type World } from '../support/world.ts'
import { load, type Office, openOffice } from './office.ts'
import { approve, sendBack, submit } from '../support/standards.ts'
import { establishBodies, givenItem, givenOpenEntry, givenProcess } from './used.ts'

const list = standards.kindOf('code-list')

describe('the dry run of a draft', function () {
  this.timeout(180_000)
  let world: World
  let office: Office
  let datasetId: string

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
    await office.givenList('DB/T 6@1', ['1', '2', '3'])
    await office.givenElement(1, { dataType: 'code', codeListId: 'DB/T 6@1' })
    await office.givenSchema('tried', office.elementCode(1))
    datasetId = (await office.givenRows('tried', rows(['1', '2', '9', '3', '3']))).id
  })
  after(() => world.close())

  const rows = (values: readonly string[]) => values.map((value, at) => [CODES[at] ?? '', value] as const)

  async function tried(standard: { readonly id: string }) {
    await world.settle()
    const run = await latest(world.platform(), standard.id)
    return { ...run, datasets: await datasetsOf(world.platform(), run?.id ?? '') }
  }

  it('counts the rows that would newly fail, newly pass and stay, and writes but their keys', async () => {
    const draft = await office.draftList('DB/T 6@1', ['1', '2', '9'])
    const snapshots = join(world.planeFolder, 'snapshots')
    const files = (await readdir(snapshots)).sort()
    const before = await catalog.currentVersion(world.as('data-steward'), datasetId)

    await standards.dryRun(office.drafter, list, draft.code, draft.version)
    const { status, revision, total, datasets } = await tried(draft)

    expect({ status, revision, total }).to.deep.equal({ status: 'done', revision: 1, total: 1 })
    const { keys } = datasets[0] ?? {}
    expect([keys?.rows, keys?.columns]).to.deep.equal([2, ['number']])
    expect(datasets).to.deep.equal([
      {
        datasetId,
        datasetVersion: 1,
        keys,
        title: '登记簿 tried tax-bureau',
        organisationId: 'tax-bureau',
        newlyFailing: 2,
        newlyPassing: 1,
        unchanged: 2,
        failing: [
          { line: 5, key: [CODES[3]], reasons: ['tested: code'] },
          { line: 6, key: [CODES[4]], reasons: ['tested: code'] },
        ],
        removed: [{ column: 'tested', code: '3', rows: 2 }],
      },
    ])
    expect((await readdir(snapshots)).sort()).to.deep.equal([...files, `${keys?.sha256}.parquet`].sort())
    expect(await catalog.currentVersion(world.as('data-steward'), datasetId)).to.deep.equal(before)
  })

  it('belongs to review, and keeps a list from publication whose removed codes have rows', async () => {
    const { code, version } = (await standards.versionsOf(office.drafter, list, 'DB/T 6@1'))[0] ?? {
      code: '',
      version: '',
    }
    await submit(office.drafter, 'code-list', code, version)
    const publish = () => approve(office.approver, 'code-list', code, version)

    const refused = await refusal(publish())
    expect(refused.code).to.equal('STANDARDS_CODE_ROWS_REMAIN')
    expect(refused.params['codes']).to.equal('3（2）')
    expect((await standards.codeList(office.drafter, code)).status).to.equal('review')

    await load(world, office.steward, datasetId, rows(['1', '2', '9', '3', '3', '3']))
    expect((await refusal(publish())).code).to.equal('STANDARDS_DRY_RUN_MISSING')
    await standards.dryRun(office.approver, list, code, version)
    await world.settle()
    expect((await refusal(publish())).params['codes']).to.equal('3（3）')
  })

  it('lets it through once somebody has said what becomes of the rows', async () => {
    const { code, version } = await standards.codeList(office.drafter, 'DB/T 6@1')
    const early = standards.proposeRowMigration(office.drafter, code, version, { code: '3', successor: '2' })
    expect((await refusal(early)).code).to.equal('STANDARDS_STATUS_UNFIT')
    await sendBack(office.approver, 'code-list', code, version, '请先给出迁移方案')
    const propose = (input: Parameters<typeof standards.proposeRowMigration>[3], by = office.drafter) =>
      standards.proposeRowMigration(by, code, version, input)

    for (const input of [
      { code: '1', successor: '2' },
      { code: '3', successor: '8' },
      { code: '3' },
      { code: '3', successor: '2', waiver: '不改' },
    ])
      expect((await refusal(propose(input))).code).to.equal('STANDARDS_ROW_MIGRATION_INVALID')
    const stranger = propose({ code: '3', successor: '2' }, world.as('standards-drafter', 'other'))
    expect((await refusal(stranger)).code).to.equal('STANDARDS_CODE_LIST_NOT_FOUND')
    const both = world.kernel.contextFor({
      ...{ id: 'both@demo-standards', organisationId: 'demo-standards' },
      roles: ['standards-drafter', 'standards-approver'],
    })
    await propose({ code: '3', successor: '2' }, both)
    await submit(office.drafter, 'code-list', code, version)

    expect((await refusal(approve(both, 'code-list', code, version))).code).to.equal(
      'STANDARDS_REVIEW_SELF_APPROVED',
    )
    expect((await approve(office.approver, 'code-list', code, version)).status).to.equal('published')
  })

  it('tries an element and a schema alike', async () => {
    const element = await office.draftElement(1, { dataType: 'text', maxLength: 20, pattern: '^[12]$' })
    await submit(office.drafter, 'element', element.code, element.version)
    const [ofElement] = (await tried(element)).datasets
    const input = office.schemaInput(office.elementCode(1))
    const schema = await standards.draftSchema(office.drafter, 'tried', {
      ...input,
      columns: input.columns.map((column) =>
        column.name === 'tested' ? { ...column, maxLength: 1 } : column,
      ),
    })
    await standards.dryRun(office.drafter, standards.kindOf('schema'), schema.code, schema.version)
    const [ofSchema] = (await tried(schema)).datasets

    // Rows 1 and 2 pass still; 9 was refused when it was loaded and is; the three of 3 now fail.
    expect(ofElement).to.include({ datasetVersion: 2, newlyFailing: 3, newlyPassing: 0, unchanged: 3 })
    expect(ofSchema).to.include({ newlyFailing: 3, newlyPassing: 1, unchanged: 2 })
  })

  it('counts no migration to a code that the draft has lost since', async () => {
    await office.givenList('DB/T 9@1', ['1', '2', '3'])
    await office.givenElement(2, { dataType: 'code', codeListId: 'DB/T 9@1' })
    await office.givenSchema('lost', office.elementCode(2))
    await office.givenRows('lost', rows(['1', '3', '3']))
    const { code, version } = await office.draftList('DB/T 9@1', ['1', '2'])
    await standards.proposeRowMigration(office.drafter, code, version, { code: '3', successor: '2' })
    await standards.changeCodeList(office.drafter, version, office.listContent(code), office.valuesOf(['1']))
    await submit(office.drafter, 'code-list', code, version)
    await world.settle()

    const refused = await refusal(approve(office.approver, 'code-list', code, version))

    expect(refused.code).to.equal('STANDARDS_CODE_ROWS_REMAIN')
    expect(refused.params['codes']).to.equal('3（2）')
  })

  it('is failed, and can be asked for again, once its job gives up', async () => {
    const draft = await office.draftList('DB/T 6@1', ['1', '2'])
    const { layout } = await world.db
      .selectFrom('ingest.batch')
      .select('layout')
      .where('datasetId', '=', datasetId)
      .limit(1)
      .executeTakeFirstOrThrow()
    const write = (given: unknown) =>
      world.db
        .updateTable('ingest.batch')
        .set({ layout: JSON.stringify(given) })
        .where('datasetId', '=', datasetId)
        .execute()
    // What nobody foresaw.
    await write(null)
    await standards.dryRun(office.drafter, list, draft.code, draft.version)
    for (let attempt = 0; attempt < 5; attempt++) {
      expect((await tried(draft)).status).to.equal(attempt < 4 ? 'running' : 'failed')
      world.now = new Date(world.now.getTime() + 600_000)
    }

    expect((await latest(world.platform(), draft.id))?.refusal).to.equal('JOB_GAVE_UP')
    await write(layout)
    await standards.dryRun(office.drafter, list, draft.code, draft.version)
    expect(await tried(draft)).to.deep.include({ status: 'done', refusal: null })
  })

  it('is for drafts of one’s own organisation', async () => {
    const draft = await office.draftList('DB/T 6@7', ['1'])
    const attempt = (role: string, organisation: string) =>
      refusal(standards.dryRun(world.as(role, organisation), list, draft.code, draft.version))

    expect((await attempt('standards-drafter', 'other')).code).to.equal('STANDARDS_CODE_LIST_NOT_FOUND')
    expect((await attempt('clerk', 'demo-standards')).code).to.equal('POLICY_FORBIDDEN')
    const shipped = standards.dryRun(office.drafter, list, 'GB/T 2260@2023', '1.0.0')
    expect((await refusal(shipped)).code).to.equal('POLICY_FORBIDDEN')
  })
})

describe('removing a division from an edition (A12)', function () {
  this.timeout(180_000)
  const EDITION = 'GB/T 2260@2007'
  let world: World
  before(skipWithout('codes/gb2260_200712.tsv'))
  after(() => world?.close())

  it('names datasets, rows, forms, processes and grants, and is refused until a migration is given', async () => {
    world = await openWorld()
    const office = openOffice(world)
    await establishBodies(world)
    const codes = await divisions()
    await office.givenList(EDITION, codes)
    await office.givenElement(1, { dataType: 'code', codeListId: EDITION })
    await office.givenSchema('placed', office.elementCode(1))
    const held = ['210113', '110101', '210113', '210114', '210113']
    const dataset = await office.givenRows(
      'placed',
      held.map((code, at) => [CODES[at] ?? '', code]),
    )
    const element = office.elementCode(1)
    const { itemCode } = await givenItem(world, element, ['210113', '210114'])
    const designer = world.as('process-designer', 'market-bureau')
    await givenProcess(designer, element, ['210114'], 'division = "210113"')
    const open = await givenOpenEntry(world, element)
    const draft = await office.draftList(
      EDITION,
      codes.filter((code) => code !== '210113'),
    )
    const { drafter } = office
    await submit(drafter, 'code-list', EDITION, draft.version)
    await world.settle()

    const impact = await standards.impact(office.drafter, {
      kind: 'code-list',
      code: EDITION,
      value: '210113',
    })
    expect(codes.length).to.equal(3524)
    expect(draft.version).to.equal('2.0.0')
    expect(
      impact.dependencies.map(({ user, place, values }) => [user.kind, user.code, place, values]),
    ).to.have.deep.members([
      ['element', element, 'codeListId', null],
      ['schema', 'placed', 'tested', null],
      ['dataset', dataset.id, 'schema', null],
      ['item', itemCode, 'division', ['210113']],
      ['item', itemCode, 'results.food-business-licence.division', ['210113']],
      ['item', itemCode, 'materials.M1', null],
      // The form offers another code and is not named; the way out asks for this one.
      ['process', 'placing', 'g_look#condition', ['210113']],
      ['grant', `prefill:${itemCode}`, 'division_code', null],
      ['entry', open.code, '所在区划', null],
      ['grant', `open:${open.code}`, '所在区划', null],
    ])
    expect(
      (await catalog.holdings(office.drafter, impact)).map(({ dataset: { id }, column, rows }) => [
        id,
        column,
        rows,
      ]),
    ).to.deep.equal([[dataset.id, 'tested', 3]])
    const publish = () => approve(office.approver, 'code-list', EDITION, draft.version)
    const refused = await refusal(publish())
    expect(refused.code).to.equal('STANDARDS_CODE_ROWS_REMAIN')
    expect(refused.params['codes']).to.equal('210113（3）')
    await sendBack(office.approver, 'code-list', EDITION, draft.version, '待定')
    await standards.proposeRowMigration(drafter, EDITION, draft.version, {
      code: '210113',
      waiver: '待辽宁省统一换码',
    })
    await submit(drafter, 'code-list', EDITION, draft.version)
    const [removed] = await removedWithRows(office.drafter, await standards.codeList(office.drafter, EDITION))
    expect(removed).to.deep.include({ code: '210113', rows: 3, crosswalk: null })
    expect((await publish()).status).to.equal('published')
  })

  async function divisions(): Promise<string[]> {
    const text = await readFile(sharedData('codes/gb2260_200712.tsv') ?? '', 'utf8')
    const lines = text.trim().split('\n').slice(1)
    return lines.map((line) => line.split('\t')[2] ?? '')
  }
})
