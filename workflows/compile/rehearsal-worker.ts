import { Engine } from 'bpmn-engine'
import { EventEmitter } from 'node:events'
import { parentPort } from 'node:worker_threads'
import { flowOf, nodeOf, type ProcessDefinition } from '../definition.ts'
import { evaluate } from '../expressions/index.ts'
import { declaredAt } from '../runtime/step/index.ts'
import { isChosen } from './emit.ts'
import type { Order, Path } from './rehearsal.ts'

/** More paths than this say nothing new to a reader. */
const MAX_PATHS = 60
/** A path that comes by a node this often goes in circles. */
const MAX_VISITS = 6
/**
 * Everything the engine waits for is answered at once, so a path in which nothing has happened while the thread
 * had nothing to do for this long goes no further. Idle time, not time: a busy machine makes no path stand.
 */
const IDLE_MS = 1_000
const LOOK_MS = 100
const idle = () => performance.eventLoopUtilization().idle

const CHOOSING: ReadonlySet<string> = new Set(['exclusiveGateway', 'inclusiveGateway', 'eventBasedGateway'])

interface ActivityApi {
  readonly id: string
  readonly type: string
  signal(message?: object): void
}

/** Conditions are answered here; nothing of the file is run, and whatever asks for a script is refused. */
function refusing(answer: (flow: string) => boolean) {
  return {
    scripts: {
      register: () => undefined,
      getScript(_language: string, element: { readonly id: string; readonly type: string }) {
        if (element.type !== 'bpmn:SequenceFlow') throw new Error('a rehearsal runs no script')
        return {
          execute: (_scope: unknown, callback: (error: Error | null, result?: boolean) => void) =>
            callback(null, answer(element.id)),
        }
      },
    },
    expressions: {
      resolveExpression(text: unknown) {
        if (typeof text === 'string' && text.includes('${'))
          throw new Error('a rehearsal resolves no expression')
        return text
      },
      isExpression: () => false,
      hasExpression: () => false,
    },
  }
}

/**
 * The way to a forced flow or boundary event: at each node from which its origin can be reached, the flow
 * or boundary event to leave by, on a shortest way.
 */
function wayTo(definition: ProcessDefinition, forced: string | null): ReadonlyMap<string, string> {
  const way = new Map<string, string>()
  if (forced === null) return way
  const nodes = Object.values(definition.nodes)
  const steps = [
    ...Object.values(definition.flows).map(({ id, source, target }) => ({ by: id, source, target })),
    ...nodes.flatMap((node) =>
      node.kind === 'boundaryEvent' ? [{ by: node.id, source: node.attachedTo, target: node.id }] : [],
    ),
  ]
  const last = steps.find(({ by }) => by === forced)
  if (!last) return way
  way.set(last.source, forced)
  const reached = [last.source]
  for (const node of reached)
    for (const { by, source, target } of steps)
      if (target === node && !way.has(source)) {
        way.set(source, by)
        reached.push(source)
      }
  return way
}

async function walk({ definition, xml }: Order, forced: string | null): Promise<Path> {
  const nodes: string[] = []
  const visits = new Map<string, number>()
  const chosen = new Map<string, string | undefined>()
  const way = wayTo(definition, forced)
  let isForced = false
  const wanted = (node: string) => (isForced ? undefined : way.get(node))
  const choose = (gateway: string) => {
    const node = nodeOf(definition, gateway)
    if (!CHOOSING.has(node.kind)) return
    const visit = visits.get(gateway) ?? 0
    const onward = wanted(gateway)
    if (onward !== undefined && onward === forced) isForced = true
    // The first time as the conditions say of empty variables; then each way out in turn, to leave loops.
    chosen.set(
      gateway,
      onward ??
        (visit <= 1 ? byConditions(definition, gateway) : node.outgoing[(visit - 1) % node.outgoing.length]),
    )
  }
  const { scripts, expressions } = refusing((flow) => chosen.get(flowOf(definition, flow).source) === flow)
  const listener = new EventEmitter()
  let stop: (outcome: Path['outcome']) => void = () => undefined
  const stopped = new Promise<Path['outcome']>((resolve) => {
    stop = resolve
  })
  const running = new Set<string>()
  let quietSince = idle()
  listener.on('activity.enter', ({ id }: ActivityApi) => {
    quietSince = idle()
    running.add(id)
    visits.set(id, (visits.get(id) ?? 0) + 1)
    if ((visits.get(id) ?? 0) > MAX_VISITS) stop('standing')
    choose(id)
  })
  // Counted here: the engine goes on after the last end event where a parallel join was never reached.
  listener.on('activity.leave', ({ id }: ActivityApi) => {
    quietSince = idle()
    running.delete(id)
    setImmediate(() => {
      if (running.size === 0) stop('ended')
    })
  })
  listener.on('activity.end', ({ id }: ActivityApi) => nodes.push(id))
  listener.on('activity.wait', (api: ActivityApi) => {
    const node = nodeOf(definition, api.id)
    if (node.kind === 'boundaryEvent') {
      if (wanted(node.attachedTo) !== node.id) return
      if (node.id === forced) isForced = true
    } else if (node.boundaries.includes(wanted(node.id) ?? '')) return
    setImmediate(() => api.signal())
  })
  const engine = new Engine({ name: 'rehearsal', source: xml, listener, scripts, expressions } as never)
  const watch = setInterval(() => {
    if (idle() - quietSince >= IDLE_MS) stop('standing')
  }, LOOK_MS)
  try {
    const failed = new Promise<never>((_, reject) => {
      // Heard to the end: one that nobody hears would end the thread, and with it another's rehearsal.
      engine.on('error', reject)
      engine.execute().catch(reject)
    })
    engine.once('end', () => stop('ended'))
    return { forced, outcome: await Promise.race([stopped, failed]), nodes: [...nodes] }
  } catch (error) {
    return { forced, outcome: 'failed', nodes, error: error instanceof Error ? error.message : String(error) }
  } finally {
    clearInterval(watch)
    // Not awaited: stopping a finished engine never settles.
    void engine.stop()
  }
}

function byConditions(definition: ProcessDefinition, gateway: string): string | undefined {
  const node = nodeOf(definition, gateway)
  return node.outgoing.find((id) => {
    const { condition } = flowOf(definition, id)
    if (condition === undefined) return node.kind === 'eventBasedGateway'
    return evaluate(condition, declaredAt(definition, gateway), {}) === true
  })
}

/** One order after another; each is answered path by path, then by `done`. */
parentPort?.on('message', (order: Order) => void answer(order))

async function answer(order: Order): Promise<void> {
  const { flows, nodes } = order.definition
  const branches = [
    ...Object.keys(flows).filter((id) => isChosen(order.definition, id)),
    ...Object.values(nodes)
      .filter((node) => node.kind === 'boundaryEvent' && node.awaits.kind !== 'compensation')
      .map(({ id }) => id),
  ]
  // Side by side: that a path stands shows only after a while, and some do in every process with a loop.
  const paths = await Promise.all(
    [null, ...branches].slice(0, MAX_PATHS).map((forced) => walk(order, forced)),
  )
  for (const path of paths) parentPort?.postMessage(path)
  parentPort?.postMessage('done')
}
