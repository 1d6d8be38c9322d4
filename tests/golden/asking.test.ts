import { expect } from 'chai'
import { graphql, type GraphQLSchema } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import { dataset } from '../../modules/catalog/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { givenSchema, load } from './registers.ts'

const RESTAURANT = '91350100M000100Y43'

/** The console's own questions, from a registered dataset to the origin of a value. */
describe('asking the catalogue and the golden records', () => {
  let world: World
  let schema: GraphQLSchema
  let datasetId: string

  before(async () => {
    world = await openWorld()
    schema = composeSchema(manifests)
    const county = { zh: '示例县人民政府', en: 'County' }
    await establish(world.platform(), { id: 'county', name: county, kind: 'government' })
    await establish(world.platform(), {
      id: 'market-bureau',
      name: { zh: '市场监督管理局', en: 'Market bureau' },
      kind: 'body',
      parentId: 'county',
    })
    await givenSchema(world, 'companies', ['code', 'name', 'phone'])
  })
  after(() => world.close())

  it('registers a dataset once for a command id', async () => {
    const input = { title: '企业登记', schemaCode: 'companies' }
    const document = `mutation ($commandId: UUID!, $input: DatasetInput!) {
      registerDataset(commandId: $commandId, input: $input) {
        id title sourceRank mayLoad maySeeBatches schemaName { zh } organisation { id } currentVersion { version } versions { version }
      }
    }`
    const commandId = randomUUID()

    const first = await ask(steward(), document, { commandId, input })
    const again = await ask(steward(), document, { commandId, input })

    const dataset = first['registerDataset'] as { id: string }
    datasetId = dataset.id
    expect(dataset).to.deep.include({
      title: '企业登记',
      sourceRank: 100,
      mayLoad: true,
      maySeeBatches: true,
      schemaName: { zh: '登记册 companies' },
      organisation: { id: 'market-bureau' },
      currentVersion: null,
      versions: [],
    })
    expect(again).to.deep.equal(first)
  })

  it('shows versions, the last first, and the one of a day', async () => {
    const [dataset] = await catalogued()
    await load(world, dataset, [`${RESTAURANT},榕城饭店,0591-1`])
    world.now = new Date('2026-01-06T09:00:00+08:00')
    await load(world, dataset, [`${RESTAURANT},福州榕城餐饮有限公司,0591-2`])
    await world.settle()

    const answer = await ask(
      world.as('data-user', 'tax-bureau'),
      `query ($id: UUID!) {
        dataset(id: $id) {
          mayLoad maySeeBatches versions { version rows schemaVersion sha256 } currentVersion { version createdAt }
          asOf(at: "2026-01-05T12:00:00+08:00") { version }
        }
        datasets(search: "企业") { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
      }`,
      { id: datasetId },
    )

    const shown = answer['dataset'] as { versions: { version: number; sha256: string[] }[] }
    expect(shown).to.deep.include({
      mayLoad: false,
      maySeeBatches: false,
      currentVersion: { version: 2, createdAt: '2026-01-06T01:00:00.000Z' },
      asOf: { version: 1 },
    })
    expect(shown.versions.map(({ version }) => version)).to.deep.equal([2, 1])
    expect(shown.versions[0]?.sha256[0]).to.match(/^[0-9a-f]{64}$/)
    expect(answer['datasets']).to.have.nested.property('edges[0].node.id', datasetId)
  })

  it('shows a record with the origin of each value', async () => {
    const answer = await ask(
      steward(),
      `query ($key: String!) {
        organisationRecords(search: "餐饮") { edges { node { key name } } }
        organisationRecord(key: $key, purpose: "核实") {
          key name asOfAt stale
          fields {
            explanation { text { zh } lost { reason } }
            name label { zh } value rule runnersUp { value }
            source { datasetId datasetTitle organisation { name { zh } } version asOfAt line value trust eventOn }
          }
        }
        latestMerge { status records changed inputs { datasetId version rows } findings { code } startedAt endedAt }
      }`,
      { key: RESTAURANT },
    )

    expect(answer['organisationRecords']).to.deep.equal({
      edges: [{ node: { key: RESTAURANT, name: '福州榕城餐饮有限公司' } }],
    })
    const record = answer['organisationRecord'] as { stale: boolean; fields: { name: string }[] }
    expect(record.stale).to.equal(false)
    expect(record.fields.find(({ name }) => name === 'phone')).to.deep.equal({
      name: 'phone',
      explanation: {
        text: { zh: '联系电话取“0591-2”，来自市场监督管理局《企业登记》第2版第2行。只有这一处记载。' },
        lost: [],
      },
      label: { zh: '联系电话' },
      value: '0591-2',
      rule: 'only-source',
      runnersUp: [],
      source: {
        datasetId,
        datasetTitle: '企业登记',
        organisation: { name: { zh: '市场监督管理局' } },
        version: 2,
        asOfAt: '2026-01-06T01:00:00.000Z',
        line: 2,
        value: '0591-2',
        trust: 0.8,
        eventOn: null,
      },
    })
    expect(answer['latestMerge']).to.deep.include({
      status: 'published',
      records: 1,
      inputs: [{ datasetId, version: 2, rows: 1 }],
      findings: [],
    })
  })

  it('asks for a merge, and names a legal source', async () => {
    const merge = await ask(
      steward(),
      'mutation ($commandId: UUID!) { mergeRegisters(commandId: $commandId) { id status records startedAt } }',
      { commandId: randomUUID() },
    )
    expect(merge['mergeRegisters']).to.deep.include({ status: 'queued', records: null })

    const named = await ask(
      world.as('directory-admin', 'county'),
      `mutation ($commandId: UUID!) {
        nameLegalSource(commandId: $commandId, elementCode: "DE00000013", organisationId: "market-bureau") {
          elementCode organisation { id }
        }
      }`,
      { commandId: randomUUID() },
    )
    expect(named['nameLegalSource']).to.deep.equal({
      elementCode: 'DE00000013',
      organisation: { id: 'market-bureau' },
    })
    const listed = await ask(steward(), '{ legalSources { elementCode organisation { id } } }')
    expect(listed['legalSources']).to.deep.equal([named['nameLegalSource']])
  })

  const steward = () => world.as('data-steward', 'market-bureau')

  async function catalogued() {
    return [await dataset(steward(), datasetId)] as const
  }

  async function ask(ctx: Context, source: string, variableValues: Record<string, unknown> = {}) {
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue: ctx })
    expect(errors, JSON.stringify(errors)).to.equal(undefined)
    // A plain copy: graphql's objects have no prototype, which chai tells apart.
    return JSON.parse(JSON.stringify(data)) as Record<string, unknown>
  }
})
