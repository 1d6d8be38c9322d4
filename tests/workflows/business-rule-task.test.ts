import { expect } from 'chai'
import { readModel } from '../../workflows/decisions/index.ts'
import { decisionsMade } from '../../workflows/decision.service.ts'
import { gate, processInstance, runScript } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { dmn, decision, input, literal, needsInput, type Table, tableFile } from './dmn.ts'
import { chain, flow, known, message, model, userTask } from './models.ts'
import { MESSAGES, openProcessWorld, type ProcessWorld } from './process-world.ts'

const FEE: Table = {
  policy: 'UNIQUE',
  inputs: [['area', 'number']],
  outputs: [['fee', 'number']],
  rules: [
    ['<= 100', '0.1 + 0.2'],
    ['> 100', 'area * 1.15'],
  ],
}
const feeFile = tableFile('fee', FEE)
const ruleTask = (decision = 'fee', result = 'amount') =>
  `<businessRuleTask id="r" gdbos:decision="${decision}" gdbos:resultVariable="${result}"/>`
const process = (task = ruleTask(), variables: readonly string[] = ['area:number', 'amount:number']) =>
  model(
    `<startEvent id="s">${message('m_open')}</startEvent>${task}<exclusiveGateway id="g" default="g_big"/>${userTask('small')}${userTask('big')}<endEvent id="e"/>${chain('s r g')}${flow('g', 'small', 'amount < 1')}${flow('g', 'big')}${chain('small e')}${chain('big e')}`,
    { variables, before: '<message id="m_open" name="opened"/>' },
  )

const rules = async (xml: string, ...files: string[]) => {
  const decisions = await Promise.all(files.map(readModel))
  const { findings, warnings } = await gate(xml, { known: { ...known, decisions } })
  return [...findings, ...warnings].map(({ rule }) => rule)
}

describe('a business rule task', () => {
  it('passes the gate with a decision of the pack and declared variables', async () => {
    expect(await rules(process(), feeFile)).to.deep.equal([])
  })

  it('is found wanting by name', async () => {
    const overlap = tableFile('fee', { ...FEE, rules: [...FEE.rules, ['> 50', '1']] })
    const gap = tableFile('fee', { ...FEE, rules: FEE.rules.slice(0, 1) })
    const undeclared = ['amount:number']

    expect(await rules(process())).to.deep.equal(['decision-unknown'])
    expect(await rules(process(ruleTask('price')), feeFile)).to.deep.equal(['decision-unknown'])
    expect(await rules(process('<businessRuleTask id="r"/>'), feeFile)).to.deep.equal([
      'decision-unknown',
      'decision-result-undeclared',
    ])
    expect(await rules(process(ruleTask('fee', 'cost')), feeFile)).to.deep.equal([
      'decision-result-undeclared',
    ])
    expect(await rules(process(ruleTask(), undeclared), feeFile)).to.deep.equal(['decision-input-undeclared'])
    expect(await rules(process(ruleTask(), ['area:string', 'amount:number']), feeFile)).to.deep.equal([
      'decision-input-type',
    ])
    expect(await rules(process(), overlap)).to.deep.equal([
      'decision-rules-overlap',
      'decision-rules-overlap',
    ])
    expect(await rules(process(), gap)).to.deep.equal(['decision-rules-gap'])
    expect(await rules(process(), feeFile, feeFile)).to.deep.equal(['decision-duplicate'])
  })

  it('decides in the step, in decimals', async () => {
    const decisions = [await readModel(feeFile)]
    const { definition } = await gate(process(), { known: { ...known, decisions } })
    if (!definition) throw new Error('not compiled')
    const stored = JSON.parse(JSON.stringify(definition)) as typeof definition
    const run = (payload: object) =>
      runScript(stored, [{ message: 'opened', payload: { ...payload } }], new Date('2026-11-30T08:00:00Z'))

    expect(run({ area: 80 })).to.deep.include({ waiting: ['small'], variables: { area: 80, amount: 0.3 } })
    expect(run({ area: 300 })).to.deep.include({ waiting: ['big'], variables: { area: 300, amount: 345 } })
  })

  it('stands still where the decision has no result, and says why', async () => {
    const decisions = [
      await readModel(
        dmn(input('area', 'number') + decision('fee', needsInput('area'), literal('1 / area'))),
      ),
    ]
    const { definition } = await gate(process(), { known: { ...known, decisions } })
    if (!definition) throw new Error('not compiled')
    const stopped = runScript(definition, [{ message: 'opened', payload: { area: 0 } }], new Date(0))

    expect(stopped).to.deep.include({ status: 'incident', waiting: ['r'], variables: { area: 0 } })
  })

  it('stands still where the result is not of the declared type', async () => {
    const decisions = [
      await readModel(tableFile('fee', { ...FEE, outputs: [['fee', 'string']], rules: [['-', '"x"']] })),
    ]
    const { definition } = await gate(process(), { known: { ...known, decisions } })
    if (!definition) throw new Error('not compiled')

    expect(runScript(definition, [{ message: 'opened', payload: { area: 1 } }], new Date(0)).status).to.equal(
      'incident',
    )
  })
})

