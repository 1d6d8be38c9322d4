import { Engine } from 'bpmn-engine'
import { expect } from 'chai'
import { EventEmitter } from 'node:events'
import { emitBpmn, MemoryProcess, type ProcessDefinition } from '../../workflows/index.ts'
import { chance, generated } from './generated.ts'
import { compiled } from './models.ts'
import { NOW } from './play.ts'

/** How many seeds; `SEEDS=5000` for a long run, `SEED=17` for one alone. */
const SEEDS = Number(process.env['SEEDS'] ?? 60)
const ONLY = process.env['SEED']

interface Run {
  /** Nodes left, each as often as it was, sorted: siblings may be left in either order. */
  readonly left: readonly string[]
  /** What waited before each answer, sorted. */
  readonly waited: readonly (readonly string[])[]
}

/** Which of those that wait is answered next: the same for both, whatever order they name them in. */
const next = (waiting: readonly string[], random: () => number) =>
  [...waiting].sort()[Math.floor(random() * waiting.length)]

function byStep(definition: ProcessDefinition, choices: object, seed: number): Run {
  const random = chance(seed)
  const waited: string[][] = []
  const { saved } = new MemoryProcess(definition, NOW)
  let run = new MemoryProcess(definition, NOW, {
    ...saved,
    state: { ...saved.state, variables: { ...choices } },
  })
  run.begin()
  while (run.result.waiting.length > 0) {
    waited.push([...run.result.waiting].sort())
    const node = next(run.result.waiting, random)
    if (node === undefined) break
    // Saved and loaded at every wait state.
    run = new MemoryProcess(
      definition,
      NOW,
      JSON.parse(JSON.stringify({ ...run.saved, now: undefined })) as never,
    )
    run.play({ complete: node })
  }
  const left = run.result.trace.filter(({ event }) => event === 'left').map(({ node }) => node)
  expect(run.result.status, `seed ${seed}`).to.equal('completed')
  return { left: left.sort(), waited }
}

interface Api {
  readonly id: string
  readonly type: string
  signal(): void
}

async function byEngine(
  definition: ProcessDefinition,
  choices: Readonly<Record<string, unknown>>,
  seed: number,
): Promise<Run> {
  const random = chance(seed)
  const left: string[] = []
  const waited: string[][] = []
  const waiting = new Map<string, Api>()
  const listener = new EventEmitter()
  listener.on('activity.wait', (api: Api) => waiting.set(api.id, api))
  // What a choice passes over is left by the engine too, but never ends.
  listener.on('activity.end', ({ id }: Api) => left.push(id))
  const scripts = {
    register: () => undefined,
    getScript: (_: string, { id }: { id: string }) => ({
      execute: (_scope: unknown, callback: (error: null, result: boolean) => void) =>
        callback(null, choices[definition.flows[id]?.condition ?? ''] === true),
    }),
  }
  const engine = new Engine({ name: 'oracle', source: emitBpmn(definition), listener, scripts } as never)
  await engine.execute()
  await settled()
  for (let turn = 0; waiting.size > 0 && turn < 1_000; turn++) {
    waited.push([...waiting.keys()].sort())
    const api = waiting.get(next([...waiting.keys()], random) ?? '')
    if (!api) break
    waiting.delete(api.id)
    api.signal()
    await settled()
  }
  return { left: left.sort(), waited }
}

/** The engine goes on in turns of its own. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate)
}

describe('the step function beside bpmn-engine', () => {
  const seeds = ONLY === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(ONLY)]

  it(`goes the same ways through ${seeds.length} generated models (seeds ${seeds[0]} to ${seeds.at(-1)})`, async function () {
    this.timeout(60_000 + seeds.length * 500)
    let whole = 0
    for (const seed of seeds) {
      const { xml, choices } = generated(seed)
      const definition = await compiled(xml)
      const [own, engine] = [byStep(definition, choices, seed), await byEngine(definition, choices, seed)]

      if (engine.left.includes('end')) {
        expect(own, `seed ${seed}`).to.deep.equal(engine)
        whole += 1
      } else {
        // Where a way was passed over, the engine may stand still for ever; it is right up to there.
        expect(own.waited.slice(0, engine.waited.length), `seed ${seed}`).to.deep.equal(engine.waited)
        expect(own.left, `seed ${seed}`).to.include.members([...engine.left])
      }
    }
    expect(whole / seeds.length).to.be.at.least(ONLY === undefined ? 0.8 : 0)
  })
})
