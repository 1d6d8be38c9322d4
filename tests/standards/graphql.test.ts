import { expect } from 'chai'
import { graphql, type GraphQLSchema } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as organisations from '../../modules/organisation/index.ts'
import { refusal } from '../support/refusal.ts'
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
          jsonSchema formFields validatorSql mayEdit versions { version status } } }`,
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
        code version status organisation { id } mayEdit } }`,
      { id: randomUUID(), input },
    )
    const standard = { kind: 'SCHEMA', code: 'food-premises', version: '1.0.0' }
    const before = await life(drafter(), standard)
    await submit(standard)
    const review = await life(approver(), standard)
    const published = await publish(standard, review)

    expect(draft).to.deep.equal({
      code: 'food-premises',
      version: '1.0.0',
      status: 'DRAFT',
      organisation: { id: 'standards-office' },
      mayEdit: true,
    })
    expect(before).to.deep.include({ mayEdit: true, maySubmit: true, mayPublish: false })
    expect(review).to.deep.include({ mayEdit: false, maySubmit: false, mayPublish: true })
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
    const standard = { kind: 'ELEMENT', code: 'DE90000001', version: '1.0.0' }
    await submit(standard)
    const published = await publish(standard, await life(approver(), standard))

    const { dataElement } = await ask(
      approver(),
      '{ dataElement(code: "DE90000001") { status examples { value good } } }',
    )
    expect(published.status).to.equal('PUBLISHED')
    expect(dataElement).to.deep.equal({ status: 'PUBLISHED', examples: input.examples })
  })

  it('publishes and returns what the reviewer names, of every kind by the same two mutations', async () => {
    const input = {
      list: {
        name: { zh: '餐饮类别', en: 'Kinds of catering' },
        standardNumber: 'DB/T 9',
        edition: '2026',
        issuer: '标准办',
        levels: [{ zh: '级', en: 'level' }],
        licence: 'facts',
      },
      values: [{ code: '1', name: { zh: '正餐', en: 'meals' } }],
    }
    await ask(
      drafter(),
      'mutation($id: UUID!, $input: CodeListInput!) { draftCodeList(commandId: $id, input: $input) { id } }',
      { id: randomUUID(), input },
    )
    const standard = { kind: 'CODE_LIST', code: 'DB/T 9@2026', version: '1.0.0' }
    await submit(standard)
    const seen = await life(approver(), standard)
    await ask(
      approver(),
      `mutation($id: UUID!, $standard: StandardInput!, $reviewed: ReviewedInput!) {
        returnStandard(commandId: $id, standard: $standard, remark: "再议", reviewed: $reviewed) { status } }`,
      { id: randomUUID(), standard, reviewed: reviewedAs(seen) },
    )
    await submit(standard)

    expect((await refusal(publish(standard, seen))).code).to.equal('STANDARDS_DRAFT_STALE')
    expect((await publish(standard, await life(approver(), standard))).status).to.equal('PUBLISHED')
    const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {})
    expect(
      mutations.filter((name) => /(RecordSchema|DataElement|CodeList|Crosswalk)$/.test(name)),
    ).to.have.members([
      ...['draftRecordSchema', 'changeRecordSchema', 'draftDataElement', 'changeDataElement'],
      ...['draftCodeList', 'changeCodeList', 'extendCodeList', 'importCodeList'],
      ...['draftCrosswalk', 'changeCrosswalk'],
    ])
  })

  interface Which {
    readonly kind: string
    readonly code: string
    readonly version: string
  }
  interface Seen {
    readonly reviewId: string | null
    readonly revision: number
  }
  const reviewedAs = ({ reviewId, revision }: Seen) => ({ reviewId, expectedRevision: revision })

  async function life(ctx: Context, { kind, code, version }: Which) {
    const answer = await ask(
      ctx,
      `query($code: String!, $version: String) { standardVersion(kind: ${kind}, code: $code, version: $version) {
        reviewId revision mayEdit maySubmit mayPublish } }`,
      { code, version },
    )
    return answer.standardVersion
  }

  const submit = (standard: Which) =>
    ask(
      drafter(),
      'mutation($id: UUID!, $standard: StandardInput!) { submitStandard(commandId: $id, standard: $standard) { status } }',
      { id: randomUUID(), standard },
    )

  async function publish(standard: Which, seen: Seen) {
    const answer = await ask(
      approver(),
      `mutation($id: UUID!, $standard: StandardInput!, $reviewed: ReviewedInput!) {
        publishStandard(commandId: $id, standard: $standard, reviewed: $reviewed) { status submittedBy } }`,
      { id: randomUUID(), standard, reviewed: reviewedAs(seen) },
    )
    return answer.publishStandard
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape of an answer follows its query
  async function ask(contextValue: Context, source: string, variableValues = {}): Promise<any> {
    const { data, errors } = await graphql({ schema, source, contextValue, variableValues })
    if (errors) throw errors[0]?.originalError ?? errors[0]
    return data
  }
})
