import { type Context, transaction } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import type { Cell } from '../../core/plane/plane.ts'
import { type Establishment, establishmentRows } from './establishment.ts'
import * as repository from './establishment.repository.ts'
import type { Findings } from './merging.ts'
import { type Plan, receivedOn } from './plan.ts'
import { accessSubject, errors, recordKey } from './record.ts'
import { mayRead } from './record.service.ts'
import type { Working } from './run.ts'
import * as runs from './run.repository.ts'
import { keyVerdict } from './sound.ts'

/** Rows written in one transaction. */
const BATCH = 1000

/**
 * Links each row of a register of establishments to its company by an equal business number; one whose number
 * is a placeholder or fails its check is a finding. Shows them to nobody before the run is served.
 */
export async function keepEstablishments(
  ctx: Context,
  work: Working,
  { plan, findings }: { readonly plan: Plan; readonly findings: Findings },
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  let batch: Establishment[] = []
  async function write(isFirst = false) {
    signal.throwIfAborted()
    await transaction(ctx, async (ctx) => {
      await runs.hold(ctx, work)
      if (isFirst) await repository.remove(ctx, work.runId)
      await repository.insert(ctx, work.runId, batch)
    })
    batch = []
  }

  await write(true)
  const spec = establishmentRows(plan)
  if (spec.sources.length === 0) return
  for await (const row of ctx.plane.select(spec, { asLoad: true, signal })) {
    const source = plan.establishments[Number(row['_source'])]
    const partOf = textOf(row['key'])
    const number = textOf(row['number'])
    if (source === undefined || partOf === null || number === null) continue
    const verdict = keyVerdict(source.key, partOf, receivedOn(source))
    if (verdict !== 'ok') {
      const isPlaceholder = verdict === 'placeholder'
      findings.add(isPlaceholder ? 'GOLDEN_KEY_PLACEHOLDER' : 'GOLDEN_KEY_CHECK_FAILED', source, row)
      continue
    }
    const { datasetId, organisationId, version, receivedAt: asOfAt } = source
    const [name, address] = [textOf(row['name']), textOf(row['address'])]
    const line = typeof row['line'] === 'number' ? row['line'] : null
    const rowId = String(row['row_id'])
    batch.push({ partOf, number, name, address, datasetId, organisationId, version, rowId, line, asOfAt })
    if (batch.length === BATCH) await write()
  }
  await write()
}

/**
 * The factories and branches of one company, for a stated purpose; by their numbers. The read is logged before
 * the answer. A company that no register has may have them: they are known by its number alone.
 *
 * @throws POLICY_FORBIDDEN, GOLDEN_PURPOSE_MISSING, GOLDEN_RECORD_NOT_FOUND for another enterprise than one's own,
 * GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function establishments(
  ctx: Context,
  { partOf, purpose, ...page }: PageRequest & { readonly partOf: string; readonly purpose: string },
): Promise<Connection<Establishment>> {
  const key = recordKey(partOf)
  if (!(await mayRead(ctx, key))) throw errors.RECORD_NOT_FOUND({ key })
  if (purpose.trim() === '') throw errors.PURPOSE_MISSING()
  const cursor = readCursor('establishments', ['number'], page)
  const after = cursor && Number(cursor[0])
  const limit = rowsToRead(page)

  const fields = ['establishments']
  await recordAccess(ctx, { kind: 'read', subject: accessSubject(key), purpose: purpose.trim(), fields })
  const found = await repository.ofCompany(ctx, { partOf: key, after, limit })
  return connection('establishments', found, page, ({ id }) => [Number(id)])
}

function textOf(cell: Cell | undefined): string | null {
  return cell === undefined || cell === null || cell === '' ? null : String(cell)
}
