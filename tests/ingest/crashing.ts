import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { type Kernel, openKernel, PLATFORM } from '../../core/kernel.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { draftSchema } from '../../standards/index.ts'
import { migratedFolder } from '../support/data-folder.ts'
import { approve, submit } from '../support/standards.ts'

export const CRASH_STEPS = ['read', 'decode', 'validate', 'write', 'publish'] as const
export type CrashStep = (typeof CRASH_STEPS)[number]

/** What a data folder serves when its loads have ended. */
export interface Loaded {
  readonly datasets: readonly {
    readonly title: string
    readonly versions: readonly object[]
    readonly batches: readonly object[]
  }[]
}

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const NOW = '2026-01-05T09:00:00+08:00'
const TARGETS: Readonly<Record<string, string>> = {
  企业名称: 'name',
  统一社会信用代码: 'uscc',
  注册日期: 'registered_on',
  注册资金: 'capital',
  注册地址: 'address',
}

/** A data folder with the files of a folder uploaded and confirmed, none loaded; remove it afterwards. */
export async function prepared(files: string): Promise<string> {
  const folder = await migratedFolder()
  const kernel = await opened(folder)
  try {
    await givenSchema(kernel)
    const names = (await readdir(files)).filter((name) => name.endsWith('.csv')).sort()
    for (const name of names) await confirmed(kernel, name, await readFile(join(files, name)))
  } finally {
    await kernel.close()
  }
  return folder
}

const opened = (dataFolder: string) =>
  openKernel(readConfig({ dataFolder, logLevel: 'silent' }, {}), manifests, { now: () => new Date(NOW) })

const as = (kernel: Kernel, role: string) =>
  kernel.contextFor({ id: `${role}@market-bureau`, organisationId: 'market-bureau', roles: [role] })

async function givenSchema(kernel: Kernel): Promise<void> {
  const drafter = as(kernel, 'standards-drafter')
  const { version } = await draftSchema(drafter, 'provincial-companies', {
    name: { zh: '企业登记', en: 'Companies' },
    columns: [
      { name: 'name', elementCode: 'DE00000001', required: true },
      { name: 'uscc', elementCode: 'DE00000002', required: true, role: 'key' },
      { name: 'registered_on', elementCode: 'DE00000008', required: false, role: 'event-time' },
      { name: 'capital', elementCode: 'DE00000012', required: false, severity: 'warn' },
      { name: 'address', elementCode: 'DE00000005', required: false },
    ],
    primaryKey: ['uscc'],
  })
  await submit(drafter, 'schema', 'provincial-companies', version)
  await approve(as(kernel, 'standards-approver'), 'schema', 'provincial-companies', version)
}

async function confirmed(kernel: Kernel, name: string, content: Buffer): Promise<void> {
  const steward = as(kernel, 'data-steward')
  const dataset = await catalog.registerDataset(steward, {
    title: name.replace('.csv', ''),
    schemaCode: 'provincial-companies',
  })
  const batch = await ingest.receive(steward, { datasetId: dataset.id, fileName: name, content })
  const columns = batch.layout.header.map((column, index) => ({ index, target: TARGETS[column] ?? null }))
  await ingest.confirmMapping(steward, { batchId: batch.id, encoding: 'utf-8', columns })
}

/** Loads a copy of the folder; with a step, a process that is killed there goes before. */
export async function loadedAfter(folder: string, step?: CrashStep): Promise<Loaded> {
  const copy = await mkdtemp(join(tmpdir(), 'gdbos-crash-copy-'))
  try {
    await cp(folder, copy, { recursive: true })
    if (step !== undefined) {
      const { signal, stderr } = await killedAt(copy, step)
      if (signal !== 'SIGKILL') throw new Error(`the load did not reach the step ${step}: ${stderr}`)
    }
    return await load(copy)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** Runs the waiting loads of a data folder, on a kernel made ready first; what is served in the end. */
export async function load(folder: string, ready?: (kernel: Kernel) => void): Promise<Loaded> {
  const kernel = await opened(folder)
  try {
    ready?.(kernel)
    const ctx = kernel.contextFor(PLATFORM)
    const jobs = kernel.pollers.find(({ name }) => name === 'core.jobs')
    await jobs?.recover?.(ctx)
    while (((await jobs?.poll(ctx, new AbortController().signal)) ?? 0) > 0);
    return { datasets: await served(ctx) }
  } finally {
    await kernel.close()
  }
}

async function served(ctx: Context): Promise<Loaded['datasets']> {
  const datasets: Loaded['datasets'][number][] = []
  const { edges } = await catalog.datasets(ctx, { first: 100 })
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
  return datasets
}

function killedAt(
  folder: string,
  step: CrashStep,
): Promise<{ signal: NodeJS.Signals | null; stderr: string }> {
  const started = spawn(process.execPath, ['--import', 'tsx', CHILD, folder, step])
  let stderr = ''
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    started.on('error', reject)
    started.on('close', (_, signal) => resolve({ signal, stderr }))
  })
}
