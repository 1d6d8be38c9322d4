import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import { authorize } from '../../core/policy.ts'
import * as standards from '../../standards/index.ts'
import { organisationById } from '../organisation/index.ts'
import { type Dataset, errors as datasetErrors } from './dataset.ts'
import * as datasets from './dataset.service.ts'
import { requireSeen } from './entry.access.ts'
import { bindEntry } from './entry.binding.ts'
import * as classes from './entry.class.repository.ts'
import { classPath, CLASS_OF, entryCode, errors as classErrors } from './entry.class.ts'
import {
  checkedContent,
  collectedElsewhere,
  type Entry,
  type EntryContent,
  type EntryItem,
  entryKey,
  type EntryKind,
  requireReasons,
  UNLABELLED_LEVEL,
} from './entry.ts'
import { heldCodes, labels } from './entry.held.service.ts'
import { changed, type UpdateState } from './entry.life.ts'
import * as repository from './entry.repository.ts'
import { type FacetCount, type Hit, search } from './entry.search.repository.ts'
import { entryWords } from './entry.words.ts'
import { can } from './policy.ts'
import { current } from './version.repository.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'catalog.entry.registered': { entryId: string; code: string; organisationId: string }
    'catalog.entry.changed': { entryId: string; code: string; organisationId: string }
  }
}

/** An item as its author writes it; what a data element says of it is taken from there. */
export type ItemInput = Pick<EntryItem, 'name' | 'elementCode' | 'dataType' | 'length' | 'duplicateReason'>

export interface EntryInput extends Omit<EntryContent, 'items'> {
  readonly items: readonly ItemInput[]
}

export interface NewEntryInput extends EntryInput {
  readonly kind: EntryKind
  /** Names of 项, 目, 细目; of a department without the 项, which is the provider itself. */
  readonly classPath: readonly string[]
}

/**
 * Registers an entry of the actor's own organisation; its code is generated.
 *
 * @throws POLICY_FORBIDDEN, CATALOG_ENTRY_NAME_TAKEN, CATALOG_ENTRY_DATASET_TAKEN, CATALOG_ENTRY_SOURCE_ELSEWHERE,
 * CATALOG_DATASET_NOT_FOUND, STANDARDS_ELEMENT_NOT_FOUND, CATALOG_ENTRY_CLASS_INVALID, CATALOG_ENTRY_CLASS_UNKNOWN,
 * CATALOG_ENTRY_CLASS_FULL, and what {@link checkedContent} throws
 */
export async function registerEntry(ctx: Context, input: NewEntryInput): Promise<Entry> {
  return transaction(ctx, async (ctx) => {
    const { organisationId, id } = ctx.actor
    await authorize(ctx, can.registerEntry, { organisationId })
    return registerFor(ctx, input, organisationId, id)
  })
}

/** The same for a provider, written by `author`: rights are those of the caller. @throws as {@link registerEntry} */
export async function registerFor(
  ctx: TransactionContext,
  input: NewEntryInput,
  organisationId: string,
  author: string,
): Promise<Entry> {
  const { kind, classPath: names, ...content } = input
  const { entry, words } = await written(ctx, content, organisationId)
  const place = await placed(ctx, kind, names, organisationId)
  const start = {
    ...entry,
    ...place,
    organisationId,
    kind,
    status: 'registered' as const,
    registeredBy: author,
    editedBy: [],
    registeredAt: ctx.now(),
    reviewedBy: null,
    publishedOn: null,
    confirmedAt: ctx.now(),
    remark: null,
    closedAt: null,
  }
  const registered = await repository.insert(ctx, start, words)
  if (!registered) throw datasetErrors.ENTRY_NAME_TAKEN({ title: start.name })
  await bindEntry(ctx, registered)
  const { id: entryId, code } = registered
  await emit(ctx, 'catalog.entry.registered', { entryId, code, organisationId })
  return registered
}

/**
 * Writes an entry anew under its code and class; it is reviewed again before it is published.
 *
 * @throws CATALOG_ENTRY_NOT_FOUND, and what {@link registerEntry} throws of its content
 */
export async function changeEntry(ctx: Context, id: string, input: EntryInput): Promise<Entry> {
  return transaction(ctx, async (ctx) => {
    const before = await requireSeen(ctx, id, await repository.lock(ctx, id))
    await authorize(ctx, can.registerEntry, before)
    return rewrite(ctx, before, input, ctx.actor.id)
  })
}

/** The same of an entry that is locked: rights are those of the caller. @throws as {@link changeEntry} */
export async function rewrite(
  ctx: TransactionContext,
  before: Entry,
  input: EntryInput,
  author: string,
): Promise<Entry> {
  const { id, code, organisationId } = before
  const { entry, words } = await written(ctx, input, organisationId)
  const { level, dataAt, dataRows, grade, ...content } = entry
  const after = { ...changed(before, content, author, ctx.now()), level, dataAt, dataRows, grade }
  if (!(await repository.update(ctx, after, words)))
    throw datasetErrors.ENTRY_NAME_TAKEN({ title: after.name })
  await bindEntry(ctx, after)
  await emit(ctx, 'catalog.entry.changed', { entryId: id, code, organisationId })
  return after
}

