import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { deploy } from '../../workflows/index.ts'
import { addressOf, createDatabase, dropDatabase } from '../support/database.ts'
import { type CrashModel, crashModel, type Random, randomFrom } from './crash-model.ts'
import { BODY, idOf, offers, openNode, type Orders, type Place, platformOn, ROUTES } from './crash-node.ts'

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url))
const NODES = 4
/** Longer than any lease and any pause before another attempt: nothing moves any more. */
const STILL_MS = 180_000

export interface TrialSize {
  readonly seed: number
  readonly models: number
  readonly instances: number
  /** How many times a node is killed while it works. */
  readonly kills: number
  /** A node is killed at a random moment of this time after it has begun. */
  readonly livesMs: number
}

export interface TrialCase {
  readonly caseId: string
  readonly model: CrashModel
  readonly way: number
}

/** An answer that a node was given before it could be killed. */
export interface Answer {
  readonly commandId: string
  readonly taskId: string
  readonly instanceId: string
  readonly version: number
}

export interface Trial {
  readonly place: Place
  readonly pool: pg.Pool
  readonly cases: readonly TrialCase[]
  readonly answers: readonly Answer[]
  readonly kills: number
  readonly seconds: number
  close(): Promise<void>
}

/**
 * Four nodes, each a process of its own, run generated instances to their ends on one database and are
 * killed with SIGKILL at random, each replaced at once. What is left behind is there to be judged.
 */
export async function crashTrial(server: string, size: TrialSize): Promise<Trial> {
  const random = randomFrom(size.seed)
  const models = Array.from({ length: size.models }, (_, index) => crashModel(`t${index}`, 2, random))
  const cases = Array.from({ length: size.instances }, (_, index): TrialCase => {
    const model = models[index % models.length]
    if (!model) throw new Error('there is no model')
    return { caseId: idOf(`${size.seed}:${index}`), model, way: Math.floor(random() * 2) }
  })
  const name = await createDatabase(server)
  const dataFolder = await mkdtemp(join(tmpdir(), 'gdbos-crash-'))
  const place = { databaseUrl: addressOf(server, name), dataFolder, epoch: Date.now() }
  const pool = new pg.Pool({ connectionString: place.databaseUrl, max: 2 })
  pool.on('error', () => undefined)
  const close = async () => {
    await pool.end()
    await dropDatabase(server, name)
    await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    await prepare(place, models, cases)
    const began = performance.now()
    const kills = await run(place, pool, { cases, random, size })
    const seconds = (performance.now() - began) / 1000
    return { place, pool, cases, kills, seconds, answers: await answersIn(dataFolder), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Migrates, deploys and opens every case; nothing runs yet. */
async function prepare(
  place: Place,
  models: readonly CrashModel[],
  cases: readonly TrialCase[],
): Promise<void> {
  const kernel = await openNode(place)
  try {
    const designer = platformOn(kernel)
    for (const { key, xml } of models)
      await deploy(designer, { key, xml, pack: { messages: ROUTES } }, offers.known)
    for (let from = 0; from < cases.length; from += 100)
      await transaction(designer, async (ctx) => {
        for (const { caseId, model, way } of cases.slice(from, from + 100))
          await emit(ctx, 'trial.opened', {
            caseId,
            organisationId: BODY,
            processPack: model.key,
            variables: { way },
          })
      })
  } finally {
    await kernel.close()
  }
}

interface Running {
  readonly cases: readonly TrialCase[]
  readonly random: Random
  readonly size: TrialSize
}

async function run(place: Place, pool: pg.Pool, { cases, random, size }: Running): Promise<number> {
  const messages = cases.flatMap(({ caseId, model }) =>
    model.awaited.map((message) => ({ message, key: caseId })),
  )
  const over = new AbortController()
  let started = 0
  let killed = 0
  /** One place of a node: as often as it is killed, another takes it. */
  async function keepNode(): Promise<void> {
    while (!over.signal.aborted) {
      const answersFile = join(place.dataFolder, `answers-${(started += 1)}`)
      const child = await spawnNode({ ...place, answersFile, messages })
      try {
        await child.ready
        const life = pause(random() * size.livesMs, 'killed' as const, { signal: over.signal }).catch(
          () => 'over',
        )
        if (killed < size.kills && (await Promise.race([life, child.ended])) === 'killed') {
          killed += 1
          child.process.kill('SIGKILL')
        } else await Promise.race([aborted(over.signal), child.ended])
        // Told to stop when all is over; a node that is killed does not hear it.
        child.process.stdin.end()
        const { code, signal } = await child.ended
        if (code !== 0 && signal !== 'SIGKILL') throw new Error(`a node failed: ${child.said.stderr}`)
      } finally {
        child.process.kill('SIGKILL')
      }
    }
  }
  const nodes = Promise.all(Array.from({ length: NODES }, keepNode))
  const done = (async () => {
    let last = { left: -1, at: performance.now() }
    while (!over.signal.aborted) {
      const now = await left(pool, cases.length)
      if (now === 0 && killed >= size.kills) return
      if (now !== last.left || killed < size.kills) last = { left: now, at: performance.now() }
      // What hangs is no reason to wait for ever: the verdict names what is left over.
      if (performance.now() - last.at > STILL_MS) return
      await pause(200)
    }
  })()
  try {
    await Promise.race([nodes, done])
  } finally {
    over.abort()
    await nodes
  }
  return killed
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

interface Child {
  readonly process: ChildProcessWithoutNullStreams
  readonly said: { readonly stderr: string }
  readonly ready: Promise<void>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** The orders go by a file: of thousands of messages they are longer than an argument may be. */
async function spawnNode(orders: Orders): Promise<Child> {
  const ordersFile = `${orders.answersFile}.orders`
  await writeFile(ordersFile, JSON.stringify(orders))
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, ordersFile])
  child.stdin.on('error', () => undefined)
  const said = { stderr: '' }
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const ended: Child['ended'] = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('close', () => reject(new Error(`a node did not begin: ${said.stderr}`)))
  })
  return { process: child, said, ready, ended }
}

/** What is still to be done: cases not begun or not ended, deliveries, jobs and messages that wait. */
async function left(pool: pg.Pool, cases: number): Promise<number> {
  const { rows } = await pool.query<{ left: number }>(
    `select $1::int - (select count(*) from workflow.instance where status <> 'running')::int
       + (select count(*) from core.delivery where status = 'waiting')::int
       + (select count(*) from workflow.job where status = 'waiting')::int
       + (select count(*) from workflow.message where status = 'new')::int as left`,
    [cases],
  )
  return rows[0]?.left ?? cases
}

async function answersIn(folder: string): Promise<Answer[]> {
  const files = (await readdir(folder)).filter((name) => /^answers-\d+$/.test(name))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return texts
    .flatMap((text) => text.split('\n').slice(0, -1))
    .map((line) => {
      const [commandId = '', taskId = '', instanceId = '', version = ''] = line.split(' ')
      return { commandId, taskId, instanceId, version: Number(version) }
    })
}
