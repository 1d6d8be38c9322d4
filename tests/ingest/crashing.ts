import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../core/config.ts'
import { type Kernel, openKernel, PLATFORM } from '../../core/kernel.ts'
import { manifests } from '../../gateway/platform.ts'
import { seed } from '../../gateway/seed.ts'
import { registerDataset } from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { draftSchema } from '../../standards/index.ts'
import { approve, submit } from '../support/standards.ts'
import { WORLD_PACKS } from '../support/world.ts'

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
  const folder = await mkdtemp(join(tmpdir(), 'gdbos-crash-'))
  const kernel = await openKernel(readConfig({ dataFolder: folder, logLevel: 'silent' }, {}), manifests, {
    now: () => new Date(NOW),
  })
  try {
    await seed(kernel.contextFor(PLATFORM), WORLD_PACKS)
    await givenSchema(kernel)
    const names = (await readdir(files)).filter((name) => name.endsWith('.csv')).sort()
    for (const name of names) await confirmed(kernel, name, await readFile(join(files, name)))
  } finally {
    await kernel.close()
  }
  return folder
}

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
  const dataset = await registerDataset(steward, {
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
      const { signal, stderr } = await child(copy, step)
      if (signal !== 'SIGKILL') throw new Error(`the load did not reach the step ${step}: ${stderr}`)
    }
    const { signal, stdout, stderr } = await child(copy)
    if (signal !== null || stdout === '') throw new Error(`the load did not end: ${stderr}`)
    return JSON.parse(stdout) as Loaded
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

function child(
  folder: string,
  step = '',
): Promise<{ signal: NodeJS.Signals | null; stdout: string; stderr: string }> {
  const started = spawn(process.execPath, ['--import', 'tsx', CHILD, folder, NOW, step])
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    started[stream].setEncoding('utf8').on('data', (text: string) => (written[stream] += text))
  return new Promise((resolve, reject) => {
    started.on('error', reject)
    started.on('close', (_, signal) => resolve({ signal, ...written }))
  })
}
