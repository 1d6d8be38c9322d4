import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { addDays, dayOf, startOf } from '../../core/day.ts'
import { emit } from '../../core/events.ts'
import { enqueue } from '../../core/jobs.ts'
import type { Connection, PageRequest } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { validate } from '../../core/text/validate.ts'
import * as standards from '../../standards/index.ts'
import { holdsCertificate } from '../certificate/index.ts'
import { askedOf } from './correction-order.ts'
import * as orders from './correction-order.repository.ts'
import * as legalSources from './legal-source.repository.ts'
import { mergeRegisters } from './merge.service.ts'
import {
  asked,
  confirmed,
  errors,
  type Override,
  type OverrideInput,
  withdrawalAsked,
  withdrawn,
} from './override.ts'
import * as repository from './override.repository.ts'
import { numberedPage } from './numbered.ts'
import { can } from './policy.ts'
import { errors as recordErrors, type FieldDescription, recordKey, speakers } from './record.ts'
import * as records from './record.repository.ts'
import * as runs from './run.repository.ts'
import { asWritten } from './sound.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'golden.override.requested': { overrideId: string; status: Override['status'] }
    'golden.override.confirmed': { overrideId: string }
    'golden.override.withdrawal-asked': { overrideId: string }
    'golden.override.withdrawn': { overrideId: string }
  }
}

export const EXPIRE_JOB = 'golden.expire-override'

/**
 * Puts a value above what the registers say (6.5), until a day, for stewards of a body whose register speaks
 * of the entity. In force at once, and raised to the legal source; where the entity holds a licence, only
 * after a second person confirmed it.
 *
 * @throws GOLDEN_OVERRIDE_REASON_MISSING, GOLDEN_OVERRIDE_EXPIRED, GOLDEN_RECORD_NOT_FOUND,
 * GOLDEN_SUBJECT_AMBIGUOUS, POLICY_FORBIDDEN, GOLDEN_OVERRIDE_FIELD_UNKNOWN, GOLDEN_OVERRIDE_VALUE_REFUSED,
 * GOLDEN_OVERRIDE_STANDS
 */
export async function overrideValue(ctx: Context, input: OverrideInput): Promise<Override> {
  return transaction(ctx, async (ctx) => {
    const key = recordKey(input.key)
    await runs.lockServed(ctx)
    const record = await foundFor(ctx, key)
    const today = dayOf(ctx.now())
    const wanted = asked({ ...input, key }, today)
    const field = await describedField(ctx, wanted.field)
    const value = await soundValue(ctx, field, wanted.value)
    if (await repository.standing(ctx, wanted, today)) throw errors.OVERRIDE_STANDS()

    const status = (await holdsCertificate(ctx, key)) ? 'proposed' : 'in-force'
    const { name, elementCode, label, personal } = field
    const override = await repository.insert(ctx, {
      ...wanted,
      ...{ field: name, elementCode, label, personal, value, status },
      name: record.name,
      organisationId: ctx.actor.organisationId,
      requestedBy: ctx.actor.id,
      requestedAt: ctx.now(),
      confirmedBy: null,
      confirmedAt: null,
      withdrawalAskedBy: null,
      withdrawalAskedAt: null,
      withdrawnAt: null,
    })
    await emit(ctx, 'golden.override.requested', { overrideId: override.id, status })
    if (status === 'in-force') await apply(ctx, override)
    return override
  })
}

async function foundFor(ctx: Context, key: string): Promise<records.FoundRecord> {
  await authorize(ctx, can.searchRecords)
  const record = await records.find(ctx, key)
  if (!record) throw recordErrors.RECORD_NOT_FOUND({ key })
  if (record.entities > 1) throw recordErrors.SUBJECT_AMBIGUOUS({ key })
  const bodies = speakers(record)
  const { organisationId } = ctx.actor
  const own = bodies.includes(organisationId) ? organisationId : (bodies[0] ?? '')
  await authorize(ctx, can.overrideValue, { organisationId: own })
  return record
}

async function describedField(ctx: Context, name: string): Promise<FieldDescription> {
  const described = (await runs.servedRun(ctx))?.fields.find((field) => field.name === name)
  if (!described) throw errors.OVERRIDE_FIELD_UNKNOWN({ field: name })
  return described
}

