import { complete } from '../../workflows/index.ts'
import { traceFault } from './crash-trace.ts'
import { clerkOn, offers, openNode } from './crash-node.ts'
import type { Trial } from './crashing.ts'

/** Each names a fault and finds its rows: none may be found. Plain SQL on the tables, past all code on trial. */
const FAULTS: Readonly<Record<string, string>> = {
  'an instance that has not ended': `select id from workflow.instance where status <> 'completed' or ended_at is null`,
  'a step lost or doubled': `
    select i.id from workflow.instance i left join (
      select payload->>'instanceId' as id, count(*) as steps, count(distinct payload->>'version') as versions,
        max((payload->>'version')::int) as last
      from core.event where name = 'workflow.instance.stepped' group by 1) e on e.id = i.id::text
    where e.id is null or i.version <> e.steps or e.steps <> e.versions or e.last <> i.version`,
  'a task left open': `select id from workflow.task where status in ('open', 'claimed')`,
  'a task opened twice for one visit': `
    select instance_id, node from workflow.task group by 1, 2 having count(*) > 1`,
  'a completed task without one step and one command': `
    with steps as (select payload->>'taskId' as id, count(*) as steps from core.event
        where name = 'workflow.instance.stepped' group by 1),
      commands as (select answer->>'taskId' as id, count(*) as commands from workflow.command group by 1)
    select t.id from workflow.task t left join steps on steps.id = t.id::text
      left join commands on commands.id = t.id::text
    where t.status = 'completed' and (steps.steps is distinct from 1 or commands.commands is distinct from 1)`,
  'a command without its completed task': `
    select c.id from workflow.command c left join workflow.task t on t.id::text = c.answer->>'taskId'
    where t.status is distinct from 'completed'`,
  'a command id answered twice': `
    select idempotency_key from workflow.command group by 1 having count(*) > 1`,
  'a timer left armed': `select id from workflow.timer where status = 'armed'`,
  'a timer armed twice for one visit': `
    select instance_id, node from workflow.timer group by 1, 2 having count(*) > 1`,
  'a timer of an event that did not fire': `
    select id from workflow.timer where node like 'timer%' and status <> 'fired'`,
  'a timer that fired before its time': `
    select t.id from workflow.timer t join core.event e on e.payload->>'instanceId' = t.instance_id::text
    where e.name = 'workflow.instance.stepped' and e.payload->>'command' = 'timer'
      and e.payload->'moves' @> jsonb_build_array(jsonb_build_array('-', t.node)) and e.occurred_at < t.due_at`,
  'a service task whose job is not done once': `
    select t.instance_id, t.node from workflow.job t group by 1, 2
    having count(*) <> 1 or min(status) <> 'done' or min(result::text) is distinct from '{"worked": true}'`,
  'a job whose work was done not at all or twice': `
    select j.id from workflow.job j left join (
      select payload->>'jobId' as id, count(*) as runs from core.event where name = 'trial.worked' group by 1) e
      on e.id = j.id
    where e.runs is distinct from 1`,
  'work of no job': `
    select e.id from core.event e left join workflow.job j on j.id = e.payload->>'jobId'
    where e.name = 'trial.worked' and j.id is null`,
  'a delivery not done': `select event_id from core.delivery where status <> 'done'`,
  'a step nobody was told of': `
    select e.id from core.event e where e.name = 'workflow.instance.stepped' and not exists (
      select from core.delivery d where d.event_id = e.id and d.subscriber = 'trial.note')`,
  'a step heard of not at all or twice': `
    select e.id from core.event e left join (
      select payload->>'eventId' as id, count(*) as noted from core.event where name = 'trial.noted' group by 1) n
      on n.id = e.id::text
    where e.name = 'workflow.instance.stepped' and n.noted is distinct from 1`,
  'a message not consumed by its instance': `
    select m.id from workflow.message m left join workflow.instance i
      on i.id = m.consumed_by and i.business_key = m.correlation_key
    where m.status <> 'consumed' or i.id is null`,
  'a message received twice': `
    select correlation_key, message from workflow.message group by 1, 2 having count(*) > 1`,
  'a subscription left': `select id from workflow.subscription`,
  'an incident': `select node, error from workflow.incident`,
}

