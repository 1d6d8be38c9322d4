import { type Context, transaction } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'
import type { Cell, PlaneRow } from '../../core/plane/plane.ts'
import { type Establishment, type EstablishmentRow, establishmentRows, numberName } from './establishment.ts'
import { numberedByLikeness } from './establishment-match.service.ts'
import * as repository from './establishment.repository.ts'
import type { Findings } from './merging.ts'
import { isLarge } from './link.service.ts'
import { type Plan, type PlannedEstablishments, receivedOn } from './plan.ts'
import { accessSubject, errors, recordKey } from './record.ts'
import { mayRead } from './record.service.ts'
import type { Working } from './run.ts'
import * as runs from './run.repository.ts'
import { keyVerdict } from './sound.ts'

/** Rows written in one transaction. */
const BATCH = 1000

/**
 * Links each row of a register of establishments to its company by an equal business number, its own or the one that a
 * crosswalk gives for its number; one whose business number is a placeholder or fails its check is a finding. Shows
 * them to nobody before the run is served.
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
  for await (const found of establishmentsOf(ctx, plan.establishments, findings, signal)) {
    batch.push(found)
    if (batch.length === BATCH) await write()
  }
  await write()
}

/** Those with a company of their own first; what a crosswalk says of a number that no register has stands for itself. */
async function* establishmentsOf(
  ctx: Context,
  planned: readonly PlannedEstablishments[],
  findings: Findings,
  signal: AbortSignal,
): AsyncGenerator<Establishment> {
  const orphaned = planned.filter(({ company }) => company === null)
  const wanted = new Set<string>()
  for await (const { source, number } of read(ctx, orphaned, signal)) wanted.add(numberName(source, number))

  /** By the name of the number: company → the crosswalk that says so. */
  const given = new Map<string, Map<string, string>>()
  let before = ''
  for await (const { source, number, row } of read(
    ctx,
    planned.filter(({ company }) => company !== null),
    signal,
  )) {
    const partOf = companyOf(source, row, findings)
    if (partOf === null) continue
    const name = numberName(source, number)
    if (wanted.has(name))
      given.set(name, (given.get(name) ?? new Map<string, string>()).set(partOf, source.datasetId))
    if (source.isCrosswalk) {
      const place = `${source.datasetId} ${partOf} ${name}`
      const isKnown = place === before || wanted.has(name)
      before = place
      if (isKnown) continue
    }
    yield establishment(source, row, { partOf, number, viaDatasetId: null })
  }

  const numberless: Omit<EstablishmentRow, 'number'>[] = []
  const crosswalks = planned.filter(({ isCrosswalk }) => isCrosswalk)
  for await (const each of read(ctx, crosswalks, signal, { isNumbered: false }))
    if (companyOf(each.source, each.row, findings) !== null) numberless.push(each)
  for (const { source, number, row } of await numberedByLikeness(
    ctx,
    planned,
    numberless,
    findings,
    signal,
  )) {
    const name = numberName(source, number)
    const partOf = String(row['key'])
    if (wanted.has(name))
      given.set(name, (given.get(name) ?? new Map<string, string>()).set(partOf, source.datasetId))
    else yield establishment(source, row, { partOf, number, viaDatasetId: null })
  }

  for await (const { source, number, row } of read(ctx, orphaned, signal))
    for (const [partOf, viaDatasetId] of given.get(numberName(source, number)) ?? [])
      yield establishment(source, row, { partOf, number, viaDatasetId })
}

/** Null where the row gives none. */
function companyOf(source: PlannedEstablishments, row: PlaneRow, findings: Findings): string | null {
  const partOf = textOf(row['key'])
  if (partOf === null || source.company === null) return null
  const verdict = keyVerdict(source.company, partOf, receivedOn(source))
  if (verdict === 'ok') return partOf
  findings.add(verdict === 'placeholder' ? 'GOLDEN_KEY_PLACEHOLDER' : 'GOLDEN_KEY_CHECK_FAILED', source, row)
  return null
}

async function* read(
  ctx: Context,
  of: readonly PlannedEstablishments[],
  signal: AbortSignal,
  which: { readonly isNumbered?: boolean } = {},
): AsyncGenerator<EstablishmentRow> {
  const spec = establishmentRows(of, which)
  if (spec.sources.length === 0) return
  for await (const row of ctx.plane.select(spec, { asLoad: isLarge({ sources: of }), signal })) {
    const source = of[Number(row['_source'])]
    const number = textOf(row['number']) ?? ''
    if (source !== undefined && (number === '') === (which.isNumbered === false))
      yield { source, number, row }
  }
}

function establishment(
  { datasetId, organisationId, version, receivedAt: asOfAt }: PlannedEstablishments,
  row: PlaneRow,
  linked: Pick<Establishment, 'partOf' | 'number' | 'viaDatasetId'>,
): Establishment {
  const [name, address] = [textOf(row['name']), textOf(row['address'])]
  const line = typeof row['line'] === 'number' ? row['line'] : null
  return {
    ...linked,
    name,
    address,
    datasetId,
    organisationId,
    version,
    rowId: String(row['row_id']),
    line,
    asOfAt,
  }
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
