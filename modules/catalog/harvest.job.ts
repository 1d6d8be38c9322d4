import { createHash } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { emit } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import { bindEntry } from './entry.binding.ts'
import { unlisted } from './entry.life.ts'
import * as entries from './entry.repository.ts'
import { registerFor, rewrite } from './entry.service.ts'
import {
  errors,
  type Harvest,
  type HarvestCounts,
  isRunning,
  MAX_QUARANTINED,
  NOTHING,
  type Quarantined,
  refusalOf,
  requireNoCollapse,
} from './harvest.ts'
import { isDataset, readRecord, remoteIdOf, type RemoteRecord, titleOf } from './harvest.record.ts'
import * as repository from './harvest.repository.ts'
import type { Source } from './source.ts'
import { recordsOf, source as readSource } from './source.service.ts'

const PROGRESS_MS = 2_000
const GONE = '来源目录已不再列出'
/** Of an entry that was withdrawn with its record: whatever comes back under its identity differs. */
const UNLISTED = ''

interface Crawl {
  counts: HarvestCounts
  readonly quarantined: Quarantined[]
  readonly seen: Set<string>
}

/**
 * Crawls another catalogue record by record, each in a transaction of its own. Idempotent by source and remote
 * identifier: a run after a crash reads again and finds unchanged what is done.
 */
export const harvestJob = defineJob<{ harvestId: string }>({
  atOnce: 2,
  async run(ctx, { harvestId }, { signal }) {
    const harvest = await begun(ctx, harvestId)
    if (!harvest) return
    try {
      const source = await readSource(ctx, harvest.sourceId)
      const crawl = await crawled(ctx, harvest, source, signal)
      await finish(ctx, harvest, crawl)
    } catch (error) {
      // Cancelled: the row says so already. The server is stopping: the job stays and begins again.
      if (signal.aborted) return rethrowUnlessCancelled(ctx, harvestId, error)
      if (!(error instanceof DomainError)) throw error
      await fail(ctx, harvestId, error)
    }
  },
  gaveUp: (ctx, { harvestId }, refusal) => fail(ctx, harvestId, refusal),
})

async function begun(ctx: Context, id: string): Promise<Harvest | undefined> {
  return transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, id)
    if (!found || !['queued', 'running'].includes(found.status)) return undefined
    const result: Harvest = { ...found, status: 'running' }
    await repository.update(ctx, result)
    return result
  })
}

async function crawled(ctx: Context, harvest: Harvest, source: Source, signal: AbortSignal): Promise<Crawl> {
  const crawl: Crawl = { counts: NOTHING, quarantined: [], seen: new Set() }
  let writtenAt = performance.now()
  for await (const page of recordsOf(ctx, source, signal)) {
    for (const record of page.filter((each) => isDataset(each, harvest.format))) {
      signal.throwIfAborted()
      await take(ctx, harvest, source, record, crawl)
      if (performance.now() - writtenAt < PROGRESS_MS) continue
      writtenAt = performance.now()
      await repository.saveProgress(ctx, { id: harvest.id, counts: crawl.counts })
    }
  }
  signal.throwIfAborted()
  if (crawl.counts.read === 0) throw errors.HARVEST_EMPTY()
  return crawl
}

type Outcome = 'created' | 'changed' | 'unchanged' | 'quarantined'

async function take(
  ctx: Context,
  harvest: Harvest,
  source: Source,
  record: object,
  crawl: Crawl,
): Promise<void> {
  const outcome = await outcomeOf(ctx, harvest, source, record, crawl)
  const { counts } = crawl
  crawl.counts = { ...counts, read: counts.read + 1, [outcome]: counts[outcome] + 1 }
}

async function outcomeOf(
  ctx: Context,
  harvest: Harvest,
  source: Source,
  record: object,
  { seen, quarantined }: Crawl,
): Promise<Outcome> {
  const remoteId = remoteIdOf(record, harvest.format)
  try {
    if (remoteId !== null && seen.has(remoteId)) throw errors.HARVEST_RECORD_DOUBLED({ id: remoteId })
    // Also one that is not valid is listed: its entry is not withdrawn.
    if (remoteId !== null) seen.add(remoteId)
    const remote = readRecord(record, harvest.format)
    return await transaction(ctx, (ctx) => settle(ctx, harvest, source, remote))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (quarantined.length < MAX_QUARANTINED)
      quarantined.push({ remoteId, title: titleOf(record), refusal: refusalOf(error) })
    return 'quarantined'
  }
}

