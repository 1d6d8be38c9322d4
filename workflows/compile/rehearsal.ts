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

/**
 * Runs a checked definition in bpmn-engine, in a worker thread of its own that is ended when its time is
 * over: to show that an end is reached and which paths there are. Live cases never run there.
 */
export async function rehearse(definition: ProcessDefinition, limitMs = LIMIT_MS): Promise<Rehearsal> {
  const order: Order = { definition, xml: emitBpmn(definition) }
  const worker = startWorker('rehearsal-worker', import.meta.url, order)
  const paths: Path[] = []
  const outcome = await new Promise<'done' | 'timed-out'>((resolve, reject) => {
    const timer = setTimeout(() => resolve('timed-out'), limitMs)
    const settle = (work: () => void) => {
      clearTimeout(timer)
      work()
    }
    worker.on('message', (said: Path | 'done') => {
      if (said === 'done') settle(() => resolve('done'))
      else paths.push(said)
    })
    worker.once('error', (error) => settle(() => reject(error)))
    worker.once('exit', () => settle(() => resolve('timed-out')))
  }).finally(() => worker.terminate())
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
