import { createHash } from 'node:crypto'
import { type Context, transaction } from '../../core/context.ts'
import type { PlaneControl, PlaneRow } from '../../core/plane/plane.ts'
import * as generations from './generation.repository.ts'
import type { Link } from './link.ts'
import { linkedRows } from './link.service.ts'
import { Findings, type Linked, merged } from './merging.ts'
import { type Plan, rowsOf } from './plan.ts'
import type { Working } from './run.ts'
import * as runs from './run.repository.ts'

/** Records written in one transaction. */
export const BATCH_RECORDS = 2_000
/** Rows undone or pruned in one transaction. */
const SWEEP_ROWS = 5000

export interface Made {
  readonly records: number
  readonly changed: number
  readonly removed: number
  readonly contentSha256: string
  readonly findings: Findings
}

export interface MakingControl {
  readonly signal: AbortSignal
  progress(state: object): Promise<void>
}

/** Writes a whole generation beside the one served, in transactions of bounded size; shows it to nobody. */
export async function make(
  ctx: Context,
  work: Working,
  { plan, links }: { readonly plan: Plan; readonly links: readonly Link[] },
  control: MakingControl,
): Promise<Made> {
  await sweep(ctx, async (ctx) => {
    await runs.hold(ctx, work)
    return generations.undo(ctx, work, SWEEP_ROWS)
  })
  const findings = new Findings()
  const content = createHash('sha256')
  const total = { records: 0, changed: 0, removed: 0 }
  async function write(
    records: readonly generations.StoredRecord[],
    part: { readonly from: string; readonly to?: string },
  ) {
    control.signal.throwIfAborted()
    const difference = await transaction(ctx, async (ctx) => {
      await runs.hold(ctx, work)
      return generations.write(ctx, work, records, part)
    })
    total.records += records.length
    total.changed += difference.changed
    total.removed += difference.removed
    await control.progress({ phase: 'merge', records: total.records })
  }

  const linked = await readLinked(ctx, plan, links, control)
  let batch: generations.StoredRecord[] = []
  let from = ''
  // While the database writes one part, the next is computed.
  let writing = Promise.resolve()
  try {
    for await (const record of merged(read(ctx, plan, control), plan, findings, linked)) {
      content.update(record.contentSha256)
      batch.push(generations.stored(work, record))
      if (batch.length < BATCH_RECORDS) continue
      await writing
      writing = write(batch, { from, to: record.key })
      // It fails where it is awaited; until then nobody listens.
      writing.catch(() => undefined)
      batch = []
      from = record.key
    }
    await writing
    writing = write(batch, { from })
    await writing
  } finally {
    // Whoever undoes a generation that failed must not meet a part still being written.
    await Promise.allSettled([writing])
  }
  return { ...total, contentSha256: content.digest('hex'), findings }
}

/** The same computation, written nowhere. */
export async function compute(
  ctx: Context,
  { plan, links }: { readonly plan: Plan; readonly links: readonly Link[] },
): Promise<string> {
  const content = createHash('sha256')
  const linked = await readLinked(ctx, plan, links, {})
  for await (const record of merged(read(ctx, plan, {}), plan, new Findings(), linked))
    content.update(record.contentSha256)
  return content.digest('hex')
}

/** Rows that no reader of `generation` can see go, a part at a time. */
export function prune(ctx: Context, generation: number): Promise<void> {
  return sweep(ctx, (ctx) => generations.prune(ctx, generation, SWEEP_ROWS))
}

async function readLinked(
  ctx: Context,
  plan: Plan,
  decided: readonly Link[],
  control: PlaneControl,
): Promise<Linked> {
  const links = decided.filter(({ decision }) => decision === 'link')
  return { links, rows: await linkedRows(ctx, plan, links, control) }
}

function read(ctx: Context, plan: Plan, { signal }: PlaneControl): AsyncIterable<PlaneRow> {
  const spec = rowsOf(plan)
  if (spec.sources.length === 0) return nothing()
  return ctx.plane.select(spec, { asLoad: true, ...(signal && { signal }) })
}

async function* nothing(): AsyncGenerator<PlaneRow> {}

/** A file that was altered must not become anybody's record. @throws PLANE_FILE_CHECKSUM_DIFFERS */
export async function verifyFiles(ctx: Context, { sources, establishments }: Plan): Promise<void> {
  for (const sha256 of [...sources, ...establishments].flatMap(({ files }) => files))
    await ctx.plane.verify(sha256)
}

async function sweep(ctx: Context, part: Parameters<typeof transaction<number>>[1]): Promise<void> {
  while ((await transaction(ctx, part)) > 0);
}