describe('a business rule task on the database', () => {
  let world: ProcessWorld
  const pack = (file: string) => ({ messages: MESSAGES, decisions: { 'fee.dmn': file } })

  beforeEach(async () => {
    world = await openProcessWorld()
  })
  afterEach(() => world.close())

  const decided = async () =>
    (await world.world.eventsNamed('workflow.instance.stepped')).flatMap(
      ({ payload }) => (payload as { decisions?: object[] }).decisions ?? [],
    )

  it('decides and stores which rules fired with which inputs', async () => {
    await world.deploy(process(), { pack: pack(feeFile) })
    const id = await world.open({ area: 80.5 })

    expect(await world.waiting(id)).to.deep.equal(['small'])
    expect((await world.instance(id))?.variables).to.deep.include({ amount: 0.3 })
    expect(await decided()).to.deep.equal([
      {
        node: 'r',
        decision: 'fee',
        result: 0.3,
        rules: [
          {
            decision: 'fee',
            rule: 1,
            id: 'r1',
            inputs: { area: 80.5 },
            outputs: { fee: 0.3 },
            annotations: [],
          },
        ],
        warnings: [],
      },
    ])

    const instance = (await processInstance(world.world.as('auditor', 'audit-office'), id))!
    const { organisationId } = instance
    const seen = async (role: string, body = organisationId) =>
      (await decisionsMade(world.world.as(role, body), instance))?.map(({ decision, result }) => [
        decision,
        result,
      ])
    expect(await seen('clerk')).to.deep.equal([['fee', 0.3]])
    expect(await seen('auditor', 'audit-office')).to.deep.equal([['fee', 0.3]])
    expect(await seen('clerk', 'another-bureau')).to.equal(undefined)
    expect(await seen('process-designer')).to.equal(undefined)
    const reads = await world.world.db
      .selectFrom('core.access')
      .select(['purpose'])
      .where('kind', '=', 'read')
      .execute()
    expect(reads.map(({ purpose }) => purpose)).to.have.members(['case-handling', 'audit'])
  })

  it('keeps a running instance on the table it was started with', async () => {
    await world.deploy(process(), { pack: pack(feeFile) })
    const first = await world.open({ area: 80 })
    const dearer = tableFile('fee', {
      ...FEE,
      rules: [
        ['<= 100', '7'],
        ['> 100', '8'],
      ],
    })
    const { version } = await world.deploy(process(), { pack: pack(dearer) })
    const second = await world.open({ area: 80 })

    expect(version).to.equal(2)
    expect((await world.instance(first))?.variables).to.deep.include({ amount: 0.3 })
    expect((await world.instance(second))?.variables).to.deep.include({ amount: 7 })
  })

  it('raises an incident an operator can see where the decision has no result', async () => {
    await world.deploy(process(), {
      pack: pack(tableFile('fee', { ...FEE, inputs: [['area', 'number', '[1..9]']] })),
    })
    const id = await world.open({ area: 80 })

    expect(await world.waiting(id)).to.deep.equal(['r'])
    const instance = await processInstance(
      world.kernel.contextFor({ id: 'a@x', organisationId: 'x', roles: ['auditor'] }),
      id,
    )
    expect(instance?.state.tokens[0]?.trouble).to.include({ kind: 'expression', code: 'DECISION_UNDECIDED' })
  })

  it('is not deployed with a broken or hostile DMN file', async () => {
    const circle = '<!DOCTYPE a><definitions/>'
    const overlap = tableFile('fee', { ...FEE, rules: [...FEE.rules, ['> 50', '1']] })

    expect((await refusal(world.deploy(process(), { pack: pack(circle) }))).code).to.equal(
      'DECISION_DOCTYPE_FORBIDDEN',
    )
    expect((await refusal(world.deploy(process(), { pack: pack(overlap) }))).code).to.equal(
      'WORKFLOW_MODEL_INVALID',
    )
    const traversing = { messages: MESSAGES, decisions: { '../fee.dmn': feeFile } }
    expect((await refusal(world.deploy(process(), { pack: traversing }))).code).to.equal(
      'WORKFLOW_MODEL_INVALID',
    )
  })
})
