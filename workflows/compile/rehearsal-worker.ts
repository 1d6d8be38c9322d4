import { Engine } from 'bpmn-engine'
import { EventEmitter } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { flowOf, nodeOf, type ProcessDefinition } from '../definition.ts'
import { evaluate } from '../expressions/index.ts'
import type { Order, Path } from './rehearsal.ts'

/** More paths than this say nothing new to a reader. */
const MAX_PATHS = 60
/** A path that comes by a node this often goes in circles. */
const MAX_VISITS = 6
const PATH_MS = 2_000

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

async function walk({ definition, xml }: Order, forced: string | null): Promise<Path> {
  const nodes: string[] = []
  const visits = new Map<string, number>()
  const chosen = new Map<string, string | undefined>()
  let isForced = false
  const choose = (gateway: string) => {
    const node = nodeOf(definition, gateway)
    if (node.kind !== 'exclusiveGateway') return
    const visit = visits.get(gateway) ?? 0
    const wanted = !isForced && forced !== null && node.outgoing.includes(forced) ? forced : undefined
    if (wanted !== undefined) isForced = true
    // The first time as the conditions say of empty variables; then each way out in turn, to leave loops.
    chosen.set(
      gateway,
      wanted ??
        (visit <= 1 ? byConditions(definition, gateway) : node.outgoing[(visit - 1) % node.outgoing.length]),
    )
  }
  const { scripts, expressions } = refusing((flow) => chosen.get(flowOf(definition, flow).source) === flow)
  const listener = new EventEmitter()
  let stop: (outcome: Path['outcome']) => void = () => undefined
  const stopped = new Promise<Path['outcome']>((resolve) => {
    stop = resolve
  })
  listener.on('activity.enter', ({ id }: ActivityApi) => {
    visits.set(id, (visits.get(id) ?? 0) + 1)
    if ((visits.get(id) ?? 0) > MAX_VISITS) stop('standing')
    choose(id)
  })
  listener.on('activity.end', ({ id }: ActivityApi) => nodes.push(id))
  listener.on('activity.wait', (api: ActivityApi) => {
    const node = nodeOf(definition, api.id)
    if (node.kind === 'boundaryEvent' && (isForced || forced !== api.id)) return
    if (node.boundaries.includes(forced ?? '') && !isForced) return
    if (node.kind === 'boundaryEvent') isForced = true
    setImmediate(() => api.signal())
  })
  const engine = new Engine({ name: 'rehearsal', source: xml, listener, scripts, expressions } as never)
  const timer = setTimeout(() => stop('standing'), PATH_MS)
  try {
    const failed = new Promise<never>((_, reject) => {
      engine.once('error', reject)
      engine.execute().catch(reject)
    })
    engine.once('end', () => stop('ended'))
    return { forced, outcome: await Promise.race([stopped, failed]), nodes: [...nodes] }
  } catch (error) {
    return { forced, outcome: 'failed', nodes, error: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
    // Not awaited: stopping a finished engine never settles.
    void engine.stop()
  }
}

function byConditions(definition: ProcessDefinition, gateway: string): string | undefined {
  const node = nodeOf(definition, gateway)
  return node.outgoing.find((id) => {
    const { condition } = flowOf(definition, id)
    return condition !== undefined && evaluate(condition, definition.variables, {}) === true
  })
}

const order = workerData as Order
const branches = [
  ...Object.values(order.definition.flows).filter(({ condition }) => condition !== undefined),
  ...Object.values(order.definition.nodes).filter(({ kind }) => kind === 'boundaryEvent'),
].map(({ id }) => id)

// Side by side: a path that stands waits for its time to be over, and some do in every process with a loop.
const paths = await Promise.all([null, ...branches].slice(0, MAX_PATHS).map((forced) => walk(order, forced)))
for (const path of paths) parentPort?.postMessage(path)
parentPort?.postMessage('done')