/** The content checked, its items as their elements say, with what follows from the dataset, and its words. */
async function written(ctx: Context, input: EntryInput, organisationId: string) {
  const dataset =
    input.datasetId === null ? undefined : await ownDataset(ctx, input.datasetId, organisationId)
  const columns = dataset ? await heldCodes(ctx, dataset) : []
  const codes = input.items.flatMap(({ elementCode }) => elementCode ?? [])
  const all = [...new Set([...codes, ...columns])]
  const elements = (await standards.inForceByCode(ctx, all)).flat()
  const items = input.items.map((item) => itemOf(item, elements))
  const held = labels(columns, elements)
  const content = checkedContent({ ...input, items }, held)
  const sources = await repository.elementSources(ctx, codes)
  requireReasons(collectedElsewhere(content.items, organisationId, sources))
  const version = dataset && (await current(ctx, dataset.id))
  const level = Math.max(...[...content.items, ...held].map(({ level }) => level))
  const grade = dataset?.quality?.grade ?? null
  const data = { dataAt: version?.createdAt ?? null, dataRows: version?.rows ?? null, grade }
  return { entry: { ...content, level, ...data }, words: entryWords(content, elements) }
}

function itemOf(item: ItemInput, elements: readonly standards.DataElement[]): EntryItem {
  const { elementCode } = item
  if (elementCode === null) return { ...item, level: UNLABELLED_LEVEL, personal: false }
  const element = elements.find(({ code }) => code === elementCode)
  if (!element) throw standards.errors.ELEMENT_NOT_FOUND({ code: elementCode })
  const { dataType, maxLength = null, level, personal } = element
  return { ...item, dataType, length: maxLength, level, personal }
}

/** @throws CATALOG_DATASET_NOT_FOUND for a dataset of another provider too */
async function ownDataset(ctx: Context, id: string, organisationId: string): Promise<Dataset> {
  const dataset = await datasets.dataset(ctx, id)
  if (dataset.organisationId !== organisationId) throw datasetErrors.DATASET_NOT_FOUND({ id })
  return dataset
}

/** Its class, made where it is new, and the code with the next serial. */
async function placed(
  ctx: TransactionContext,
  kind: EntryKind,
  names: readonly string[],
  organisationId: string,
): Promise<{ code: string; classPath: string[] }> {
  const root = CLASS_OF[kind]
  const own = kind === 'department' ? [(await organisationById(ctx, organisationId)).name.zh] : []
  const path = classPath([...own, ...names])
  const [item = '', ...below] = path
  const first =
    kind === 'department'
      ? await classes.classWithin(ctx, root, item, organisationId)
      : await classes.findClass(ctx, root, entryKey(item))
  if (first === undefined) throw classErrors.ENTRY_CLASS_UNKNOWN({ name: item })
  let code = first
  for (const name of below) code = await classes.classWithin(ctx, code, name, entryKey(name))
  return { code: entryCode(code, await classes.nextSerial(ctx, code)), classPath: path }
}

/**
 * What the actor may see: published entries, to those outside the offices only the open ones; of its own
 * organisation, and of those it reviews for, all.
 *
 * @throws CATALOG_ENTRY_NOT_FOUND
 */
export async function entry(ctx: Context, id: string): Promise<Entry> {
  return requireSeen(ctx, id, await repository.find(ctx, id))
}

export interface EntryQuery extends PageRequest {
  readonly search?: string | null
  readonly provider?: string | null
  readonly theme?: string | null
  readonly sharingType?: string | null
  readonly level?: number | null
  readonly state?: UpdateState | null
  readonly format?: string | null
  readonly grade?: string | null
  /** Only what is open to the public, also for those who find more. */
  readonly open?: boolean | null
}

export interface EntryConnection extends Connection<Hit> {
  readonly total: number
  readonly facets: readonly FacetCount[]
}

/**
 * Published entries, the best first; those outside the offices find the open ones.
 *
 * @throws GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function entries(ctx: Context, query: EntryQuery): Promise<EntryConnection> {
  const after = readCursor('entries', ['number', 'number', 'uuid'], query)
  const found = await search(ctx, {
    words: query.search?.trim() ?? '',
    openOnly: query.open === true || !(await ctx.policy.allows(ctx, can.readEntry)),
    provider: query.provider ?? undefined,
    theme: query.theme ?? undefined,
    sharingType: query.sharingType ?? undefined,
    level: query.level ?? undefined,
    state: query.state ?? undefined,
    format: query.format ?? undefined,
    grade: query.grade ?? undefined,
    after: after && [Number(after[0]), Number(after[1]), String(after[2])],
    limit: rowsToRead(query),
    now: ctx.now(),
  })
  const page = connection('entries', found.hits, query, ({ score, fresh, id }) => [score, fresh, id])
  return { ...page, total: found.total, facets: found.facets }
}
