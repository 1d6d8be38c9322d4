import { randomBytes } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import * as definitions from '../definition.repository.ts'
import type { ProcessDefinition } from '../definition.ts'
import { eventsOf, type LoggedCase, type LoggedEvent, pseudonymBy } from './log.ts'
import * as repository from './log.repository.ts'
import { ocelCase, ocelEvents, ocelObject, ocelTypes } from './ocel.ts'
import { errors } from './refusals.ts'
import { scopeOf, versionIn } from './scope.service.ts'
import { XES_END, xesHead, xesTrace } from './xes.ts'

export const LOG_FORMATS = ['xes', 'ocel'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export interface LogWish {
  readonly key: string
  readonly format: LogFormat
  /** All versions unless said. */
  readonly version?: number | null
  readonly purpose: string
}

export interface LogFile {
  readonly fileName: string
  readonly mediaType: string
  readonly content: AsyncGenerator<string>
}

const PSEUDONYMS =
  'Persons are HMAC-SHA-256 under a random key made for this file and kept nowhere: one person is one pseudonym within it, in no other.'

/**
 * The cases of a process that the actor may see, finished and running, for process mining: XES (IEEE 1849-2016) or
 * OCEL 2.0 in JSON. Cases are named by the instance's id, persons by pseudonyms of this file alone; no answer of a
 * form is in it. Who took it and why is written to the access log before the first byte.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_PURPOSE_MISSING
 */
export async function exportLog(ctx: Context, wish: LogWish): Promise<LogFile> {
  const { key, format, version } = wish
  const scope = await scopeOf(ctx, key)
  const purpose = wish.purpose.trim()
  if (purpose === '') throw errors.PURPOSE_MISSING()
  const ids =
    typeof version === 'number' ? [(await versionIn(ctx, scope, version)).id] : [...scope.versions.values()]
  // A case that was taken to another version has stays on both.
  const deployed = await definitions.byIds(ctx, [...scope.versions.values()])
  await recordAccess(ctx, {
    kind: 'read',
    subject: `workflow.log:${key}`,
    purpose,
    fields: ['case', 'activity', 'time', 'body', 'role', 'person (pseudonym)'],
  })
  const reading = new Reading(ctx, {
    of: { definitionIds: ids, organisationId: scope.organisationId, until: ctx.now() },
    models: new Map(deployed.map(({ id, compiled }) => [id, compiled])),
  })
  return format === 'xes'
    ? { fileName: `${key}.xes`, mediaType: 'application/xml', content: xes(key, reading) }
    : { fileName: `${key}.ocel.json`, mediaType: 'application/json', content: ocel(reading) }
}

const PAGE = 200

/** Reads cases page by page, as often as asked, with one set of pseudonyms. */
class Reading {
  readonly models: ReadonlyMap<string, ProcessDefinition>
  readonly #ctx: Context
  readonly #of: repository.Logged
  readonly #pseudonym = pseudonymBy(randomBytes(32))

  constructor(
    ctx: Context,
    { of, models }: { of: repository.Logged; models: ReadonlyMap<string, ProcessDefinition> },
  ) {
    this.#ctx = ctx
    this.#of = of
    this.models = models
  }

  async *cases(): AsyncGenerator<{ logged: LoggedCase; events: LoggedEvent[] }> {
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof repository.cases>> = await repository.cases(this.#ctx, this.#of, {
        after,
        limit: PAGE,
      })
      const last = page.at(-1)
      if (!last) return
      for (const logged of page) yield { logged, events: eventsOf(this.models, logged, this.#pseudonym) }
      after = last.instanceId
    }
  }
}

async function* xes(key: string, reading: Reading): AsyncGenerator<string> {
  yield xesHead(key, PSEUDONYMS)
  for await (const { logged, events } of reading.cases()) yield xesTrace(logged, events)
  yield XES_END
}

/** Two readings: events first, then the objects they name; persons and bodies are few enough to remember. */
async function* ocel(reading: Reading): AsyncGenerator<string> {
  const { objectTypes, eventTypes } = ocelTypes([...reading.models.values()])
  yield `{"objectTypes":${JSON.stringify(objectTypes)},\n"eventTypes":${JSON.stringify(eventTypes)},\n"events":[`
  const officers = new Set<string>()
  const bodies = new Set<string>()
  let separator = '\n'
  for await (const { logged, events } of reading.cases()) {
    for (const { officer, organisationId } of events) {
      if (officer !== null) officers.add(officer)
      bodies.add(organisationId)
    }
    const written = ocelEvents(logged, events)
    if (written.length === 0) continue
    yield separator + written.map((event) => JSON.stringify(event)).join(',\n')
    separator = ',\n'
  }
  yield '],\n"objects":['
  separator = '\n'
  for await (const { logged } of reading.cases()) {
    bodies.add(logged.organisationId)
    yield separator + JSON.stringify(ocelCase(logged))
    separator = ',\n'
  }
  for (const [type, ids] of [['officer', officers] as const, ['organisation', bodies] as const])
    for (const id of ids) {
      yield separator + JSON.stringify(ocelObject(type, id))
      separator = ',\n'
    }
  yield ']}\n'
}
