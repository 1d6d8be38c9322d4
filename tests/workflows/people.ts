import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { PLATFORM } from '../../core/kernel.ts'
import * as organisations from '../../modules/organisation/index.ts'
import { type Deployment, tasks } from '../../workflows/index.ts'
import type { Pack } from '../../workflows/pack.ts'
import { chain, message, model, userTask } from './models.ts'
import { BODY, MESSAGES, type ProcessWorld } from './process-world.ts'

export const OTHER = 'other-bureau'
export const PAGE = { first: 20 }

/** A model that opens one task for a clerk, with what stands in `attributes`. */
export const oneTask = (attributes = '', role = 'clerk') =>
  model(
    `<startEvent id="s">${message('m_open')}</startEvent>
    ${userTask('a', `name="核对" gdbos:nameEn="Check" gdbos:candidateRole="${role}" ${attributes}`)}
    <endEvent id="e"/>${chain('s a e')}`,
    {
      variables: ['note:string', 'outcome:string', 'firm:string'],
      before: '<message id="m_open" name="opened"/>',
    },
  )

export interface Member {
  readonly id: string
  /** A new request of hers, so that nothing read before is remembered. */
  readonly ctx: () => Context
}

/** Two bodies and the people who serve in them. */
export async function staff(world: ProcessWorld) {
  const platform = () => world.kernel.contextFor(PLATFORM, randomUUID())
  for (const [id, zh] of [
    [BODY, '甲局'],
    [OTHER, '乙局'],
  ] as const)
    await organisations.establish(platform(), { id, kind: 'body', name: { zh, en: id } })

  async function employ(name: string, roles: readonly string[], organisationId = BODY): Promise<Member> {
    const { id } = await organisations.registerPerson(platform(), { name: { zh: name, en: name } })
    await organisations.employ(platform(), { personId: id, organisationId, roles })
    return { id, ctx: () => world.kernel.contextFor({ id, organisationId, roles }, randomUUID()) }
  }

  return {
    employ,
    platform,
    anna: await employ('安娜', ['clerk']),
    ben: await employ('本', ['clerk']),
    carla: await employ('卡拉', ['reviewer']),
    head: await employ('主任', ['supervisor']),
    stranger: await employ('外人', ['clerk'], OTHER),
    strangeHead: await employ('外主任', ['supervisor'], OTHER),
  }
}

export type Staff = Awaited<ReturnType<typeof staff>>

export const deployed = (world: ProcessWorld, attributes = '', rest: Partial<Deployment> = {}) =>
  world.deploy(oneTask(attributes), rest)

export const withForms = (forms: Pack['forms']): Partial<Deployment> => ({
  pack: { messages: MESSAGES, forms },
})

/** The one task at a desk. */
export async function onlyTask(ctx: Context) {
  const { edges } = await tasks(ctx, PAGE)
  const [edge] = edges
  if (!edge || edges.length !== 1) throw new Error(`expected one task, found ${edges.length}`)
  return edge.node
}

export const completion = (id: string, expectedVersion: number, output: object = {}) => ({
  commandId: randomUUID(),
  id,
  expectedVersion,
  output: output as never,
})
