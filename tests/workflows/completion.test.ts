import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { complete, type Completion } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { chain, model, userTask } from './models.ts'
import { offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const TWO_AT_ONCE = `
  <startEvent id="s"><messageEventDefinition id="d" messageRef="m_opened"/></startEvent>
  <parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="e"/>
  ${userTask('a', 'gdbos:candidateRole="clerk"')}${userTask('b', 'gdbos:candidateRole="clerk"')}
  ${chain('s fork a join e')}${chain('fork b join')}`

describe('completions that come at once', function () {
  this.timeout(60_000)
  let world: ProcessWorld

  beforeEach(async () => {
    world = await openProcessWorld()
    await world.deploy(model(TWO_AT_ONCE, { before: '<message id="m_opened" name="opened"/>' }))
  })
  afterEach(() => world.close())

  it('are each saved whole, those of one instance one after the other', async () => {
    const matters = await Promise.all([world.open(), world.open(), world.open()])
    const open = await openTasks()

    const completed = await Promise.all(open.map((task) => complete(world.as('clerk'), task, offers)))

    expect(completed.map(({ status }) => status)).to.deep.equal(Array(6).fill('completed'))
    for (const matter of matters) {
      const instance = await world.instance(matter)
      expect(instance?.status).to.equal('completed')
      // Once started, then a step for each task: no step is lost and none is taken twice.
      expect(instance?.version).to.equal(3)
    }
    expect(await steppedFacts()).to.equal(3 * 3)
  })

  it('are all taken, though six people finish six tasks of one instance a moment apart', async () => {
    const nodes = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6']
    const branches = nodes.map((node) => userTask(node, 'gdbos:candidateRole="clerk"')).join('')
    const flows = nodes.map((node) => chain(`fork ${node} join`)).join('')
    const xml = `<startEvent id="s"><messageEventDefinition id="d" messageRef="m_opened"/></startEvent>
      <parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="z"/>
      ${branches}${chain('s fork')}${flows}${chain('join z')}`
    await world.deploy(model(xml, { before: '<message id="m_opened" name="opened"/>' }))
    const matter = await world.open()

    const completed = await Promise.all(
      (await openTasks()).map(async (task, place) => {
        await delay(place)
        return complete(world.as('clerk'), task, offers)
      }),
    )

    expect(completed.map(({ status }) => status)).to.deep.equal(Array(6).fill('completed'))
    expect((await world.instance(matter))?.version).to.equal(7)
  })

  it('are refused each by itself, and the refused leave nothing', async () => {
    await Promise.all([world.open(), world.open()])
    const [first, stale, foreign, wrong] = (await openTasks()) as [
      Completion,
      Completion,
      Completion,
      Completion,
    ]
    const before = await steppedFacts()

    const answers = await Promise.all([
      complete(world.as('clerk'), first, offers).then(({ status }) => status),
      refused(complete(world.as('clerk'), { ...stale, expectedVersion: 9 }, offers)),
      refused(complete(world.as('clerk', 'other-bureau'), foreign, offers)),
      refused(complete(world.as('clerk'), { ...wrong, output: { caseId: 'x' } }, offers)),
    ])

    expect(answers).to.deep.equal([
      'completed',
      'WORKFLOW_TASK_VERSION_STALE',
      'WORKFLOW_TASK_NOT_FOUND',
      'WORKFLOW_OUTPUT_INVALID',
    ])
    expect((await openTasks()).map(({ id }) => id)).to.have.members([stale.id, foreign.id, wrong.id])
    expect(await steppedFacts()).to.equal(before + 1)
  })

  it('run one command once, however often it is sent', async () => {
    await world.open()
    const [task] = (await openTasks()) as [Completion]

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => complete(world.as('clerk'), task, offers)),
    )
    const { code } = await refusal(
      complete(world.as('clerk'), { ...task, output: { note: 'other' } }, offers),
    )

    expect(new Set(answers.map(({ id, status, version }) => `${id} ${status} ${version}`)).size).to.equal(1)
    expect(code).to.equal('WORKFLOW_COMMAND_ID_REUSED')
    const commands = await world.world.db.selectFrom('workflow.command').select('kind').execute()
    expect(commands).to.deep.equal([{ kind: 'complete-task' }])
  })

  it('let one of two people have the task', async () => {
    await world.open()
    const [task] = (await openTasks()) as [Completion]

    const answers = await Promise.allSettled(
      ['first', 'second'].map((person) =>
        complete(world.as('clerk', undefined, person), { ...task, commandId: randomUUID() }, offers),
      ),
    )

    expect(answers.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected'])
  })

  async function openTasks(): Promise<Completion[]> {
    const rows = await world.world.db
      .selectFrom('workflow.task')
      .select(['id', 'version'])
      .where('status', '=', 'open')
      .orderBy('id')
      .execute()
    return rows.map(({ id, version }) => ({
      commandId: randomUUID(),
      id,
      expectedVersion: version,
      output: {},
    }))
  }

  const refused = async (answer: Promise<unknown>) => (await refusal(answer)).code

  async function steppedFacts(): Promise<number> {
    const facts = await world.world.db
      .selectFrom('core.event')
      .select('id')
      .where('name', '=', 'workflow.instance.stepped')
      .execute()
    return facts.length
  }
})