/** The value as a register would store it. A key is no value to override: it says who the entity is. */
async function soundValue(ctx: Context, { elementCode, name }: FieldDescription, text: string) {
  const column = (await standards.compiledElements(ctx, [elementCode])).get(elementCode)
  if (!column || (column.check && standards.COMPANY_NUMBERS.includes(column.check)))
    throw errors.OVERRIDE_FIELD_UNKNOWN({ field: name })
  const { value, failures } = validate({ ...column, required: true }, text, dayOf(ctx.now()))
  const [failure] = failures
  if (failure || value === null)
    throw errors.OVERRIDE_VALUE_REFUSED({ value: text, reason: failure?.reason ?? 'missing' })
  return asWritten(String(value), column)
}

/**
 * The second person lets an override count, or lets one go whose withdrawal was asked for.
 *
 * @throws GOLDEN_OVERRIDE_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_OVERRIDE_ENDED, GOLDEN_OVERRIDE_BY_SAME_PERSON
 */
export async function confirmOverride(ctx: Context, id: string): Promise<Override> {
  return transaction(ctx, async (ctx) => {
    const override = await locked(ctx, id)
    await authorize(ctx, can.confirmDecision, override)
    const result = confirmed(override, ctx.actor.id, ctx.now(), dayOf(ctx.now()))
    await repository.update(ctx, result)
    if (result.status === 'withdrawn') {
      await emit(ctx, 'golden.override.withdrawn', { overrideId: id })
      await mergeRegisters(ctx)
    } else {
      await emit(ctx, 'golden.override.confirmed', { overrideId: id })
      await apply(ctx, result)
    }
    return result
  })
}

/**
 * What a second person confirmed on an entity that holds a licence counts until a second person confirms its
 * withdrawal (6.4).
 *
 * @throws GOLDEN_OVERRIDE_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_OVERRIDE_ENDED, GOLDEN_OVERRIDE_WITHDRAWAL_WAITS
 */
export async function withdrawOverride(ctx: Context, id: string): Promise<Override> {
  return transaction(ctx, async (ctx) => {
    const override = await locked(ctx, id)
    await authorize(ctx, can.overrideValue, override)
    const today = dayOf(ctx.now())
    if (override.confirmedBy !== null && (await holdsCertificate(ctx, override.key))) {
      const waiting = withdrawalAsked(override, ctx.actor.id, ctx.now(), today)
      await repository.update(ctx, waiting)
      await emit(ctx, 'golden.override.withdrawal-asked', { overrideId: id })
      return waiting
    }
    const result = withdrawn(override, ctx.now(), today)
    await repository.update(ctx, result)
    await emit(ctx, 'golden.override.withdrawn', { overrideId: id })
    if (override.status === 'in-force') await mergeRegisters(ctx)
    return result
  })
}

/** Those of one's own body, the last first. @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID */
export async function overrides(ctx: Context, page: PageRequest): Promise<Connection<Override>> {
  const { organisationId } = ctx.actor
  await authorize(ctx, can.confirmDecision, { organisationId })
  return numberedPage('recordOverrides', page, (page) => repository.list(ctx, organisationId, page))
}

async function locked(ctx: TransactionContext, id: string): Promise<Override> {
  const override = await repository.lock(ctx, id)
  if (!override) throw errors.OVERRIDE_NOT_FOUND({ id })
  return override
}

/** Merges anew now and after the last day, and asks the source to correct its register. */
async function apply(ctx: TransactionContext, { id, key, field, elementCode, expiresOn }: Override) {
  const record = await records.find(ctx, key)
  const legal = (await legalSources.list(ctx)).find((each) => each.elementCode === elementCode)
  const organisationId = record && askedOf(record, field, legal?.organisationId)
  if (organisationId !== undefined) await orders.open(ctx, { overrideId: id, organisationId })
  await enqueue(ctx, EXPIRE_JOB, id, { overrideId: id }, startOf(addDays(expiresOn, 1)))
  await mergeRegisters(ctx)
}
