import { expect } from 'chai'
import { graphql, type GraphQLSchema } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as organisations from '../../modules/organisation/index.ts'
import { openWorld, type World } from '../support/world.ts'

describe('the standards console, by GraphQL', () => {
  let world: World
  let schema: GraphQLSchema

  before(async () => {
    world = await openWorld()
    schema = composeSchema(manifests)
    await organisations.establish(world.platform(), {
      id: 'standards-office',
      name: { zh: '标准办', en: 'Standards office' },
      kind: 'body',
      parentId: null,
    })
  })
  after(() => world.close())

  const drafter = () => world.as('standards-drafter', 'standards-office')
  const approver = () => world.as('standards-approver', 'standards-office')

  it('shows a shipped schema whole, compiled once', async () => {
    const { recordSchema } = await ask(
      world.as('data-steward'),
      `{ recordSchema(code: "business-registration") {
          version status organisation { id name { zh } } primaryKey maxRejectedRate publishedAt
          columns { name required role calendar synonyms element { code version shortName name { zh en } examples { value good } } }
          jsonSchema formFields validatorSql mayEdit maySubmit mayPublish versions { version status } } }`,
    )

    expect(recordSchema).to.deep.include({
      version: '1.0.0',
      status: 'PUBLISHED',
      organisation: { id: 'platform', name: { zh: '平台' } },
      primaryKey: ['uscc'],
      maxRejectedRate: 0.05,
      mayEdit: false,
      versions: [{ version: '1.0.0', status: 'PUBLISHED' }],
    })
    expect(recordSchema.columns[0]).to.deep.include({ name: 'uscc', required: true, role: 'key' })
    expect(recordSchema.columns[0].element).to.deep.include({ code: 'DE00000002', shortName: 'uscc' })
    expect(recordSchema.formFields).to.have.length(8)
  })

  it('leads a draft to publication by two persons', async () => {
    const input = {
      code: 'food-premises',
      name: { zh: '食品经营场所', en: 'Food premises' },
      columns: [
        { name: 'uscc', elementCode: 'DE00000002', required: true },
        {
          name: 'opened_on',
          elementCode: 'DE00000009',
          required: false,
          calendar: 'auto',
          role: 'event-time',
        },
      ],
      primaryKey: ['uscc'],
    }
    const { draftRecordSchema: draft } = await ask(
      drafter(),
      `mutation($id: UUID!, $input: RecordSchemaInput!) { draftRecordSchema(commandId: $id, input: $input) {
        code version status organisation { id } mayEdit maySubmit mayPublish } }`,
      { id: randomUUID(), input },
    )
    await step(drafter(), 'submit')
    const { recordSchema: review } = await ask(
      approver(),
      '{ recordSchema(code: "food-premises") { mayEdit mayPublish } }',
    )
    const published = await step(approver(), 'publish')

    expect(draft).to.deep.equal({
      code: 'food-premises',
      version: '1.0.0',
      status: 'DRAFT',
      organisation: { id: 'standards-office' },
      mayEdit: true,
      maySubmit: true,
      mayPublish: false,
    })
    expect(review).to.deep.equal({ mayEdit: false, mayPublish: true })
    expect(published).to.include({ status: 'PUBLISHED', submittedBy: 'standards-drafter@standards-office' })
  })

  it('lists and searches elements, lists and schemas', async () => {
    const found = await ask(
      world.as('citizen'),
      `{ dataElements(search: "信用代码", first: 5) { edges { node { shortName status } cursor } pageInfo { hasNextPage endCursor } }
         codeLists(first: 50) { edges { node { id valueCount status } } }
         codeList(id: "GB/T 2261.1@2003") { name { en } values(first: 2) { edges { node { code name { zh en } parent level } } pageInfo { hasNextPage } } }
         recordSchemas(search: "纳税人") { edges { node { code name { zh } } } }
         checkValue(element: "tw-ubn", value: "00000000") { valid reason } }`,
    )

    expect(found.dataElements.edges.map((edge: { node: unknown }) => edge.node)).to.deep.include({
      shortName: 'uscc',
      status: 'PUBLISHED',
    })
    expect(found.codeLists.edges.map((edge: { node: unknown }) => edge.node)).to.deep.include({
      id: 'GB/T 2260@2023',
      valueCount: 3351,
      status: 'PUBLISHED',
    })
    expect(found.codeList.values.edges).to.deep.equal([
      { node: { code: '0', name: { zh: '未知的性别', en: 'unknown' }, parent: null, level: 1 } },
      { node: { code: '1', name: { zh: '男性', en: 'male' }, parent: null, level: 1 } },
    ])
    expect(found.recordSchemas.edges).to.deep.equal([
      { node: { code: 'taxpayer', name: { zh: '纳税人登记簿' } } },
    ])
    expect(found.checkValue).to.deep.equal({ valid: false, reason: 'placeholder' })
  })

  it('drafts an element and publishes it by another hand', async () => {
    const input = {
      code: 'DE90000001',
      name: { zh: '餐位数', en: 'number of seats' },
      shortName: 'seat_count',
      definition: '可供就餐的座位数量',
      objectClass: '场所',
      property: '餐位',
      representation: '数量',
      dataType: 'integer',
      format: 'n..5',
      minimum: 0,
      examples: [
        { value: '40', good: true },
        { value: '-1', good: false },
      ],
    }
    await ask(
      drafter(),
      'mutation($id: UUID!, $input: DataElementInput!) { draftDataElement(commandId: $id, input: $input) { code } }',
      { id: randomUUID(), input },
    )
    const call =
      'DataElement(commandId: $id, code: "DE90000001", version: "1.0.0") { status examples { value good } }'
    await ask(drafter(), `mutation($id: UUID!) { submit${call} }`, { id: randomUUID() })
    const answer = await ask(approver(), `mutation($id: UUID!) { publish${call} }`, { id: randomUUID() })

    expect(answer.publishDataElement).to.deep.equal({ status: 'PUBLISHED', examples: input.examples })
  })

  async function step(ctx: Context, verb: 'submit' | 'publish') {
    const field = `${verb}RecordSchema`
    const answer = await ask(
      ctx,
      `mutation($id: UUID!) { ${field}(commandId: $id, code: "food-premises", version: "1.0.0") { status submittedBy } }`,
      { id: randomUUID() },
    )
    return answer[field]
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape of an answer follows its query
  async function ask(contextValue: Context, source: string, variableValues = {}): Promise<any> {
    const { data, errors } = await graphql({ schema, source, contextValue, variableValues })
    if (errors) throw errors[0]?.originalError ?? errors[0]
    return data
  }
})
