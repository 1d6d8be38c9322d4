import { type Context, transaction } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import type { Cell, PlaneRow } from '../../core/plane/plane.ts'
import { COMPANY_NUMBERS } from '../../standards/index.ts'
import { type ReadableVersion, versionsForKey } from '../catalog/index.ts'
import { type NameChange, type NamedRow, renamed } from './former-name.ts'
import * as repository from './former-name.repository.ts'
import { isLarge } from './link.service.ts'
import { eventColumn, type Plan, receivedOn } from './plan.ts'
import type { Working } from './run.ts'
import * as runs from './run.repository.ts'
import { keyVerdict } from './sound.ts'

/** More than any version has. */
const ALL_ROWS = 1_000_000_000

/**
 * Compares the names of each register's versions with those before them, every version once for ever, and answers
 * all that were renamed up to the versions of the plan. A version whose file was altered or is gone is passed over:
 * it is served no longer, and must not keep the versions after it from being merged.
 */
export async function keepNameHistory(
  ctx: Context,
  work: Working,
  plan: Plan,
  { signal }: { readonly signal: AbortSignal },
): Promise<NameChange[]> {
  const element = plan.fields.find(({ name }) => name === plan.nameField)?.elementCode
  if (element === undefined) return []
  const done = await repository.through(
    ctx,
    plan.sources.map(({ datasetId }) => datasetId),
  )
  for (const { datasetId, version: last } of plan.sources)
    for (let version = (done.get(datasetId) ?? 1) + 1; version <= last; version += 1) {
      signal.throwIfAborted()
      // Those of the plan have been verified: only what they took the place of may be damaged.
      const isSound = version === last || (await isIntact(ctx, datasetId, version))
      const earlier = isSound ? await intactBefore(ctx, datasetId, version) : undefined
      const changes =
        earlier === undefined ? [] : await changesOf(ctx, { datasetId, earlier, version, element }, signal)
      await transaction(ctx, async (ctx) => {
        await runs.hold(ctx, work)
        await repository.note(ctx, { datasetId, version }, changes)
      })
    }
  return repository.upTo(ctx, plan.sources)
}

async function intactBefore(ctx: Context, datasetId: string, version: number): Promise<number | undefined> {
  for (let earlier = version - 1; earlier >= 1; earlier -= 1)
    if (await isIntact(ctx, datasetId, earlier)) return earlier
  return undefined
}

const DAMAGED: ReadonlySet<string> = new Set(['PLANE_FILE_CHECKSUM_DIFFERS', 'PLANE_FILE_MISSING'])

async function isIntact(ctx: Context, datasetId: string, version: number): Promise<boolean> {
  const found = await versionsForKey(ctx, [{ datasetId, version }], COMPANY_NUMBERS)
  try {
    for (const { sha256 } of found.flatMap((each) => each.version.files)) await ctx.plane.verify(sha256)
    return true
  } catch (error) {
    if (!(error instanceof DomainError) || !DAMAGED.has(error.code)) throw error
    ctx.log.warn({ datasetId, version, code: error.code }, 'names of a damaged version are not compared')
    return false
  }
}

interface Compared {
  readonly version: ReadableVersion
  readonly files: readonly string[]
  /** Columns of its files. */
  readonly name: string
  readonly eventOn: string | undefined
}

/** Nothing where one of the two has no names of companies. */
async function changesOf(
  ctx: Context,
  {
    datasetId,
    earlier,
    version,
    element,
  }: { datasetId: string; earlier: number; version: number; element: string },
  signal: AbortSignal,
): Promise<NameChange[]> {
  const named = [earlier, version].map((each) => ({ datasetId, version: each }))
  const found = await versionsForKey(ctx, named, COMPANY_NUMBERS)
  const [before, after] = named.map(({ version: wanted }): Compared | undefined => {
    const readable = found.find((each) => each.version.version === wanted)
    const column = readable?.columns.find(({ elementCode }) => elementCode === element)
    const files = readable?.version.files.map(({ sha256 }) => sha256) ?? []
    if (!readable || !column || readable.establishment !== null || files.length === 0) return undefined
    return { version: readable, files, name: column.name, eventOn: eventColumn(readable)?.name }
  })
  if (!before || !after) return []
  const { dataset, version: old } = before.version
  const changes: NameChange[] = []
  for await (const group of areRowsKept(before, after)
    ? rowsRenamed(ctx, before, after, signal)
    : companiesRenamed(ctx, before, after, signal))
    for (const change of renamed(
      group.before,
      group.after,
      receivedOn({ receivedAt: after.version.version.createdAt }),
    ))
      changes.push({
        ...{ datasetId, organisationId: dataset.organisationId, laterVersion: version },
        ...{ version: old.version, asOfAt: old.createdAt, ...change },
      })
  return changes
}

