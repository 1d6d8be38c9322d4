import { expect } from 'chai'
import { type ExecutionResult, graphql } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import { DomainError } from '../../core/errors.ts'
import { CATERER, FORM, ITEM_CODE, openWindow, type Window } from './window.ts'

const schema = composeSchema(manifests)

describe('the window by GraphQL', () => {
  let window: Window

  before(async () => {
    window = await openWindow({ now: '2026-07-06T10:00:00+08:00' })
  })
  after(() => window.world.close())

  async function ask(ctx: Context, source: string, variableValues: Record<string, unknown> = {}) {
    const result: ExecutionResult = await graphql({ schema, source, variableValues, contextValue: ctx })
    return result
  }

  it('shows the directory to everybody, and who may apply', async () => {
    const source = `{ serviceItems(search: "食品") { edges { node { id itemCode name { zh } mayApply
      organisation { id } legalLimit { amount unit } questions { id kind options { value } }
      materials { code necessity obtainBy } legalBases { lawName clause } results { zh } } } pageInfo { hasNextPage } } }`

    const visitor = await ask(window.world.as('anonymous', 'public'), source)
    const firm = await ask(window.drafter(), source)

    const node = (result: ExecutionResult) =>
      (result.data as { serviceItems: { edges: { node: Record<string, unknown> }[] } }).serviceItems.edges[0]
        ?.node
    expect(visitor.errors).to.equal(undefined)
    expect(node(visitor)).to.deep.include({
      itemCode: ITEM_CODE,
      mayApply: false,
      legalLimit: { amount: 10, unit: 'WORKING_DAY' },
    })
    expect(node(firm)?.['mayApply']).to.equal(true)
  })

  it('carries an application from the draft to the case page', async () => {
    const start = await ask(
      window.drafter(),
      `mutation ($commandId: UUID!, $itemId: UUID!, $answers: JSON!) {
        startDraft(commandId: $commandId, itemId: $itemId, answers: $answers) {
          id status version missing prefillNotice { zh en } scenario { id outcome materials }
          form { name widget required readOnly section { zh } options { value } prefilledFrom } answers { field } } }`,
      { commandId: randomUUID(), itemId: window.item.id, answers: CATERER },
    )
    expect(start.errors).to.equal(undefined)
    const { startDraft } = start.data as { startDraft: { id: string; missing: string[]; form: object[] } }
    expect(startDraft).to.deep.include({ status: 'DRAFT', missing: ['M3', 'M4'] })
    const { id } = startDraft
    await ask(
      window.drafter(),
      `mutation ($commandId: UUID!, $id: UUID!, $answers: JSON!) {
        saveDraft(commandId: $commandId, id: $id, expectedVersion: 1, answers: $answers) { version } }`,
      { commandId: randomUUID(), id, answers: FORM },
    )
    for (const code of ['M3', 'M4']) await window.upload(window.drafter(), id, code)

    const submit = `mutation ($commandId: UUID!, $id: UUID!) {
      submitApplication(commandId: $commandId, id: $id, expectedVersion: 4) {
        number status receipt { number answersSha256 files { name sha256 } signature keyId }
        cases { id number status publicStatus { zh en } flags { name } organisation { id } applicant { creditCode }
          clocks { kind dueOn state } history { event text { zh } organisation { id } actor }
          answers { field value origin } form { name } materials { code sizeBytes verdict }
          correction { dueOn } certificate { number } visits { at } branches { name organisation { id } }
          notices { kind } application { id } responsible { id } mayResubmit mayWithdraw item { itemCode } } } }`
    const double = { commandId: randomUUID(), id }
    const [first, again, other] = [
      await ask(window.drafter(), submit, double),
      await ask(window.drafter(), submit, double),
      await ask(window.drafter(), submit, { commandId: randomUUID(), id }),
    ]

    expect(first.errors).to.equal(undefined)
    expect(again).to.deep.equal(first)
    expect(other).to.deep.equal(first)
    const { cases } = (first.data as { submitApplication: { cases: Record<string, unknown>[] } })
      .submitApplication
    expect(cases).to.have.length(1)
    expect(cases[0]).to.deep.include({
      status: 'SUBMITTED',
      publicStatus: { zh: '已提交，等待受理', en: 'Submitted, waiting for acceptance' },
      clocks: [{ kind: 'INTAKE', dueOn: '2026-07-13', state: 'RUNNING' }],
      mayWithdraw: true,
      mayResubmit: false,
      responsible: { id: 'demo-market-bureau' },
    })
  })

  it('lists own applications and the body’s cases page by page', async () => {
    const mine = await ask(
      window.drafter(),
      `{ myApplications(first: 1) { edges { node { status number } cursor } pageInfo { hasNextPage endCursor } } }`,
    )
    const theirs = await ask(window.rival(), `{ myApplications { edges { node { id } } } }`)
    const desk = await ask(
      window.clerk(),
      `{ cases(status: SUBMITTED, first: 5) { edges { node { number mayWithdraw applicant { id } } } } }`,
    )

    expect(mine.data).to.have.nested.property('myApplications.edges[0].node.status', 'SUBMITTED')
    expect(theirs.data).to.have.nested.property('myApplications.edges').that.is.empty
    expect(desk.data).to.have.nested.property('cases.edges[0].node.mayWithdraw', false)
  })

  it('shows the tasks of a case to its applicant without what is in them, and to no other firm', async () => {
    await window.world.settle()
    const { edges } = (await ask(window.drafter(), '{ myApplications { edges { node { cases { id } } } } }'))
      .data?.['myApplications'] as { edges: { node: { cases: { id: string }[] } }[] }
    const id = edges[0]?.node.cases[0]?.id
    const source = `{ case(id: "${id}") { tasks { node assignee output variables mayClaim } } }`

    const mine = await ask(window.drafter(), source)
    const theirs = await ask(window.rival(), source)
    const otherBody = await ask(window.taxReviewer(), source)

    expect(JSON.parse(JSON.stringify(mine.data))).to.deep.equal({
      case: {
        tasks: [{ node: 'check_intake', assignee: null, output: null, variables: {}, mayClaim: false }],
      },
    })
    for (const { data, errors } of [theirs, otherBody]) {
      expect(data?.['case'] ?? null).to.equal(null)
      expect(errors?.[0]?.originalError).to.have.property('code', 'SERVICE_CASE_NOT_FOUND')
    }
  })

  it('refuses with a code, both texts and the paths', async () => {
    const result = await ask(
      window.drafter(),
      `{ precheck(itemId: "${window.item.id}", answers: { q4: "no" }) { id } }`,
    )

    const error = result.errors?.[0]?.originalError
    expect(error).to.be.instanceOf(DomainError)
    expect(error).to.deep.include({ code: 'SERVICE_SCENARIO_UNDECIDED', kind: 'invalid' })
  })
})
