import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { readFile, rm } from 'node:fs/promises'
import { entryBeside } from '../../entry.ts'
import type { DomainError, ErrorParams } from '../../errors.ts'
import { errors } from '../refusals.ts'
import type { Order, Report, Setup } from './messages.ts'

/** How long an interrupted child may take to answer before it is killed (K10). */
const GRACE_MS = 2_000
const WATCH_MS = 500
/** What the process needs beside DuckDB's own limit: the runtime, the scanner, buffers DuckDB does not count. */
const OVERHEAD_MB = 1_024

/** One DuckDB process, doing one thing at a time. */
export class Child {
  readonly #process: ChildProcess
  readonly #setup: Setup
  readonly #reports: Report[] = []
  readonly #watch: NodeJS.Timeout
  #errorText = ''
  #wake: () => void = () => {}
  #exited: string | undefined
  #overMemory = false
  #peakBytes = 0

  private constructor(setup: Setup) {
    this.#setup = setup
    const entry = entryBeside('main', import.meta.url)
    this.#process = fork(entry, [JSON.stringify(setup)], {
      // No variable of ours reaches the child: some are secrets. What DuckDB's allocator is told here cannot be set by a
      // statement: it gives freed memory back at once, and not after ten seconds of the next statements.
      env: { DUCKDB_JE_MALLOC_CONF: 'dirty_decay_ms:50,muzzy_decay_ms:0' },
      execArgv: [
        '--max-old-space-size=512',
        ...(entry.endsWith('.ts')
          ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
          : []),
      ],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#process.stderr?.on('data', (text: Buffer) => {
      this.#errorText = (this.#errorText + text.toString()).slice(-4_000)
    })
    this.#process.on('message', (report: Report) => {
      this.#reports.push(report)
      this.#wake()
    })
    const ended = (how: string) => {
      this.#exited ??= how
      clearInterval(this.#watch)
      this.#wake()
      void rm(setup.spillFolder, { recursive: true, force: true })
    }
    this.#process.on('exit', (code, signal) => ended(signal ?? `exit ${code}`))
    this.#process.on('error', (error) => ended(error.message))
    this.#watch = setInterval(() => void this.measure(), WATCH_MS)
    this.#watch.unref()
  }

  static async start(setup: Setup, timeMs: number): Promise<Child> {
    const child = new Child(setup)
    await child.next(timeMs)
    return child
  }

  get usable(): boolean {
    return this.#exited === undefined && this.#process.connected
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Largest resident size seen, in bytes; 0 where the system does not tell. */
  get peakBytes(): number {
    return this.#peakBytes
  }

  send(order: Order): void {
    if (this.usable) this.#process.send(order)
  }

  /**
   * The child's next report. Time runs only while we wait for the child, and anew for each report.
   *
   * @param late what a child that says nothing for so long is ended with
   * @throws PLANE_TIME_EXCEEDED or what `late` makes, PLANE_CANCELLED, PLANE_MEMORY_EXCEEDED, PLANE_QUERY_FAILED, and what the child refuses
   */
  async next(
    timeMs: number,
    signal?: AbortSignal,
    late: () => DomainError = errors.TIME_EXCEEDED,
  ): Promise<Exclude<Report, { type: 'failed' }>> {
    let broken: DomainError | undefined
    let grace: NodeJS.Timeout | undefined
    const interrupt = (refusal: DomainError) => {
      if (broken !== undefined) return
      broken = refusal
      this.send({ type: 'interrupt' })
      grace = setTimeout(() => this.kill(), GRACE_MS)
    }
    const limit = setTimeout(() => interrupt(late()), timeMs)
    const abort = () => interrupt(errors.CANCELLED())
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    this.#process.ref()
    this.#process.channel?.ref()
    try {
      for (;;) {
        const report = this.#reports.shift()
        if (report?.type === 'failed') throw broken ?? refusalOf(report)
        // What the child still says between the interrupt and its end is of no use any more.
        if (report !== undefined && (broken === undefined || report.type === 'done')) return report
        if (report === undefined) {
          if (this.#exited !== undefined) throw broken ?? this.#crash()
          await new Promise<void>((resolve) => (this.#wake = resolve))
        }
      }
    } finally {
      clearTimeout(limit)
      clearTimeout(grace)
      signal?.removeEventListener('abort', abort)
      this.#process.unref()
      this.#process.channel?.unref()
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  /** Ends the process and waits until it is gone and its spill folder with it. */
  async end(): Promise<void> {
    if (this.#exited === undefined) {
      const gone = new Promise((resolve) => this.#process.once('exit', resolve))
      this.#process.ref()
      this.kill()
      await gone
    }
    await rm(this.#setup.spillFolder, { recursive: true, force: true })
  }

  #crash(): DomainError {
    if (this.#overMemory) return errors.MEMORY_EXCEEDED()
    const refusal = errors.QUERY_FAILED({ reason: this.#exited ?? '' })
    return Object.assign(refusal, { cause: new Error(this.#errorText) })
  }

  /** The second wall behind DuckDB's own limit: memory that DuckDB does not count. */
  async measure(): Promise<void> {
    const { pid } = this.#process
    if (pid === undefined) return
    // Only Linux tells the size of another process in a file; elsewhere DuckDB's limit stands alone.
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const bytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024
    this.#peakBytes = Math.max(this.#peakBytes, bytes('VmHWM'))
    if (bytes('VmRSS') <= (this.#setup.memoryMb + OVERHEAD_MB) * 1_048_576) return
    this.#overMemory = true
    this.kill()
  }
}

/** The child sends a code and parameters; what its driver said stays in the cause. */
function refusalOf({ code, params, detail }: Extract<Report, { type: 'failed' }>): DomainError {
  const make = Object.entries(errors).find(([name]) => code === `PLANE_${name}`)?.[1] as
    ((params: ErrorParams) => DomainError) | undefined
  const refusal = make?.(params) ?? errors.QUERY_FAILED({ reason: code })
  return detail === '' ? refusal : Object.assign(refusal, { cause: new Error(detail) })
}
