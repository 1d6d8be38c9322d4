import type { Worker } from 'node:worker_threads'
import { startWorker } from '../../core/entry.ts'
import type { ProcessDefinition } from '../definition.ts'
import { emitBpmn } from './emit.ts'

/** One way through a definition, with what was forced to go it. */
export interface Path {
  /** A conditional flow or boundary event; null for the way the conditions lead with nothing answered. */
  readonly forced: string | null
  readonly outcome: 'ended' | 'standing' | 'failed'
  /** Nodes left, in order. */
  readonly nodes: readonly string[]
  readonly error?: string
}

/** What bpmn-engine made of a definition at deployment. */
export interface Rehearsal {
  readonly outcome: 'ended' | 'standing' | 'failed' | 'timed-out'
  readonly paths: readonly Path[]
  /** Nodes and the share of them some path went through, 0 to 1. */
  readonly covered: readonly string[]
  readonly coverage: number
}

const LIMIT_MS = 30_000

export interface Order {
  readonly definition: ProcessDefinition
  readonly xml: string
}

/** A thread that has done its rehearsal waits this long for the next: to start one costs more than most rehearsals. */
const KEPT_MS = 60_000

let waiting: { readonly worker: Worker; readonly end: NodeJS.Timeout } | undefined

/** A thread in which nothing is rehearsed now. */
function takeWorker(): Worker {
  if (waiting === undefined) {
    const worker = startWorker('rehearsal-worker', import.meta.url, {})
    // One that breaks while it waits is nobody's failure.
    return worker.on('error', () => leave(worker)).on('exit', () => leave(worker))
  }
  const { worker } = waiting
  leave(worker)
  worker.ref()
  return worker
}

function leave(worker: Worker): void {
  if (waiting?.worker !== worker) return
  clearTimeout(waiting.end)
  waiting = undefined
}

/** One is kept, and keeps no process from ending. */
function keep(worker: Worker): void {
  if (waiting !== undefined) return void worker.terminate()
  waiting = { worker, end: setTimeout(() => void worker.terminate(), KEPT_MS).unref() }
  worker.unref()
}

/**
 * Runs a checked definition in bpmn-engine, in a worker thread that runs no other at the time and is ended when its
 * time is over: to show that an end is reached and which paths there are. Live cases never run there.
 */
export async function rehearse(definition: ProcessDefinition, limitMs = LIMIT_MS): Promise<Rehearsal> {
  const order: Order = { definition, xml: emitBpmn(definition) }
  const worker = takeWorker()
  const paths: Path[] = []
  let settle: () => void = () => undefined
  const outcome = await new Promise<'done' | 'timed-out'>((resolve, reject) => {
    const timedOut = () => resolve('timed-out')
    const hear = (said: Path | 'done') => (said === 'done' ? resolve('done') : paths.push(said))
    const timer = setTimeout(timedOut, limitMs)
    worker.on('message', hear).on('error', reject).on('exit', timedOut)
    settle = () => {
      clearTimeout(timer)
      worker.off('message', hear).off('error', reject).off('exit', timedOut)
    }
    worker.postMessage(order)
  }).finally(() => settle())
  if (outcome === 'done') keep(worker)
  else await worker.terminate()
  const covered = [...new Set(paths.flatMap(({ nodes }) => nodes))]
  return {
    outcome: outcome === 'done' ? outcomeOf(paths) : 'timed-out',
    paths,
    covered,
    coverage: covered.length / Math.max(1, Object.keys(definition.nodes).length),
  }
}

/** A definition has been rehearsed well when some path ends and none fails. */
function outcomeOf(paths: readonly Path[]): 'ended' | 'standing' | 'failed' {
  if (paths.some(({ outcome }) => outcome === 'failed')) return 'failed'
  return paths.some(({ outcome }) => outcome === 'ended') ? 'ended' : 'standing'
}
