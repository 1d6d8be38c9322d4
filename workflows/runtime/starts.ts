import type { TransactionContext } from '../../core/context.ts'
import { PLATFORM_ORGANISATION } from '../../standards/index.ts'
import type { ProcessDefinition } from '../definition.ts'
import { evaluate } from '../expressions/index.ts'
import { declared } from './advance.ts'
import { latestVersions, type Version } from './definitions.ts'
import { start } from './instances.ts'
import type { Message } from './message.repository.ts'
import { startNodes, type Variables } from './step/index.ts'

/** No body hears what another says by deploying a process: it starts its own and the platform's. */
export const isFor = ({ organisationId }: Version, said: { readonly organisationId: unknown }): boolean =>
  organisationId === PLATFORM_ORGANISATION || organisationId === said.organisationId

/**
 * `processPack` is `key` or `key@version`. A fact that names none is for every process it starts that is the
 * platform's or the fact's own body's.
 */
export function isMeant(deployed: Version, fact: Variables): boolean {
  if (typeof fact['processPack'] === 'string') return fact['processPack'].split('@')[0] === deployed.key
  return isFor(deployed, { organisationId: fact['organisationId'] })
}

export const startsByMessage = (definition: ProcessDefinition, message: string): boolean =>
  startNodes(definition).some(({ awaits }) => awaits?.kind === 'message' && awaits.message === message)

/** Starts the processes that begin with a message nobody waits for; false when there are none. */
export async function startBy(ctx: TransactionContext, message: Message): Promise<boolean> {
  const { correlationKey, organisationId, onBehalfOf, payload } = message
  if (correlationKey === null || organisationId === null) return false
  let started = false
  for (const deployed of await latestVersions(ctx)) {
    if (!startsByMessage(deployed.compiled, message.message)) continue
    if (!isMeant(deployed, { processPack: payload['processPack'], organisationId })) continue
    const instance = await start(ctx, deployed, {
      ...{ businessKey: correlationKey, organisationId, onBehalfOf, message: message.message },
      variables: { ...declared(deployed.compiled, payload), caseId: correlationKey },
    })
    if (instance) started = true
  }
  return started
}

/** The start event whose condition holds for what a fact says; undefined without one. */
export function startByCondition({ compiled }: Version, said: Variables): string | undefined {
  return startNodes(compiled).find(
    ({ awaits }) =>
      awaits?.kind === 'condition' && evaluate(awaits.condition, compiled.variables, said) === true,
  )?.id
}
