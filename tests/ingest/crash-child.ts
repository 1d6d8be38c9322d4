import { readConfig } from '../../core/config.ts'
import { openKernel, PLATFORM } from '../../core/kernel.ts'
import type { PlaneControl, PlaneProgress } from '../../core/plane/plane.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import type { CrashStep, Loaded } from './crashing.ts'

/**
 * A process that runs the waiting loads of a data folder and prints what is served in the end; with a step, it
 * is killed there, as by `kill -9`: nothing of it runs on, no file is closed, no transaction ended.
 */
const [dataFolder = '', now = '', step = ''] = process.argv.slice(2)
const kernel = await openKernel(readConfig({ dataFolder, logLevel: 'silent' }, {}), manifests, {
  now: () => new Date(now),
})
const ctx = kernel.contextFor(PLATFORM)
if (step !== '') dieAt(step as CrashStep)

const jobs = kernel.pollers.find(({ name }) => name === 'core.jobs')
await jobs?.recover?.(ctx)
while (((await jobs?.poll(ctx, new AbortController().signal)) ?? 0) > 0);

const { edges } = await catalog.datasets(ctx, { first: 100 })
const datasets: Loaded['datasets'][number][] = []
for (const { node } of edges) {
  const versions = await ctx.db
    .selectFrom('catalog.datasetVersion')
    .select(['version', 'files', 'counts', 'rowCount'])
    .where('datasetId', '=', node.id)
    .execute()
  const files = versions.flatMap(({ files }) => files.map(({ sha256 }) => sha256))
  for (const sha256 of files) await ctx.plane.verify(sha256)
  const batches = await ctx.db
    .selectFrom('ingest.batch')
    .select(['status', 'publishedVersion'])
    .where('datasetId', '=', node.id)
    .execute()
  datasets.push({ title: node.title, versions, batches })
}
process.stdout.write(JSON.stringify({ datasets } satisfies Loaded))
await kernel.close()

function dieAt(wanted: CrashStep): void {
  const die = () => process.kill(process.pid, 'SIGKILL')
  const watched = (control: PlaneControl | undefined): PlaneControl => ({
    ...control,
    onProgress(progress) {
      if (stepOf(progress) === wanted) die()
      control?.onProgress?.(progress)
    },
  })
  const { plane } = kernel
  const { stage, validate } = plane
  plane.stage = (spec, control) => stage.call(plane, spec, watched(control))
  plane.validate = (spec, control) => validate.call(plane, spec, watched(control))
  // Asked for while the event is written: the version is inserted, its transaction still open.
  const { subscribers } = ctx as unknown as { subscribers: Map<string, readonly string[]> }
  const get = subscribers.get.bind(subscribers)
  subscribers.get = (event) => {
    if (wanted === 'publish' && event === 'catalog.version.published') die()
    return get(event)
  }
}

function stepOf({ phase, bytes }: PlaneProgress): CrashStep | undefined {
  if (phase === 'receive') return bytes > 0 ? 'read' : undefined
  if (phase === 'read') return 'decode'
  return phase === 'compare' ? 'validate' : phase
}
