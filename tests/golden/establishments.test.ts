import { expect } from 'chai'
import { graphql } from 'graphql'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import type { Dataset } from '../../modules/catalog/index.ts'
import {
  accessSubject,
  establishments,
  latestMerge,
  organisationRecord,
  recomputedSha256,
} from '../../modules/golden/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { draftSchema } from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode, ELEMENTS, givenDataset, givenSchema, load } from './registers.ts'
import { approve, submit } from '../support/standards.ts'

const PAGE = { first: 50, purpose: '核实' }
const COLUMNS = [
  { name: 'branch_number', elementCode: ELEMENTS.number, required: true },
  { name: 'name', elementCode: ELEMENTS.name, required: true },
  { name: 'address', elementCode: ELEMENTS.address, required: false },
  {
    name: 'company',
    elementCode: ELEMENTS.code,
    required: false,
    role: 'foreign-key',
    severity: 'warn',
  },
]

// Section 6.5 of specs/standards-and-data.md, last paragraph.
describe('establishments of a company', () => {
  let world: World
  let market: Dataset
  let branches: Dataset
  const steward = () => world.as('data-steward', 'market-bureau')
  const company = creditCode(1)
  const unheardOf = creditCode(2)

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    for (const id of ['market-bureau', 'urban-bureau'])
      await establish(world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
    market = await givenDataset(world, 'market-bureau', 'companies', '企业登记')
    await givenEstablishments('branches')
    branches = await givenDataset(world, 'urban-bureau', 'branches', '门店登记')
    await load(world, market, [`${company},榕城餐饮有限公司,东街1号`])
    await world.settle()
  })
  after(() => world.close())

  it('are linked to it by its number, each with its own place, and change nothing of it', async () => {
    const before = await latestMerge(steward())
    await load(world, branches, [
      `B2,榕城餐饮台江店,台江路2号,${company}`,
      `B1,榕城餐饮鼓楼店,古田路1号,${company}`,
      `B3,别家店,,${unheardOf}`,
      'B4,无主店,,',
      `B5,错号店,,${company.slice(0, 17)}*`,
    ])
    await world.settle()

    const run = await latestMerge(steward())
    expect(run).to.include({ status: 'published', records: 1, changed: 0, removed: 0 })
    expect(run?.contentSha256).to.equal(before?.contentSha256)
    expect(run?.inputs).to.have.length(2)
    expect(run?.findings).to.deep.equal([
      { datasetId: branches.id, code: 'GOLDEN_KEY_CHECK_FAILED', rows: 1, lines: [6] },
    ])
    expect(await numbersOf(company)).to.deep.equal([
      ['B1', '榕城餐饮鼓楼店', '古田路1号', 1, 3],
      ['B2', '榕城餐饮台江店', '台江路2号', 1, 2],
    ])
    expect(await numbersOf(unheardOf)).to.deep.equal([['B3', '别家店', null, 1, 4]])
    const { name, fields } = await organisationRecord(steward(), { key: company, purpose: '核实' })
    expect(name).to.equal('榕城餐饮有限公司')
    expect(fields.flatMap(({ runnersUp }) => runnersUp)).to.be.empty
    expect(await recomputedSha256(steward())).to.equal(run?.contentSha256)
  })

  it('are those of the version served, and only those', async () => {
    await load(world, branches, [`B1,榕城餐饮鼓楼分店,古田路1号,${company}`])
    await world.settle()

    expect(await numbersOf(company)).to.deep.equal([['B1', '榕城餐饮鼓楼分店', '古田路1号', 2, 2]])
    const kept = await world.db.selectFrom('golden.establishment').select('number').execute()
    expect(kept).to.deep.equal([{ number: 'B1' }])
  })

  it('are read for a purpose, and the look is logged', async () => {
    const ctx = steward()
    await establishments(ctx, { ...PAGE, partOf: company })
    const [access] = await world.db
      .selectFrom('core.access')
      .selectAll()
      .where('requestId', '=', ctx.requestId)
      .execute()
    expect(access).to.include({ kind: 'read', subject: accessSubject(company), purpose: '核实' })
    const aimless = establishments(steward(), { ...PAGE, partOf: company, purpose: ' ' })
    expect((await refusal(aimless)).code).to.equal('GOLDEN_PURPOSE_MISSING')
  })

  it('are refused to citizens, and to an enterprise those of another', async () => {
    const owner = { kind: 'enterprise' as const, creditCode: company }
    await establish(world.platform(), { id: 'enterprise', name: { zh: '榕城', en: 'R' }, ...owner })
    const enterprise = world.as('enterprise-drafter', 'enterprise')
    expect((await establishments(enterprise, { ...PAGE, partOf: company })).edges).to.have.length(1)
    const other = establishments(enterprise, { ...PAGE, partOf: unheardOf })
    expect((await refusal(other)).code).to.equal('GOLDEN_RECORD_NOT_FOUND')
    const citizen = establishments(world.as('citizen', 'citizen:x'), { ...PAGE, partOf: company })
    expect((await refusal(citizen)).code).to.equal('POLICY_FORBIDDEN')
  })

  it('come page by page through GraphQL', async () => {
    await load(world, branches, [`B2,二店,,${company}`, `B1,一店,,${company}`])
    await world.settle()
    const schema = composeSchema(manifests)
    const source = /* GraphQL */ `
      query ($partOf: String!, $after: String) {
        establishments(partOf: $partOf, purpose: "核实", first: 1, after: $after) {
          edges {
            node {
              number
              partOf
              datasetTitle
              version
              line
              organisation {
                id
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    `
    const ask = async (after: string | null) => {
      const variableValues = { partOf: company, after }
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue: steward() })
      expect(errors).to.equal(undefined)
      return JSON.parse(JSON.stringify(data?.['establishments'])) as {
        edges: { node: object }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
      }
    }
    const first = await ask(null)
    expect(first.edges).to.deep.equal([
      {
        node: {
          number: 'B1',
          partOf: company,
          datasetTitle: '门店登记',
          version: 3,
          line: 3,
          organisation: { id: 'urban-bureau' },
        },
      },
    ])
    const second = await ask(first.pageInfo.endCursor)
    expect(second.edges).to.have.length(1)
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).to.deep.equal([true, false])
  })

  it('need a schema with one number of their own and one company', async () => {
    const faulty: [string, Parameters<typeof draftSchema>[2]][] = [
      ['no-key', schemaInput({ primaryKey: [] })],
      ['no-company', schemaInput({ columns: COLUMNS.slice(0, 3), primaryKey: [] })],
      ['other-entity', { ...schemaInput({}), entity: 'person' }],
    ]
    for (const [code, input] of faulty)
      expect((await refusal(draftSchema(drafter(), code, input))).code).to.equal('STANDARDS_SCHEMA_INVALID')
    const nameless = COLUMNS.map((each) =>
      each.name === 'company' ? { ...each, elementCode: ELEMENTS.organisationCode } : each,
    )
    const { version } = await draftSchema(drafter(), 'no-number', schemaInput({ columns: nameless }))
    const submitted = submit(drafter(), 'schema', 'no-number', version)
    expect((await refusal(submitted)).code).to.equal('STANDARDS_SCHEMA_INVALID')
  })

  const drafter = () => world.as('standards-drafter', 'standards-office')

  function schemaInput(part: Partial<Parameters<typeof draftSchema>[2]>): Parameters<typeof draftSchema>[2] {
    return {
      name: { zh: '门店登记', en: 'Branches' },
      columns: COLUMNS,
      primaryKey: ['branch_number'],
      maxRejectedRate: 0.5,
      entity: 'establishment',
      ...part,
    }
  }

  async function givenEstablishments(code: string): Promise<void> {
    const { version } = await draftSchema(drafter(), code, schemaInput({}))
    await submit(drafter(), 'schema', code, version)
    await approve(world.as('standards-approver', 'standards-office'), 'schema', code, version)
  }

  async function numbersOf(partOf: string) {
    const { edges } = await establishments(steward(), { ...PAGE, partOf })
    return edges.map(({ node }) => [node.number, node.name, node.address, node.version, node.line])
  }
})