/** Everything that is wrong with what a trial has left behind; empty when nothing is. */
export async function faultsOf(trial: Trial): Promise<string[]> {
  const { pool } = trial
  const faults: string[] = []
  for (const [fault, query] of Object.entries(FAULTS)) {
    const { rows } = await pool.query<object>(query)
    if (rows.length > 0) faults.push(`${rows.length} × ${fault}: ${JSON.stringify(rows.slice(0, 3))}`)
  }
  return [...faults, ...(await traceFaults(trial)), ...(await answerFaults(trial))]
}

/** Each case has one instance, which went exactly the way its model and its variables prescribe. */
async function traceFaults({ pool, cases }: Trial): Promise<string[]> {
  const { rows } = await pool.query<{ key: string; definition: string; moves: [string, string][] }>(
    `select i.business_key as key, i.definition_key as definition,
       jsonb_agg(move order by (e.payload->>'version')::int, place) as moves
     from workflow.instance i
     join core.event e on e.name = 'workflow.instance.stepped' and e.payload->>'instanceId' = i.id::text,
     jsonb_array_elements(e.payload->'moves') with ordinality as moves (move, place)
     group by i.id`,
  )
  const instances = new Map(rows.map(({ key, definition, moves }) => [key, { definition, moves }]))
  const faults = cases.flatMap(({ caseId, model, way }) => {
    const instance = instances.get(caseId)
    if (instance?.definition !== model.key) return [`the case ${caseId} has no instance of ${model.key}`]
    const fault = traceFault(
      model.blocks,
      way,
      instance.moves.map((move) => move.join('')),
    )
    return fault === undefined ? [] : [`the case ${caseId} of ${model.key} ${fault}`]
  })
  if (instances.size !== cases.length) faults.push(`${instances.size} instances for ${cases.length} cases`)
  return faults
}

/** What a node was told is so, and asked again, is told again and changes nothing. */
async function answerFaults({ place, pool, answers }: Trial): Promise<string[]> {
  const faults: string[] = []
  const { rows } = await pool.query<{ key: string; task: string; status: string }>(
    `select c.idempotency_key as key, t.id as task, t.status from workflow.command c
     join workflow.task t on t.id::text = c.answer->>'taskId'`,
  )
  const commands = new Map(rows.map(({ key, task, status }) => [key, { task, status }]))
  for (const { commandId, taskId } of answers) {
    const command = commands.get(commandId)
    if (command?.task !== taskId || command.status !== 'completed')
      faults.push(`the answer to the command ${commandId} is lost`)
  }
  const before = await counts(pool)
  const kernel = await openNode(place)
  try {
    for (const { commandId, taskId, version } of answers.slice(0, 200)) {
      const again = { commandId, id: taskId, expectedVersion: version, output: {} }
      const task = await complete(clerkOn(kernel), again, offers)
      if (task.id !== taskId || task.status !== 'completed')
        faults.push(`the command ${commandId} has another answer now`)
    }
  } finally {
    await kernel.close()
  }
  const after = await counts(pool)
  if (before !== after) faults.push(`asking again changed something: ${before}, ${after}`)
  return faults
}

async function counts(pool: Trial['pool']): Promise<string> {
  const { rows } = await pool.query<object>(
    `select (select count(*) from core.event) as events, (select count(*) from workflow.command) as commands,
       (select count(*) from workflow.task) as tasks, (select sum(version) from workflow.instance) as versions`,
  )
  return JSON.stringify(rows[0])
}

/** Completions of tasks that were saved. */
export async function completionsOf({ pool }: Trial): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from workflow.command')
  return rows[0]?.count ?? 0
}