/** Whether a row of one version can be found in the other: it has a key, and the schema calls things as before. */
function areRowsKept(before: Compared, after: Compared): boolean {
  const { primaryKey, key } = after.version
  return (
    primaryKey.length > 0 &&
    primaryKey.join() === before.version.primaryKey.join() &&
    key.name === before.version.key.name &&
    before.name === after.name
  )
}

interface Group {
  readonly before: readonly NamedRow[]
  readonly after: readonly NamedRow[]
}

async function* rowsRenamed(
  ctx: Context,
  before: Compared,
  after: Compared,
  signal: AbortSignal,
): AsyncGenerator<Group> {
  const { name } = after
  const shown = ['_line', after.version.key.name, ...(after.eventOn === undefined ? [] : [after.eventOn])]
  const spec = { before: before.files, after: after.files, key: ['_row_id'], columns: [name], shown }
  const changes = ctx.plane.changes(
    { ...spec, operations: ['update'], limit: ALL_ROWS },
    { asLoad: areLarge(before, after), signal },
  )
  for await (const change of changes) {
    const [rowId = ''] = JSON.parse(String(change['key'])) as string[]
    const [old, fresh] = (['before', 'after'] as const).map((side) => {
      const cells = JSON.parse(String(change[side])) as Record<string, Cell>
      const { version, eventOn } = side === 'before' ? before : after
      return namedRow(version, {
        ...{ name: cells[name] ?? null, key: cells[version.key.name] ?? null, row_id: rowId },
        ...{ line: Number(cells['_line']), event_on: (eventOn && cells[eventOn]) ?? null },
      })
    })
    if (old && fresh) yield { before: old, after: fresh }
  }
}

/** Of registers without a key of rows: what their companies were called. */
async function* companiesRenamed(
  ctx: Context,
  before: Compared,
  after: Compared,
  signal: AbortSignal,
): AsyncGenerator<Group> {
  const source = ({ version, files, name, eventOn }: Compared, side: string) => ({
    name: side,
    files,
    columns: {
      ...{ key: version.key.name, row_id: '_row_id', line: '_line', name },
      ...(eventOn !== undefined && { event_on: eventOn }),
    },
  })
  const spec = {
    sources: [source(before, 'before'), source(after, 'after')],
    where: [{ column: 'key', operator: 'not-null' } as const],
    orderBy: [{ column: 'key' }, { column: 'row_id' }],
  }
  let group = { key: '', before: [] as NamedRow[], after: [] as NamedRow[] }
  for await (const row of ctx.plane.select(spec, { asLoad: areLarge(before, after), signal })) {
    const side = row['_source'] === 'before' ? 'before' : 'after'
    const [named] = namedRow((side === 'before' ? before : after).version, row)
    if (!named || named.key === null) continue
    if (named.key !== group.key) {
      if (group.key !== '') yield group
      group = { key: named.key, before: [], after: [] }
    }
    group[side].push(named)
  }
  if (group.key !== '') yield group
}

/** None where the row has no name. */
function namedRow({ key, version }: ReadableVersion, row: PlaneRow): NamedRow[] {
  const [name, own, eventOn] = [row['name'], row['key'], row['event_on']]
  if (typeof name !== 'string' || name === '') return []
  const isSound =
    typeof own === 'string' && keyVerdict(key, own, receivedOn({ receivedAt: version.createdAt })) === 'ok'
  return [
    {
      name,
      rowId: String(row['row_id']),
      line: typeof row['line'] === 'number' && Number.isFinite(row['line']) ? row['line'] : null,
      key: isSound ? own : null,
      eventOn: typeof eventOn === 'string' && eventOn !== '' ? eventOn.slice(0, 10) : null,
    },
  ]
}

function areLarge(...compared: readonly Compared[]): boolean {
  return isLarge({ sources: compared.map(({ version, files }) => ({ files, rows: version.version.rows })) })
}
