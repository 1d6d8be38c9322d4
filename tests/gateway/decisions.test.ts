import { expect } from 'chai'
import { dmn, decision, literal, needsInput, input, tableFile } from '../workflows/dmn.ts'
import { openServed, type Served } from './served.ts'

const EVALUATE = `query ($decision: String!, $input: JSON!, $version: Int) {
  evaluateDecision(key: "food-business-licence", version: $version, decision: $decision, input: $input) {
    result rules { decision rule id inputs outputs annotations } warnings { code at zh en } } }`
const CHECK = `query ($xml: String!) { checkDecisions(xml: $xml) { rule severity decision rules zh en } }`
const SEE = `{ processDefinitions { key decisions { name model kind inputs { name type } table } } }`
const ANSWERS = { answers: { q3: 'no', q4: 'no', q5: 'yes', q7: 'yes' } }

describe('decisions over GraphQL', () => {
  let served: Served
  const cookies: Record<string, string> = {}

  before(async () => {
    served = await openServed()
    for (const role of ['process-designer', 'supervisor', 'auditor', 'clerk', 'data-steward']) {
      await served.person(role, [role])
      cookies[role] = await served.signIn(role)
    }
    await served.person('citizen')
    cookies['citizen'] = await served.signIn('citizen')
  })
  after(() => served.close())

  const ask = (query: string, variables: object, role: string) =>
    served.graphql(query, variables, cookies[role])
  const codeOf = (body: { errors?: { extensions: { code: string } }[] }) => body.errors?.[0]?.extensions.code

  it('are evaluated with the rules that fired, by those who read definitions', async () => {
    for (const role of ['process-designer', 'supervisor', 'auditor']) {
      const { body } = await ask(EVALUATE, { decision: 'route', input: ANSWERS }, role)

      expect(body.errors, role).to.equal(undefined)
      expect(body.data.evaluateDecision.result).to.equal('inspection')
      expect(body.data.evaluateDecision.warnings).to.deep.equal([])
      expect(body.data.evaluateDecision.rules[0]).to.deep.include({
        decision: 'route',
        rule: 4,
        id: 'route_4',
      })
    }
  })

  it('are refused to everybody else, and the refusal is kept', async () => {
    for (const role of ['clerk', 'data-steward', 'citizen']) {
      const { body } = await ask(EVALUATE, { decision: 'route', input: ANSWERS }, role)
      expect(codeOf(body), role).to.equal('POLICY_FORBIDDEN')
    }
    for (const role of ['clerk', 'supervisor', 'auditor', 'citizen']) {
      const { body } = await ask(CHECK, { xml: dmn('') }, role)
      expect(codeOf(body), role).to.equal('POLICY_FORBIDDEN')
    }
    expect((await served.refusals()).filter(({ code }) => code === 'POLICY_FORBIDDEN')).to.have.length(7)
  })

  it('refuse what is not there or does not fit', async () => {
    for (const [variables, code] of [
      [{ decision: 'price', input: {} }, 'DECISION_NOT_FOUND'],
      [{ decision: 'route', input: { answer: 1 } }, 'DECISION_INPUT_INVALID'],
      [{ decision: 'route', input: [1] }, 'DECISION_INPUT_INVALID'],
      [{ decision: 'route', input: ANSWERS, version: 99 }, 'WORKFLOW_PROCESS_NOT_FOUND'],
    ] as const)
      expect(codeOf((await ask(EVALUATE, variables, 'process-designer')).body), code).to.equal(code)
  })

  it('are checked before they are deployed', async () => {
    const overlapping = tableFile('fee', {
      policy: 'UNIQUE',
      inputs: [['age', 'number']],
      outputs: [['fee', 'number']],
      rules: [
        ['<= 18', '0'],
        ['>= 18', '1'],
      ],
    })
    const circle = dmn(
      input('x', 'number') +
        decision('a', needsInput('x') + needs('b'), literal('b')) +
        decision('b', needs('a'), literal('a')),
    )

    const found = await ask(CHECK, { xml: overlapping }, 'process-designer')
    const refused = await ask(CHECK, { xml: circle }, 'process-designer')

    expect(found.body.data.checkDecisions).to.deep.equal([
      {
        rule: 'rules-overlap',
        severity: 'error',
        decision: 'fee',
        rules: [1, 2],
        zh: '规则1与2重叠：18',
        en: 'The rules 1 and 2 overlap: 18',
      },
    ])
    expect(codeOf(refused.body)).to.equal('DECISION_GRAPH_CIRCULAR')
  })

  it('of a deployed version are seen with their inputs and tables', async () => {
    const { body } = await ask(SEE, {}, 'supervisor')
    const food = body.data.processDefinitions.find(
      (one: { key: string }) => one.key === 'food-business-licence',
    )

    expect(food.decisions).to.have.length(1)
    expect(food.decisions[0]).to.deep.include({
      name: 'route',
      model: 'food business licence route',
      kind: 'decision',
      inputs: [{ name: 'answers', type: null }],
    })
    expect(food.decisions[0].table).to.deep.include({ hitPolicy: 'FIRST' })
    expect(food.decisions[0].table.rules).to.have.length(6)
  })
})

const needs = (name: string) =>
  `<informationRequirement><requiredDecision href="#d_${name}"/></informationRequirement>`
