import { expect } from 'chai'
import { sql } from 'kysely'
import * as catalog from '../../modules/catalog/index.ts'
import { up as bindDatasets } from '../../modules/catalog/migrations/20261130T0020_catalog_bind_datasets.ts'
import { nameLegalSource } from '../../modules/golden/index.ts'
import { up as bindSources } from '../../modules/golden/migrations/20261130T0020_golden_bind_legal_sources.ts'
import { establish } from '../../modules/organisation/index.ts'
import { seedItems } from '../../modules/service/index.ts'
import { up as bindItems } from '../../modules/service/migrations/20261130T0020_service_bind_items.ts'
import * as standards from '../../standards/index.ts'
import { up as bindEntries } from '../../modules/catalog/migrations/20261201T0247_catalog_bind_entries.ts'
import { up as bindWholeItems } from '../../modules/service/migrations/20261201T0247_service_bind_whole_items.ts'
import { recordValues } from '../../standards/migrations/20261201T0241_standards_dependency_values.ts'
import { up as bindProcesses } from '../../workflows/migrations/20261201T0243_workflow_bind_processes.ts'
import { recordStandards } from '../../standards/migrations/20261130T0010_standards_dependency.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { CODES } from '../ingest/registers.ts'
import { written } from '../catalog/directory.ts'
import { load, type Office, openOffice } from './office.ts'
import { establishBodies, givenItem, givenOpenEntry, givenProcess } from './used.ts'

const PACKS = new URL('../../workflows/packs/', import.meta.url)

