import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openChildren } from './duckdb/children.ts'
import type { Matched } from './match.ts'
import type { Outline, Plane, PlaneFile, PlaneControl, Staged, Validated } from './plane.ts'
import { errors } from './refusals.ts'

export interface PlaneOptions {
  /** Holds snapshots, staging and spill files. */
  readonly folder: string
  /** DuckDB's memory limit for loads, in MB. */
  readonly loadMemoryMb: number
  /** How much each DuckDB process may spill, in MB; half of what the disk has free where it is not said. */
  readonly spillMb?: number | undefined
  /** DuckDB's memory limit for queries, in MB. */
  readonly queryMemoryMb?: number
  /** How long a query and an outline of a file may take. */
  readonly queryTimeMs?: number
  readonly outlineTimeMs?: number
  /** How long a load may show no progress; one that goes on is never ended. */
  readonly stallTimeMs?: number
}

const QUERY_MEMORY_MB = 512
const QUERY_TIME_MS = 30_000
const OUTLINE_TIME_MS = 2 * 60_000
const STALL_TIME_MS = 30 * 60_000

/** Opens the plane on its folder; children start when the first work arrives. */
export async function openPlane(options: PlaneOptions): Promise<Plane> {
  const { folder } = options
  for (const name of ['snapshots', 'staging', 'spill']) await mkdir(join(folder, name), { recursive: true })
  for (const name of ['staging', 'spill']) await sweep(join(folder, name))
  const children = openChildren({
    folder,
    queryMemoryMb: options.queryMemoryMb ?? QUERY_MEMORY_MB,
    queryTimeMs: options.queryTimeMs ?? QUERY_TIME_MS,
    outlineTimeMs: options.outlineTimeMs ?? OUTLINE_TIME_MS,
    loadMemoryMb: options.loadMemoryMb,
    spillMb: options.spillMb,
    stallTimeMs: options.stallTimeMs ?? STALL_TIME_MS,
  })
  const snapshotPath = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw errors.FILE_MISSING({ sha256: sha256.slice(0, 64) })
    return join(folder, 'snapshots', `${sha256}.parquet`)
  }

  return {
    stage: ({ content, ...spec }, control = {}) =>
      receiving(folder, content, control, (token) =>
        children.load<Staged>({ operation: 'stage', spec, token }, control),
      ),
    outline: ({ content, ...spec }, control = {}) =>
      receiving(folder, content, control, async (token) => {
        for await (const { outline } of children.query({ operation: 'outline', spec, token }, control))
          return JSON.parse(String(outline)) as Outline
        throw errors.CANCELLED()
      }),
    sample: ({ content, ...spec }, control = {}) =>
      receiving(folder, content, control, async (token) => {
        for await (const { rows } of children.query({ operation: 'sample', spec, token }, control))
          return JSON.parse(String(rows)) as string[][]
        throw errors.CANCELLED()
      }),
    validate: (spec, control = {}) =>
      withToken(folder, (token) => children.load<Validated>({ operation: 'validate', spec, token }, control)),
    match: (spec, control = {}) =>
      withToken(folder, (token) => children.load<Matched>({ operation: 'match', spec, token }, control)),
    failing: (spec, control = {}) =>
      withToken(folder, (token) =>
        children.load<PlaneFile | null>({ operation: 'failing', spec, token }, control),
      ),
    amend: (spec, control = {}) =>
      withToken(folder, (token) => children.load<Staged>({ operation: 'amend', spec, token }, control)),
    select: (spec, control = {}) => children.query({ operation: 'select', spec }, control),
    changes: (spec, control = {}) => children.query({ operation: 'changes', spec }, control),
    snapshotPath,

    async has(sha256) {
      try {
        return (await stat(snapshotPath(sha256))).isFile()
      } catch (error) {
        if (isAbsent(error)) return false
        throw error
      }
    },

    async verify(sha256) {
      const hash = createHash('sha256')
      try {
        await pipeline(createReadStream(snapshotPath(sha256)), hash)
      } catch (error) {
        throw isAbsent(error) ? errors.FILE_MISSING({ sha256 }) : error
      }
      if (hash.digest('hex') !== sha256) throw errors.FILE_CHECKSUM_DIFFERS({ sha256 })
    },

    async remove(sha256) {
      await rm(snapshotPath(sha256), { force: true })
    },

    get loadPeakBytes() {
      return children.loadPeakBytes
    },

    close: () => children.close(),
  }
}

/**
 * Names of temporary files begin with our process, so that what a dead one left is known as such. A child that was
 * killed leaves its own behind: they go when the work is over, however it ended.
 */
async function withToken<Result>(folder: string, use: (token: string) => Promise<Result>): Promise<Result> {
  const token = `${process.pid}-${randomUUID()}`
  try {
    return await use(token)
  } finally {
    const staging = join(folder, 'staging')
    const names = await readdir(staging).catch((error: unknown) => {
      if (isAbsent(error)) return []
      throw error
    })
    for (const name of names)
      if (name.includes(token)) await rm(join(staging, name), { recursive: true, force: true })
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1])
    if (pid !== process.pid && isAlive(pid)) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process is a process all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Brings the bytes to our own disk first: a slow store must not hold a child, and a child reaches no store. */
async function receiving<Result>(
  folder: string,
  content: Readable,
  control: PlaneControl,
  use: (token: string) => Promise<Result>,
): Promise<Result> {
  return withToken(folder, async (token) => {
    const received = join(folder, 'staging', `${token}.received`)
    try {
      control.onProgress?.({ phase: 'receive', rows: 0, bytes: 0 })
      await pipeline(content, createWriteStream(received, { flags: 'wx', mode: 0o600 }), {
        ...(control.signal && { signal: control.signal }),
      })
      const { size } = await stat(received)
      control.onProgress?.({ phase: 'receive', rows: 0, bytes: size })
      return await use(token)
    } catch (error) {
      if (control.signal?.aborted) throw errors.CANCELLED()
      throw isDiskFull(error) ? errors.DISK_FULL() : error
    }
  })
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
