import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { PlaneControl, PlaneRow } from '../plane.ts'
import { errors } from '../refusals.ts'
import { spillLimitMb } from '../spill.ts'
import { Child } from './child.ts'
import type { LoadRequest, QueryRequest } from './messages.ts'

export interface Limits {
  readonly folder: string
  readonly queryMemoryMb: number
  readonly queryTimeMs: number
  readonly outlineTimeMs: number
  readonly loadMemoryMb: number
  /** Of each process; undefined for a share of the disk, see spillLimitMb. */
  readonly spillMb: number | undefined
  /** How long a load may show no progress. */
  readonly stallTimeMs: number
}

export interface Children {
  /** Runs in a child for loads, which soon ends and gives its memory back. One load at a time. */
  load<Result>(request: LoadRequest, control: PlaneControl): Promise<Result>
  /** Runs in a child kept for queries, one query a child, so that a crash fails one query. One outline at a time. */
  query(request: QueryRequest, control: PlaneControl): AsyncGenerator<PlaneRow>
  /** Largest resident size of any load's child so far, in bytes. */
  readonly loadPeakBytes: number
  close(): Promise<void>
}

const QUERY_CHILDREN = 2
const START_MS = 60_000
const REST_MS = 5_000

export function openChildren(limits: Limits): Children {
  const loads = turnstile(1)
  const queries = turnstile(QUERY_CHILDREN)
  const outlines = turnstile(1)
  const idle: Child[] = []
  const all = new Set<Child>()
  const stalled = () => errors.LOAD_STALLED({ minutes: Math.round(limits.stallTimeMs / 60_000) })
  let loadPeakBytes = 0
  let resting: { readonly child: Child; readonly timer: NodeJS.Timeout } | undefined
  let closed = false

  async function start(memoryMb: number): Promise<Child> {
    if (closed) throw errors.CANCELLED()
    const { folder } = limits
    const spillFolder = join(folder, 'spill', `${process.pid}-${randomUUID()}`)
    const spillMb = await spillLimitMb(folder, limits.spillMb)
    const child = await Child.start({ folder, spillFolder, memoryMb, spillMb }, START_MS)
    all.add(child)
    if (closed) await end(child)
    return child
  }

  async function end(child: Child): Promise<void> {
    all.delete(child)
    await child.end()
  }

  async function load<Result>(request: LoadRequest, control: PlaneControl): Promise<Result> {
    const leave = await loads.enter(control.signal)
    try {
      const child = await loadChild()
      let done = false
      try {
        child.send({ type: 'request', request, isLoad: true })
        for (;;) {
          const report = await child.next(limits.stallTimeMs, control.signal, stalled)
          if (report.type === 'progress') control.onProgress?.(report.progress)
          if (report.type === 'done') {
            done = true
            return report.result as Result
          }
        }
      } finally {
        await child.measure()
        loadPeakBytes = Math.max(loadPeakBytes, child.peakBytes)
        if (done && !closed) keep(child)
        else await end(child)
      }
    } finally {
      leave()
    }
  }

  /** The steps of one load follow each other: its child waits a moment for the next one. */
  function keep(child: Child): void {
    const timer = setTimeout(() => {
      resting = undefined
      end(child).catch(() => child.kill())
    }, REST_MS)
    timer.unref()
    resting = { child, timer }
  }

  async function loadChild(): Promise<Child> {
    if (resting === undefined) return start(limits.loadMemoryMb)
    const { child, timer } = resting
    clearTimeout(timer)
    resting = undefined
    if (child.usable) return child
    await end(child)
    return start(limits.loadMemoryMb)
  }

  async function* query(request: QueryRequest, control: PlaneControl): AsyncGenerator<PlaneRow> {
    const { places, timeMs, late } = turnOf(request, control)
    const leave = await places.enter(control.signal)
    let child: Child | undefined
    let settled = false
    try {
      child = await (control.asLoad === true ? loadChild() : queryChild())
      child.send({ type: 'request', request, isLoad: control.asLoad === true })
      for (;;) {
        const report = await child.next(timeMs, control.signal, late)
        if (report.type === 'done') {
          settled = true
          return
        }
        if (report.type !== 'rows') continue
        for (const cells of report.rows)
          yield Object.fromEntries(report.names.map((name, index) => [name, cells[index] ?? null]))
        child.send({ type: 'more' })
      }
    } catch (error) {
      settled = child?.usable === true
      throw error
    } finally {
      // A reader that stopped in the middle leaves a child with a query of its own: simpler to end it.
      if (child !== undefined) {
        if (!settled || !child.usable || closed) await end(child)
        else if (control.asLoad === true) keep(child)
        else idle.push(child)
      }
      leave()
    }
  }

  /** A look into a large workbook, or a sample of any file, reads all of it: it takes longer than queries may, and none waits for it. */
  function turnOf({ operation }: QueryRequest, { asLoad }: PlaneControl) {
    if (asLoad === true) return { places: loads, timeMs: limits.stallTimeMs, late: stalled }
    if (operation === 'outline' || operation === 'sample')
      return { places: outlines, timeMs: limits.outlineTimeMs, late: errors.TIME_EXCEEDED }
    return { places: queries, timeMs: limits.queryTimeMs, late: errors.TIME_EXCEEDED }
  }

  async function queryChild(): Promise<Child> {
    for (let child = idle.pop(); child !== undefined; child = idle.pop()) {
      if (child.usable) return child
      await end(child)
    }
    return start(limits.queryMemoryMb)
  }

  return {
    load,
    query,
    get loadPeakBytes() {
      return loadPeakBytes
    },
    async close() {
      closed = true
      await Promise.all([...all].map(end))
    },
  }
}

/** Lets `places` in at a time, the others wait in turn. */
function turnstile(places: number) {
  let free = places
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  return {
    async enter(signal?: AbortSignal): Promise<() => void> {
      if (signal?.aborted) throw errors.CANCELLED()
      if (free > 0) {
        free -= 1
        return leave
      }
      await new Promise<void>((resolve, reject) => {
        const enter = () => {
          signal?.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(enter), 1)
          reject(errors.CANCELLED())
        }
        waiting.push(enter)
        signal?.addEventListener('abort', giveUp, { once: true })
      })
      return leave
    },
  }
}
