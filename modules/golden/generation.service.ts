import { createHash } from 'node:crypto'
import { type Context, transaction } from '../../core/context.ts'
import type { PlaneControl, PlaneRow } from '../../core/plane/plane.ts'
import * as generations from './generation.repository.ts'
import { Findings, merged, type MergedRecord } from './merging.ts'
import { type Plan, rowsOf } from './plan.ts'
import type { Working } from './run.ts'
import * as runs from './run.repository.ts'

/** Records written in one transaction. */
const BATCH_RECORDS = 500
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
export async function make(ctx: Context, work: Working, plan: Plan, control: MakingControl): Promise<Made> {
  await verifyFiles(ctx, plan)
  await sweep(ctx, async (ctx) => {
    await runs.hold(ctx, work)
    return generations.undo(ctx, work, SWEEP_ROWS)
  })
  const findings = new Findings()
  const content = createHash('sha256')
  const total = { records: 0, changed: 0, removed: 0 }
  let batch: MergedRecord[] = []
  let from = ''

  async function write(to?: string) {
    control.signal.throwIfAborted()
    const difference = await transaction(ctx, async (ctx) => {
      await runs.hold(ctx, work)
      return generations.write(ctx, work, batch, { from, ...(to !== undefined && { to }) })
    })
    total.records += batch.length
    total.changed += difference.changed
    total.removed += difference.removed
    batch = []
    from = to ?? from
    await control.progress({ phase: 'merge', records: total.records })
  }

  for await (const record of merged(read(ctx, plan, control), plan, findings)) {
    content.update(record.contentSha256)
    batch.push(record)
    if (batch.length === BATCH_RECORDS) await write(record.key)
  }
  await write()
  return { ...total, contentSha256: content.digest('hex'), findings }
}

/** The same computation, written nowhere. */
export async function compute(
  ctx: Context,
  plan: Plan,
  take: (record: MergedRecord) => void = () => undefined,
): Promise<string> {
  const content = createHash('sha256')
  for await (const record of merged(read(ctx, plan, {}), plan, new Findings())) {
    content.update(record.contentSha256)
    take(record)
  }
  return content.digest('hex')
}

/** Rows that no reader of `generation` can see go, a part at a time. */
export function prune(ctx: Context, generation: number): Promise<void> {
  return sweep(ctx, (ctx) => generations.prune(ctx, generation, SWEEP_ROWS))
}

function read(ctx: Context, plan: Plan, { signal }: PlaneControl): AsyncIterable<PlaneRow> {
  const spec = rowsOf(plan)
  if (spec.sources.length === 0) return nothing()
  return ctx.plane.select(spec, { asLoad: true, ...(signal && { signal }) })
}

async function* nothing(): AsyncGenerator<PlaneRow> {}

/** A file that was altered must not become anybody's record. @throws PLANE_FILE_CHECKSUM_DIFFERS */
async function verifyFiles(ctx: Context, { sources }: Plan): Promise<void> {
  for (const sha256 of sources.flatMap(({ files }) => files)) await ctx.plane.verify(sha256)
}

async function sweep(ctx: Context, part: Parameters<typeof transaction<number>>[1]): Promise<void> {
  while ((await transaction(ctx, part)) > 0);
}
