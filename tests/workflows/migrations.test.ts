import { expect } from 'chai'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { transaction } from '../../core/context.ts'
import { PLATFORM } from '../../core/kernel.ts'
import * as definitions from '../../workflows/definition.repository.ts'
import {
  claim,
  complete,
  executeNow,
  insight,
  migrations,
  operations,
  processInstance,
  tasks,
} from '../../workflows/index.ts'
import {
  migrationCounts,
  migrationInstances,
  retireVersion,
  reinstateVersion,
} from '../../workflows/index.ts'
import * as figuresOf from '../../workflows/insight/figures.repository.ts'
import * as due from '../../workflows/runtime/due.repository.ts'
import { start as startInstance } from '../../workflows/runtime/instances.ts'
import { SERVER } from '../support/database.ts'
import { refusal } from '../support/refusal.ts'
import { chain, message, model, serviceTask, timer, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const CLERK = 'gdbos:candidateRole="clerk"'
const variables = ['do:string', 'n:number', 'note:string', 'worked:boolean']
const REASON = '新规施行'
const HOUR = 3_600_000
const CALM = { signal: new AbortController().signal, progress: () => Promise.resolve() }

/** A process begun by the test's message; every test has one of its own. */
const opened = (key: string, elements: string, declared: readonly string[] = variables) =>
  model(`<startEvent id="s">${message('m_open')}</startEvent>${elements}<endEvent id="e"/>`, {
    key,
    variables: declared,
    before: '<message id="m_open" name="opened"/>',
  })
const boundary = (id: string, on: string, event: string) =>
  `<boundaryEvent id="${id}" attachedToRef="${on}" cancelActivity="false">${event}</boundaryEvent><endEvent id="${id}_e"/>${chain(`${id} ${id}_e`)}`

describe('taking the running instances of a process to another version', () => {
  let world: ProcessWorld
  let key: string
  let count = 0
  const designer = () => world.as('process-designer', 'platform')
  const db = () => world.world.db

  before(async () => {
    world = await openProcessWorld()
  })

  after(() => world.close())

  beforeEach(() => {
    count += 1
    key = `p${count}`
  })

  const open = async (variables: object = {}) => {
    const matterId = randomUUID()
    await world.tell('area.matter.opened', { matterId, organisationId: BODY, variables, processPack: key })
    await world.settle()
    return matterId
  }
  const desk = async () => (await tasks(world.as('clerk'), { first: 100 })).edges.map(({ node }) => node)
  const taskOf = async (businessKey: string) => {
    const instance = await world.instance(businessKey)
    const found = (await desk()).find(({ instanceId }) => instanceId === instance?.id)
    if (!found) throw new Error('nothing to do')
    return found
  }
  const finish = async (businessKey: string) => {
    const { id, version } = await taskOf(businessKey)
    const commandId = randomUUID()
    await complete(world.as('clerk'), { commandId, id, expectedVersion: version, output: {} }, offers)
    await world.settle()
  }
  const plan = (mapping = {}, ctx = designer()) =>
    migrations.propose(ctx, { key, from: 1, to: 2, mapping, reason: REASON })
  const rehearsed = async (mapping = {}, ctx = designer()) => {
    const { id } = await plan(mapping, ctx)
    await migrations.rehearse(ctx, id)
    await world.settle()
    return id
  }
  const executed = async (mapping = {}, ctx = designer()) => {
    const id = await rehearsed(mapping, ctx)
    await migrations.execute(ctx, id, REASON)
    await world.settle()
    return id
  }
  const outcomes = async (id: string) =>
    (await migrationInstances(designer(), id, { first: 100 })).map(({ outcome }) => outcome).sort()
  const armed = async (businessKey: string) => {
    const instance = await world.instance(businessKey)
    const rows = await db()
      .selectFrom('workflow.timer')
      .select(['node', 'dueAt'])
      .where('instanceId', '=', instance?.id ?? '')
      .where('status', '=', 'armed')
      .orderBy('node')
      .execute()
    return rows.map(({ node, dueAt }) => [node, (dueAt.getTime() - world.world.now.getTime()) / HOUR])
  }

  const awaited = async (businessKey: string) => {
    const instance = await world.instance(businessKey)
    const rows = await db()
      .selectFrom('workflow.subscription')
      .select(['node', 'message'])
      .where('instanceId', '=', instance?.id ?? '')
      .orderBy('node')
      .execute()
    return rows.map(({ node, message }) => `${node} ${message}`)
  }

  it('suggests what keeps its id or has a name alike, and leaves the rest to a person', async () => {
    await world.deploy(
      opened(
        key,
        `${userTask('check', 'name="Check the papers"')}${userTask('stamp', 'name="Stamp"')}${userTask('b')}${chain('s check stamp b e')}`,
      ),
      { key },
    )
    await open()
    await world.deploy(
      opened(
        key,
        `${userTask('examine', 'name="Check all papers"')}${userTask('file', 'name="File away"')}${userTask('b')}${chain('s examine file b e')}`,
      ),
      { key },
    )

    const { nodes, running } = await migrations.suggestion(designer(), { key, from: 1, to: 2 })

    expect(running).to.equal(1)
    expect(nodes.map(({ node, to, basis, instances }) => [node.id, to, basis, instances])).to.deep.equal([
      ['check', 'examine', 'name-alike', 1],
      ['b', 'b', 'same-id', 0],
      ['stamp', null, 'by-hand', 0],
    ])
  })

  it('rehearses first: says of each instance what is in the way, and touches none', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${userTask('b', CLERK)}${chain('s a b e')}`), {
      key,
    })
    const [early, late] = [await open(), await open()]
    await finish(late)
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    const before = await world.instance(early)

    const id = await rehearsed()

    expect(await outcomes(id)).to.deep.equal(['blocked', 'movable'])
    const [hindered] = await migrationInstances(designer(), id, { first: 10, outcome: 'blocked' })
    expect(hindered?.businessKey).to.equal(late)
    expect(hindered?.obstacles.map(({ node, code }) => [node, code])).to.deep.equal([['b', 'node-missing']])
    expect(hindered?.obstacles[0]?.zh).to.match(/\p{Script=Han}/u)
    expect(await world.instance(early)).to.deep.equal(before)
    expect((await migrations.migration(designer(), id)).status).to.equal('rehearsed')
  })

  it('takes tasks, timers, subscriptions and jobs along, and the case ends on the new version', async () => {
    const body = (wait: string, after: string, extra: string) =>
      `${userTask('a', `${CLERK} gdbos:limitDays="${wait}"`)}${userTask(after, CLERK)}${chain(`s a ${after} e`)}${extra}`
    await world.deploy(
      opened(
        key,
        body(
          '5',
          'b',
          `${boundary('t1', 'a', timer('PT10H'))}${boundary('t2', 'a', timer('PT5H'))}${boundary('m1', 'a', message())}`,
        ),
      ),
      { key },
    )
    const matter = await open()
    const { dueAt: dueBefore, id: taskId } = await taskOf(matter)
    world.advance(HOUR)
    await world.deploy(
      opened(
        key,
        body(
          '10',
          'c',
          `${boundary('t1', 'a', timer('PT10H'))}${boundary('t3', 'a', timer('PT7H'))}${boundary('m1', 'a', message('m_stop'))}`,
        ),
      ),
      { key },
    )

    const id = await executed({ t2: 't3' })

    expect(await outcomes(id)).to.deep.equal(['moved'])
    // Unchanged, it keeps its date; written anew, it counts from when the task was opened.
    expect(await armed(matter)).to.deep.equal([
      ['t1', 9],
      ['t3', 6],
    ])
    const waits = await db().selectFrom('workflow.subscription').select(['node', 'message']).execute()
    expect(waits).to.deep.equal([{ node: 'm1', message: 'stop' }])
    const task = await taskOf(matter)
    expect(task.id).to.equal(taskId)
    expect(task.dueAt?.getTime()).to.be.greaterThan(dueBefore?.getTime() ?? Infinity)
    await finish(matter)
    expect(await world.waiting(matter)).to.deep.equal(['c'])
    await finish(matter)
    expect((await world.instance(matter))?.status).to.equal('completed')
    const told = await world.world.eventsNamed('workflow.instance.operated')
    expect(told.at(-1)).to.deep.include({ actorId: 'process-designer@platform' })
    expect(told.at(-1)?.payload).to.deep.include({ operation: 'migrate', reason: REASON })
  })

  it('offers a task again whose group is another', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    const matter = await open()
    const { id } = await taskOf(matter)
    await world.deploy(opened(key, `${userTask('x', 'gdbos:candidateRole="reviewer"')}${chain('s x e')}`), {
      key,
    })
    await claim(world.as('clerk'), id)

    await executed({ a: 'x' })

    const task = await db()
      .selectFrom('workflow.task')
      .select(['node', 'status', 'assignee', 'candidateGroups'])
      .where('id', '=', id)
      .executeTakeFirst()
    expect(task).to.deep.equal({
      ...{ node: 'x', status: 'open', assignee: null },
      candidateGroups: [`${BODY}:reviewer`],
    })
  })

  const jobsOf = async (businessKey: string) => {
    const instance = await world.instance(businessKey)
    const rows = await db()
      .selectFrom('workflow.job')
      .select(['task', 'status'])
      .where('instanceId', '=', instance?.id ?? '')
      .orderBy('task')
      .execute()
    return rows.map(({ task, status }) => `${task} ${status}`)
  }
  /** Cases whose service task has been put off, and a version whose task is another. */
  const putOff = async (count: number) => {
    const at = (task: string) => opened(key, `${serviceTask('w', task)}${chain('s w e')}`)
    await world.deploy(at('area.work'), { key })
    const matters: string[] = []
    for (let each = 0; each < count; each++) matters.push(await open({ do: 'busy' }))
    await world.deploy(at('area.send'), { key })
    return matters
  }

  it('gives a job that is another one anew, but not while a worker is at it', async () => {
    const [matter = ''] = await putOff(1)
    world.advance(HOUR)
    await due.claimJobs(designer(), ['area.work'], 1, HOUR)

    const id = await executed()

    const [left] = await migrationInstances(designer(), id, { first: 10 })
    expect([left?.outcome, left?.obstacles.map(({ code, node }) => [code, node])]).to.deep.equal([
      'blocked',
      [['job-running', 'w']],
    ])
    expect(await jobsOf(matter)).to.deep.equal(['area.work waiting'])
    world.advance(2 * HOUR)
    expect(await outcomes(await executed())).to.deep.equal(['moved'])
    expect(await jobsOf(matter)).to.deep.equal(['area.send waiting', 'area.work dropped'])
  })

  it('gives back the jobs it dropped, unless a worker has been at the new one', async () => {
    const matters = await putOff(3)
    const id = await rehearsed()
    await migrations.execute(designer(), id, REASON)
    await executeNow(designer(), id, CALM)
    // As many as a worker takes at a time.
    await world.pollOnce('workflow.jobs')

    await migrations.undo(designer(), id, REASON)
    await executeNow(designer(), id, CALM)

    expect(await outcomes(id)).to.deep.equal(['kept', 'kept', 'undone'])
    expect((await Promise.all(matters.map(jobsOf))).sort()).to.deep.equal([
      ['area.send dropped', 'area.work waiting'],
      ['area.send waiting', 'area.work dropped'],
      ['area.send waiting', 'area.work dropped'],
    ])
  })

  it('leaves a case where it is whose new timer cannot be set', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    await open({ note: 'soon' })
    await open({ note: 'PT5H' })
    await world.deploy(
      opened(key, `${userTask('a', CLERK)}${chain('s a e')}${boundary('t', 'a', timer('note'))}`),
      { key },
    )

    const id = await executed()

    expect(await outcomes(id)).to.deep.equal(['blocked', 'moved'])
    const [left] = await migrationInstances(designer(), id, { first: 10, outcome: 'blocked' })
    expect(left?.obstacles.map(({ code, node }) => [code, node])).to.deep.equal([['wait-fails', 't']])
  })

  it('takes back what has not gone on since, as it was, and names what has', async () => {
    const boundaries = (on: string, hours: string, event: string) =>
      `${boundary('t', on, timer(hours))}${boundary('m', on, event)}`
    await world.deploy(
      opened(
        key,
        `${userTask('a', CLERK)}${userTask('b', CLERK)}${chain('s a b e')}${boundaries('a', 'PT5H', message())}`,
      ),
      { key },
    )
    const [still, moving] = [await open(), await open()]
    const before = await world.instance(still)
    await world.deploy(
      opened(
        key,
        `${userTask('x', CLERK)}${userTask('b', CLERK)}${chain('s x b e')}${boundaries('x', 'PT9H', message('m_stop'))}`,
      ),
      { key },
    )
    const id = await executed({ a: 'x' })
    expect(await armed(still)).to.deep.equal([['t', 9]])
    expect(await awaited(still)).to.deep.equal(['m stop'])
    expect([before?.visited, (await world.instance(still))?.visited]).to.deep.equal([
      ['s', 'a'],
      ['s', 'x'],
    ])
    await finish(moving)
    expect((await world.instance(moving))?.visited).to.deep.equal(['s', 'x', 'b'])

    await migrations.undo(designer(), id, REASON)
    await world.settle()

    expect(
      (await migrationInstances(designer(), id, { first: 10, outcome: 'kept' })).map(
        ({ businessKey }) => businessKey,
      ),
    ).to.deep.equal([moving])
    const after = await world.instance(still)
    expect(after).to.deep.equal({ ...before, version: (before?.version ?? 0) + 2 })
    expect(await armed(still)).to.deep.equal([['t', 5]])
    expect(await awaited(still)).to.deep.equal(['m go'])
    await world.tell('area.matter.heard', { matterId: still, organisationId: BODY })
    await world.settle()
    expect((await world.instance(still))?.visited).to.include('m_e')
    await finish(still)
    expect(await world.waiting(still)).to.deep.equal(['b'])
    const { compiled } = await processInstance(world.as('auditor'), still).then(async (instance) => ({
      compiled: instance?.definitionId,
    }))
    const [v1] = await db()
      .selectFrom('workflow.definition')
      .select('id')
      .where('key', '=', key)
      .where('version', '=', 1)
      .execute()
    expect(compiled).to.equal(v1?.id)
    await migrations.archive(designer(), id, REASON)
    expect((await refusal(migrations.undo(designer(), id, REASON))).code).to.equal(
      'WORKFLOW_MIGRATION_STATUS_WRONG',
    )
    expect(await migrations.migrations(designer(), key, false)).to.be.empty
  })

  it('leaves moved what could not be taken back, to be tried again', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    for (let each = 0; each < 3; each++) await open()
    await world.deploy(opened(key, `${userTask('x', CLERK)}${chain('s x e')}`), { key })
    const id = await executed({ a: 'x' })
    const kept = await db()
      .selectFrom('workflow.migrationInstance')
      .select(['instanceId', 'before'])
      .where('migrationId', '=', id)
      .orderBy('instanceId')
      .limit(2)
      .execute()
    const change = async (...parts: readonly object[]) => {
      for (const [place, part] of parts.entries())
        await db()
          .updateTable('workflow.migrationInstance')
          .set({ before: JSON.stringify({ ...kept[place]?.before, ...part }) })
          .where('instanceId', '=', kept[place]?.instanceId ?? '')
          .execute()
    }
    const tasks = kept[1]?.before?.tasks.map((task) => ({ ...task, dueAt: 'no day' }))
    await change({ state: { format: 0 } }, { tasks })

    await migrations.undo(designer(), id, REASON)
    await world.settle()

    expect(await outcomes(id)).to.deep.equal(['moved', 'moved', 'undone'])
    await change({}, {})
    await migrations.undo(designer(), id, REASON)
    await world.settle()
    expect(await outcomes(id)).to.deep.equal(['undone', 'undone', 'undone'])
  })

  it('keeps the figures of both versions right, after suspending too', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${userTask('b', CLERK)}${chain('s a b e')}`), {
      key,
    })
    const [one, two] = [await open(), await open()]
    await finish(two)
    const held = await processInstance(world.as('supervisor'), one)
    if (!held) throw new Error('no instance')
    const seen = { id: held.id, expectedVersion: held.version, reason: REASON }
    await operations.suspend(world.as('supervisor'), seen)
    await operations.resume(world.as('supervisor'), { ...seen, expectedVersion: held.version + 1 })
    await world.deploy(opened(key, `${userTask('a', CLERK)}${userTask('c', CLERK)}${chain('s a c e')}`), {
      key,
    })

    await executed({ b: 'c' })
    world.advance(HOUR)
    await finish(two)
    await finish(one)

    const figures = async (version: number) => {
      const { population } = await insight(designer(), { key, version })
      const [cases, nodes] = [
        await figuresOf.cases(designer(), population),
        await figuresOf.nodes(designer(), population),
      ]
      const visits = (node: string) => nodes.find((each) => each.node === node)?.visits ?? 0
      return { ...cases, a: visits('a'), b: visits('b'), c: visits('c') }
    }
    // The stay that had ended on the old version is the old version's.
    expect(await figures(1)).to.include({ running: 0, completed: 0, a: 1, b: 0 })
    expect(await figures(2)).to.include({ running: 1, completed: 1, a: 1, c: 2 })
  })

  it('is refused without a right, a reason or a fitting mapping; a supervisor takes the own body’s alone', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    await open()
    await world.deploy(opened(key, `${userTask('x', CLERK)}${serviceTask('w')}${chain('s x w e')}`), { key })
    const codeOf = async (work: Promise<unknown>) => (await refusal(work)).code
    const { id } = await plan({ a: 'x' })

    expect(await codeOf(plan({}, world.as('clerk')))).to.equal('POLICY_FORBIDDEN')
    expect(await codeOf(plan({}, world.as('process-designer', 'other')))).to.equal('POLICY_FORBIDDEN')
    expect(await codeOf(migrations.migration(world.as('supervisor'), id))).to.equal(
      'WORKFLOW_MIGRATION_NOT_FOUND',
    )
    const wrong = await refusal(plan({ a: 'w', z: 'x', s: 'nowhere' }))
    expect([wrong.code, wrong.params['count']]).to.deep.equal(['WORKFLOW_MIGRATION_MAPPING_INVALID', 3])
    expect(wrong.messages.zh).to.contain('用户任务不能变为服务任务')
    expect(
      await codeOf(migrations.propose(designer(), { key, from: 1, to: 1, mapping: {}, reason: 'x' })),
    ).to.equal('WORKFLOW_MIGRATION_VERSIONS_SAME')
    expect(
      await codeOf(migrations.propose(designer(), { key, from: 1, to: 9, mapping: {}, reason: 'x' })),
    ).to.equal('WORKFLOW_VERSION_NOT_FOUND')
    expect(
      await codeOf(migrations.propose(designer(), { key, from: 1, to: 2, mapping: {}, reason: ' ' })),
    ).to.equal('WORKFLOW_REASON_MISSING')
    const early = await refusal(migrations.execute(designer(), id, REASON))
    expect([early.code, early.messages.zh]).to.deep.equal([
      'WORKFLOW_MIGRATION_STATUS_WRONG',
      '方案尚未预演，现在不能执行',
    ])
    const foreign = await executed({ a: 'x' }, world.as('supervisor', 'other-bureau'))
    expect(await outcomes(foreign)).to.be.empty
    const own = await executed({ a: 'x' }, world.as('supervisor'))
    expect(await outcomes(own)).to.deep.equal(['moved'])
  })

  it('stops between batches when it is cancelled, keeps what is done, and goes on when told to', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    await Promise.all(Array.from({ length: 3 }, () => open()))
    await world.deploy(opened(key, `${userTask('a', CLERK)}${userTask('b', CLERK)}${chain('s a b e')}`), {
      key,
    })
    const id = await rehearsed()

    await migrations.execute(designer(), id, REASON)
    await migrations.cancel(designer(), id, REASON)
    await world.settle()

    expect(await migrationCounts(designer(), id)).to.include({ total: 3, moved: 0 })
    await migrations.execute(designer(), id, REASON)
    await world.settle()
    expect(await migrationCounts(designer(), id)).to.include({ total: 3, moved: 3, done: 3 })
    expect((await migrations.migration(designer(), id)).status).to.equal('done')
  })

  it('retires a version that nothing runs on: it starts no more until it is reinstated', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    const matter = await open()
    const version = { key, version: 1, reason: REASON }
    expect((await refusal(retireVersion(world.as('supervisor'), version))).code).to.equal('POLICY_FORBIDDEN')
    const used = await refusal(retireVersion(designer(), version))
    expect([used.code, used.params['count']]).to.deep.equal(['WORKFLOW_VERSION_IN_USE', 1])
    await finish(matter)

    await retireVersion(designer(), version)
    const later = await open()
    expect(await world.instance(later)).to.equal(undefined)
    await reinstateVersion(designer(), version)
    world.advance(HOUR)
    await world.settle()

    expect(await world.waiting(later)).to.deep.equal(['a'])

    await world.deploy(opened(key, `${userTask('b', CLERK)}${chain('s b e')}`), { key })
    const back = { key, from: 2, to: 1, mapping: { b: 'a' }, reason: REASON }
    const { id } = await migrations.propose(designer(), back)
    await migrations.rehearse(designer(), id)
    await finish(later)
    await retireVersion(designer(), version)
    const retired = [
      await refusal(migrations.propose(designer(), back)),
      await refusal(migrations.execute(designer(), id, REASON)),
    ]
    expect(retired.map(({ code }) => code)).to.deep.equal(Array(2).fill('WORKFLOW_VERSION_RETIRED'))
    await reinstateVersion(designer(), version)
    await migrations.execute(designer(), id, REASON)
    expect((await refusal(retireVersion(designer(), version))).code).to.equal('WORKFLOW_VERSION_AWAITED')
  })

  it('retires no version under a start that is on its way', async () => {
    await world.deploy(opened(key, `${userTask('a', CLERK)}${chain('s a e')}`), { key })
    const platform = world.kernel.contextFor(PLATFORM)
    const deployed = await definitions.latest(platform, key)
    if (!deployed) throw new Error('nothing is deployed')
    let ask: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (ask = resolve))
    const isSomebodyHeld = async () => {
      const { rows } = await sql`
        select 1 from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database()`.execute(world.world.db)
      return rows.length > 0
    }
    const start = transaction(platform, async (ctx) => {
      expect(await definitions.mayStart(ctx, deployed)).to.equal(true)
      ask()
      // On a server, whoever would retire it has to wait by now; PGlite lets one transaction in at a time.
      while (SERVER !== undefined && !(await isSomebodyHeld())) await setTimeout(10)
      await startInstance(ctx, deployed, {
        ...{ businessKey: randomUUID(), organisationId: BODY, onBehalfOf: null, message: 'opened' },
        variables: {},
      })
    })
    await asked
    const retired = refusal(retireVersion(designer(), { key, version: 1, reason: REASON }))
    await start
    expect((await retired).code).to.equal('WORKFLOW_VERSION_IN_USE')
  })

  it('goes on where a condition of the new version holds already, keeps the body of a task, says of a timer why', async () => {
    const task = userTask('a', `${CLERK} gdbos:organisation="note"`)
    await world.deploy(opened(key, `${task}${chain('s a e')}`), { key })
    const [small, large] = [
      await open({ n: 1, note: 'two-bureau' }),
      await open({ n: 5, note: 'two-bureau' }),
    ]
    const held = await processInstance(world.as('supervisor'), small)
    if (!held) throw new Error('no instance')
    await operations.setVariables(world.as('supervisor'), {
      ...{ id: held.id, expectedVersion: held.version, reason: REASON, token: null },
      values: { note: 'not an interval' },
    })
    const condition =
      '<conditionalEventDefinition id="d"><condition xsi:type="tFormalExpression">n &gt; 3</condition></conditionalEventDefinition>'
    const grown = `${task}${chain('s a e')}<boundaryEvent id="k" attachedToRef="a">${condition}</boundaryEvent>${userTask('b', CLERK)}${chain('k b e')}`
    await world.deploy(opened(key, grown), { key })
    await world.deploy(opened(key, `${task}${chain('s a e')}${boundary('t', 'a', timer('note'))}`), { key })
    const timed = await migrations.propose(designer(), { key, from: 1, to: 3, mapping: {}, reason: REASON })
    await migrations.rehearse(designer(), timed.id)
    await world.settle()
    const [stopped] = await migrationInstances(designer(), timed.id, { first: 10, outcome: 'blocked' })
    expect(stopped?.obstacles.map(({ zh }) => zh)).to.deep.equal([
      '“t”在新版本中无法继续等待：“t”的定时器无法设定：时间不是 ISO 8601 写法',
    ])

    const id = await executed()

    expect(await world.waiting(large)).to.deep.equal(['b'])
    expect(await world.waiting(small)).to.deep.equal(['a'])
    const kept = await db()
      .selectFrom('workflow.task')
      .select(['organisationId', 'candidateGroups'])
      .where('instanceId', '=', held.id)
      .execute()
    expect(kept).to.deep.equal([{ organisationId: 'two-bureau', candidateGroups: ['two-bureau:clerk'] }])
    await migrations.undo(designer(), id, REASON)
    await world.settle()
    expect(await outcomes(id)).to.deep.equal(['kept', 'undone'])
  })
})
