import type { Context } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import { loadThrough } from '../../core/loader.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import { searchQuery } from '../../core/text/search.ts'
import { datasetsByIds } from '../catalog/index.ts'
import { organisationById } from '../organisation/index.ts'
import { can } from './policy.ts'
import {
  accessSubject,
  errors,
  type FieldSource,
  isStale,
  type OrganisationRecord,
  type RecordField,
  recordKey,
} from './record.ts'
import * as repository from './record.repository.ts'

/**
 * Finds organisations by the beginning of their number, or by words of any name a department knows them by:
 * two Chinese characters suffice, in simplified or traditional form, or pinyin. By number. What is personal
 * in a record is left out here; {@link organisationRecord} shows it for a purpose.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function organisationRecords(
  ctx: Context,
  page: PageRequest & { readonly search: string },
): Promise<Connection<OrganisationRecord>> {
  await authorize(ctx, can.searchRecords)
  const after = readCursor('organisationRecords', ['text'], page)
  const limit = rowsToRead(page)
  const found = wanted(page.search)
  const rows = found ? await repository.list(ctx, { ...found, after: after && String(after[0]), limit }) : []
  return connection('organisationRecords', rows.map(withoutPersonal), page, ({ key }) => [key])
}

/** Undefined when there is nothing in the text to search for. */
function wanted(search: string): { prefix?: string; query?: string } | undefined {
  if (search.trim() === '') return {}
  const prefix = recordKey(search)
  // Four characters of a credit code, one a digit, are no word anybody looks for.
  if (/^[0-9A-Z]{4,18}$/.test(prefix) && /\d/.test(prefix)) return { prefix }
  const query = searchQuery(search)
  return query === undefined ? undefined : { query }
}

function withoutPersonal(record: OrganisationRecord): OrganisationRecord {
  return { ...record, fields: record.fields.filter(({ personal }) => !personal) }
}

/** A field whose source is named, for readers that show the origin beside the value. */
export interface TitledField extends RecordField {
  readonly source: (FieldSource & { readonly datasetTitle: string }) | null
}

export interface FoundRecord extends OrganisationRecord {
  readonly fields: readonly TitledField[]
  /** Its youngest register is overdue for renewal: the answer is served, and says so. */
  readonly stale: boolean
}

/**
 * The record of one organisation for a stated purpose; undefined when no register has it. The read is
 * logged before the answer. An enterprise reads its own record only, any other is answered as missing.
 *
 * @throws POLICY_FORBIDDEN, GOLDEN_PURPOSE_MISSING, GOLDEN_SUBJECT_AMBIGUOUS
 */
export async function lookUp(
  ctx: Context,
  input: { readonly key: string; readonly purpose: string },
): Promise<FoundRecord | undefined> {
  const key = recordKey(input.key)
  const purpose = input.purpose.trim()
  if (!(await mayRead(ctx, key))) return undefined
  if (purpose === '') throw errors.PURPOSE_MISSING()

  const found = await repository.find(ctx, key)
  const fields = found?.entities === 1 ? found.fields.map(({ name }) => name) : []
  await recordAccess(ctx, { kind: 'read', subject: accessSubject(key), purpose, fields })
  if (!found) return undefined
  const { entities, ...record } = found
  if (entities > 1) throw errors.SUBJECT_AMBIGUOUS({ key })
  return { ...record, fields: await titled(ctx, record.fields), stale: isStale(record, ctx.now()) }
}

/** Whether the record under the key is the actor's to read; an enterprise reads its own. @throws POLICY_FORBIDDEN */
export async function mayRead(ctx: Context, key: string): Promise<boolean> {
  if (await ctx.policy.allows(ctx, can.searchRecords)) return true
  await authorize(ctx, can.readOwnRecord)
  const { creditCode } = await organisationById(ctx, ctx.actor.organisationId)
  return creditCode === key
}

const MOST_TITLES = 1000
/** By dataset, which keeps its title for ever. */
const titles = new Map<string, string>()

async function titled(ctx: Context, fields: readonly RecordField[]): Promise<TitledField[]> {
  return Promise.all(
    fields.map(async ({ source, ...field }) => {
      if (!source) return { ...field, source }
      return { ...field, source: { ...source, datasetTitle: await titleOf(ctx, source.datasetId) } }
    }),
  )
}

async function titleOf(ctx: Context, datasetId: string): Promise<string> {
  const known = titles.get(datasetId)
  if (known !== undefined) return known
  const { title } = await loadThrough(ctx, datasetsByIds, datasetId)
  titles.set(datasetId, title)
  if (titles.size > MOST_TITLES) titles.delete(String(titles.keys().next().value))
  return title
}

/**
 * As {@link lookUp}, for a reader who expects the record.
 *
 * @throws GOLDEN_RECORD_NOT_FOUND, and what lookUp throws
 */
export async function organisationRecord(
  ctx: Context,
  input: { readonly key: string; readonly purpose: string },
): Promise<FoundRecord> {
  const record = await lookUp(ctx, input)
  if (!record) throw errors.RECORD_NOT_FOUND({ key: recordKey(input.key) })
  return record
}