async function settle(
  ctx: TransactionContext,
  { startedBy }: Harvest,
  source: Source,
  remote: RemoteRecord,
): Promise<Outcome> {
  const digest = createHash('sha256').update(JSON.stringify(remote)).digest('hex')
  const { remoteId } = remote
  const known = await repository.identity(ctx, source.id, remoteId)
  if (known?.digest === digest) return 'unchanged'
  const before = known && (await entries.lock(ctx, known.entryId))
  const entry = before
    ? // What people added here, items and sharing, stays.
      await rewrite(ctx, before, { ...before, ...fromRemote(remote) }, startedBy)
    : await registerFor(ctx, newEntry(remote, source), source.organisationId, startedBy)
  await repository.saveIdentity(ctx, source.id, { remoteId, entryId: entry.id, digest })
  return before ? 'changed' : 'created'
}

function fromRemote({ title, summary, keywords, format, formatType, updateCycle }: RemoteRecord) {
  return { name: title, summary, keywords, format, formatType, updateCycle }
}

/** Without data elements: people bind them before it is published. */
function newEntry(remote: RemoteRecord, { title, connection }: Source): Parameters<typeof registerFor>[1] {
  return {
    ...fromRemote(remote),
    kind: 'department',
    classPath: [[...title].slice(0, 100).join('')],
    unit: '',
    items: [{ name: remote.title, elementCode: null, dataType: 'text', length: null, duplicateReason: null }],
    sharingType: 'conditional',
    sharingBasis: null,
    sharingCondition: `按来源目录“${title}”的许可使用`,
    sharingMethod: 'api',
    open: false,
    openCondition: null,
    relatedCodes: [],
    custodian: remote.custodian ?? title,
    contact: remote.contact ?? (connection.kind === 'rest' ? new URL(connection.url).hostname : title),
    system: title,
    matters: [],
    datasetId: null,
  }
}

/** After a crawl that ended completely: what it did not list is withdrawn, and the counts are final. */
async function finish(ctx: Context, { id, sourceId }: Harvest, crawl: Crawl): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, id)
    if (found?.status !== 'running') return
    const known = (await repository.identities(ctx, sourceId)).filter(({ digest }) => digest !== UNLISTED)
    const gone = known.filter(({ remoteId }) => !crawl.seen.has(remoteId))
    requireNoCollapse(found, known.length, gone.length)
    for (const identity of gone) await withdraw(ctx, sourceId, identity)
    const counts = { ...crawl.counts, withdrawn: gone.length }
    await repository.update(ctx, { ...found, status: 'done', counts, quarantined: crawl.quarantined })
    await emit(ctx, 'catalog.harvest.ended', { harvestId: id, sourceId, status: 'done' })
  })
}

async function withdraw(
  ctx: TransactionContext,
  sourceId: string,
  identity: repository.Identity,
): Promise<void> {
  const entry = await entries.lock(ctx, identity.entryId)
  if (!entry) return
  await repository.saveIdentity(ctx, sourceId, { ...identity, digest: UNLISTED })
  if (entry.status === 'withdrawn') return
  const gone = unlisted(entry, GONE)
  await entries.update(ctx, gone)
  await bindEntry(ctx, gone)
  const { id: entryId, code, organisationId } = entry
  await emit(ctx, 'catalog.entry.moved', { entryId, code, organisationId, status: 'withdrawn' })
}

async function rethrowUnlessCancelled(ctx: Context, id: string, error: unknown): Promise<void> {
  if ((await repository.find(ctx, id))?.status !== 'cancelled') throw error
}

async function fail(ctx: Context, id: string, error: DomainError): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const found = await repository.lock(ctx, id)
    if (!found || !isRunning(found)) return
    await repository.update(ctx, { ...found, status: 'failed', refusal: refusalOf(error) })
    await emit(ctx, 'catalog.harvest.ended', { harvestId: id, sourceId: found.sourceId, status: 'failed' })
  })
}