describe('the impact of a standard', () => {
  let world: World
  let office: Office
  let datasetId: string

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
    await office.givenList('DB/T 5@1', ['1', '2', '3'])
    await office.givenList('DB/T 5@2', ['1', '2', '4'])
    await office.givenElement(1, { dataType: 'code', codeListId: 'DB/T 5@1' })
    await office.givenSchema('coded', office.elementCode(1))
    datasetId = (await office.givenRows('coded', rows(['1', '1', '2', '1', '']))).id
    await office.publish('crosswalk', await standards.draftCrosswalk(office.drafter, crosswalk()))
    await standards.draftSchema(office.drafter, 'coming', office.schemaInput(office.elementCode(1)))
  })
  after(() => world.close())

  const rows = (values: readonly string[]) => values.map((value, at) => [CODES[at] ?? '', value] as const)

  function crosswalk(): standards.CrosswalkContent {
    const row = { fromCode: '3', toCode: '4', relation: 'exact' as const, weight: 1, note: null }
    return {
      name: { zh: '对照', en: 'map' },
      from: 'DB/T 5@1',
      to: 'DB/T 5@2',
      authority: '标准办',
      rows: [row],
    }
  }

  const impact = (ctx: ReturnType<World['as']>, code: string, value?: string) =>
    standards.impact(ctx, { kind: 'code-list', code, ...(value !== undefined && { value }) })

  it('names who refers to a code list, and through whom', async () => {
    const { dependencies, complete } = await impact(office.drafter, 'DB/T 5@1')

    expect(complete).to.equal(true)
    expect(
      dependencies.map(({ depth, user, place, live }) => [depth, user.kind, user.code, place, live]),
    ).to.deep.equal([
      [1, 'crosswalk', 'DB/T 5@1 > DB/T 5@2', 'from', true],
      [1, 'element', 'DE80000001', 'codeListId', true],
      [2, 'schema', 'coded', 'tested', true],
      [2, 'schema', 'coming', 'tested', true],
      [3, 'dataset', datasetId, 'schema', true],
    ])
  })

  it('counts the rows that hold one code exactly, in the current version', async () => {
    const held = async (value?: string) => {
      const steward = world.as('data-steward')
      const found = await catalog.holdings(steward, await impact(steward, 'DB/T 5@1', value))
      return found.map(({ dataset, version, column, rows }) => [dataset.id, version, column, rows])
    }

    expect(await held('1')).to.deep.equal([[datasetId, 1, 'tested', 3]])
    expect(await held('3')).to.deep.equal([[datasetId, 1, 'tested', 0]])
    expect(await held()).to.deep.equal([[datasetId, 1, 'tested', 4]])
    await load(world, office.steward, datasetId, rows(['1', '3', '3', '3', '3']))
    expect(await held('3')).to.deep.equal([[datasetId, 2, 'tested', 4]])
    const reads = await world.db
      .selectFrom('core.access')
      .select(['subject', 'purpose', 'fields'])
      .where('subject', 'like', 'standards.impact%')
      .execute()
    expect(reads.at(-1)).to.deep.equal({
      subject: 'standards.impact:code-list:DB/T 5@1#3',
      purpose: 'impact analysis',
      fields: ['tested'],
    })
  })

  it('tells of no value but a published code: not whether a person stands in a register', async () => {
    await office.draftList('DB/T 5@1', ['1', '2', '3', '张三'])
    const reads = () => world.db.selectFrom('core.access').select('id').execute()
    const before = await reads()
    const element = { kind: 'element' as const, code: office.elementCode(1) }

    for (const asked of [
      impact(office.drafter, 'DB/T 5@1', '张三'),
      impact(office.drafter, 'DB/T 5@1', ''),
      impact(office.drafter, 'DB/T 5@1', '4'),
      standards.impact(office.drafter, { ...element, value: '张三' }),
      standards.impact(office.drafter, { ...element, value: '1' }),
      standards.impact(office.drafter, { kind: 'schema', code: 'coded', value: '1' }),
    ]) {
      const refused = await refusal(asked)
      expect([refused.code, refused.params]).to.deep.equal(['STANDARDS_IMPACT_VALUE_UNFIT', {}])
    }

    expect(await reads()).to.have.length(before.length)
  })

  it('counts at most a hundred datasets, and says when there are more', async () => {
    await office.givenList('DB/T 6@1', ['1'])
    await office.givenElement(2, { dataType: 'code', codeListId: 'DB/T 6@1' })
    await office.givenSchema('many', office.elementCode(2))
    for (let at = 0; at < 100; at++)
      await catalog.registerDataset(office.steward, { title: `登记${at}`, schemaCode: 'many' })
    const found = await impact(office.steward, 'DB/T 6@1')
    const [one] = found.dependencies.filter(({ user }) => user.kind === 'dataset')
    if (one === undefined) throw new Error('no dataset')
    const absent = { ...one, user: { ...one.user, id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' } }
    const beyond = { ...found, dependencies: [absent, ...found.dependencies] }

    expect(catalog.countsAll(found)).to.equal(true)
    expect(catalog.countsAll(beyond)).to.equal(false)
    expect(await catalog.holdings(office.steward, beyond)).to.deep.equal([])
  })

  it('shows no draft of another organisation, no unseen dataset, and is for those with the office', async () => {
    const stranger = world.as('data-steward', 'other')
    const unseen = await catalog.registerDataset(office.steward, { title: '未发布', schemaCode: 'coded' })
    const namesUnseen = async (reader: ReturnType<World['as']>) =>
      (await impact(reader, 'DB/T 5@1')).dependencies.some(({ user }) => user.id === unseen.id)

    const users = (await impact(stranger, 'DB/T 5@1')).dependencies.map(({ user }) => user.code)
    expect(users).to.include(datasetId).and.not.to.include('coming')
    expect(await namesUnseen(stranger)).to.equal(false)
    expect(await namesUnseen(office.drafter)).to.equal(false)
    expect(await namesUnseen(office.steward)).to.equal(true)
    const held = await catalog.holdings(stranger, await impact(stranger, 'DB/T 5@1'))
    expect(held.map(({ dataset }) => dataset.id)).to.deep.equal([datasetId])
    expect((await refusal(impact(world.as('clerk'), 'DB/T 5@1'))).code).to.equal('POLICY_FORBIDDEN')
  })

  it('reaches the forms of items and the legal sources of an element', async () => {
    for (const id of ['demo-county', 'demo-market-bureau', 'demo-urban-management'])
      await establish(world.platform(), {
        id,
        kind: id === 'demo-county' ? 'government' : 'body',
        name: { zh: id, en: id },
        parentId: id === 'demo-county' ? null : 'demo-county',
        creditCode: null,
        regionCode: null,
      })
    await seedItems(world.platform(), PACKS)
    await nameLegalSource(world.platform(), {
      elementCode: 'DE00000001',
      organisationId: 'demo-market-bureau',
    })

    const { dependencies } = await standards.impact(office.drafter, { kind: 'element', code: 'DE00000001' })
    const of = (kind: standards.UserKind) =>
      dependencies.filter(({ user }) => user.kind === kind).map(({ user, place }) => [user.version, place])
    expect(of('item').length).to.be.greaterThan(0)
    expect(of('legal-source')).to.deep.equal([['', 'legal-source']])
    expect(of('schema').length).to.be.greaterThan(0)
  })

  it('is written whole for a platform that ran before it was kept', async () => {
    const everything = () =>
      world.db
        .selectFrom('standards.dependency')
        .selectAll()
        .orderBy('userKind')
        .orderBy('userId')
        .orderBy('place')
        .orderBy('usedCode')
        .execute()
    await establishBodies(world)
    const element = office.elementCode(1)
    await givenItem(world, element, ['2', '1'])
    await givenProcess(world.as('process-designer', 'market-bureau'), element, ['1'], 'division = "3"')
    const { id } = await givenOpenEntry(world, element)
    await catalog.changeEntry(world.as('data-steward', 'market-bureau'), id, written({ classPath: ['区划'] }))
    await givenOpenEntry(world, element)
    const kept = await everything()
    await sql`delete from standards.dependency where user_kind <> 'field'`.execute(world.db)

    for (const record of [
      ...[recordStandards, bindDatasets, bindItems, bindSources],
      ...[recordValues, bindWholeItems, bindEntries, bindProcesses],
    ])
      await record(world.db)

    expect(kept.length).to.be.greaterThan(100)
    expect(await everything()).to.deep.equal(kept)
  })
})
