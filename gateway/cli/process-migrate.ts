import type { Context } from '../../core/context.ts'
import {
  executeNow,
  migrationCounts,
  migrationInstances,
  migrations,
  type Migration,
  rehearseNow,
} from '../../workflows/index.ts'
import { EXIT, type Io, printJson, readArguments, readInteger, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  map: { type: 'string', multiple: true },
  rehearse: { type: 'boolean' },
  execute: { type: 'boolean' },
  undo: { type: 'string' },
  status: { type: 'string' },
  reason: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

const MODES = ['rehearse', 'execute', 'undo', 'status'] as const
const MAX_VERSION = 1_000_000
const MAX_LISTED = 100

/** `gdbos process migrate`: takes the running instances of one version to another; see the usage of `process`. */
export async function migrate(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArguments(args, OPTIONS)
  const modes = MODES.filter((mode) => values[mode] !== undefined)
  if (modes.length > 1) throw new UsageError(`--${modes.join(' and --')} do not go together`)
  const json = values.json === true
  const { status, undo, reason = '' } = values
  if (status !== undefined) return onDatabase(values.data, (ctx) => tell(ctx, io, status, json))
  if (undo !== undefined)
    return onDatabase(values.data, async (ctx) => {
      await migrations.undo(ctx, undo, reason)
      await executeNow(ctx, undo, telling(io))
      return tell(ctx, io, undo, json)
    })
  const versions = readVersions(values.from, values.to)
  const mapping = readMapping(values.map ?? [])
  if (modes.length === 0) return onDatabase(values.data, (ctx) => suggest(ctx, io, versions, json))
  return onDatabase(values.data, async (ctx) => {
    const { id } = await migrations.propose(ctx, { ...versions, mapping, reason })
    await migrations.rehearse(ctx, id)
    await rehearseNow(ctx, id, telling(io))
    if (values.execute === true) {
      await migrations.execute(ctx, id, reason)
      await executeNow(ctx, id, telling(io))
    }
    return tell(ctx, io, id, json)
  })
}

/** The work is queued too, so that a server goes on with it should this program be stopped. */
const telling = (io: Io) => ({
  signal: new AbortController().signal,
  async progress(state: object) {
    if ('done' in state && typeof state.done === 'number' && state.done > 0 && state.done % 2_000 === 0)
      io.stderr.write(`${state.done} instances\n`)
    return Promise.resolve()
  },
})

function readVersions(from: string | undefined, to: string | undefined) {
  const old = readVersion('from', from)
  const young = readVersion('to', to)
  if (old.key !== young.key) throw new UsageError('--from and --to must be versions of one process')
  return { key: old.key, from: old.version, to: young.version }
}

function readVersion(option: string, text: string | undefined) {
  const [, key, version] = /^(.+)@([^@]+)$/.exec(text ?? '') ?? []
  if (key === undefined || version === undefined) throw new UsageError(`--${option} KEY@VERSION is missing`)
  return { key, version: readInteger(option, version, 1, MAX_VERSION) }
}

function readMapping(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, from, to] = /^([^=]+)=([^=]+)$/.exec(pair) ?? []
      if (from === undefined || to === undefined)
        throw new UsageError(`--map takes OLD-NODE=NEW-NODE, not “${pair}”`)
      return [from, to]
    }),
  )
}

async function suggest(
  ctx: Context,
  io: Io,
  versions: ReturnType<typeof readVersions>,
  json: boolean,
): Promise<number> {
  const { nodes, running } = await migrations.suggestion(ctx, versions)
  const rows = nodes.map(({ node, to, basis, explanation, instances }) => ({
    ...{ node: node.id, to, basis, instances, explanation },
  }))
  if (json) printJson(io, { ...versions, running, nodes: rows })
  else {
    io.stdout.write(`${running} running 个运行中\n`)
    for (const { node, to, basis, instances, explanation } of rows)
      io.stdout.write(
        `${node} -> ${to ?? '?'} ${basis} (${instances})\n  ${explanation.zh}\n  ${explanation.en}\n`,
      )
  }
  return EXIT.done
}

/** Tells how a plan stands; refused when it stopped, or some of its instances could not be taken over, or back. */
async function tell(ctx: Context, io: Io, id: string, json: boolean): Promise<number> {
  const plan: Migration = await migrations.migration(ctx, id)
  const counts = await migrationCounts(ctx, id)
  const outcomes = ['blocked', 'stale', 'failed', 'kept'] as const
  const pages = await Promise.all(
    outcomes.map((outcome) => migrationInstances(ctx, id, { outcome, first: MAX_LISTED })),
  )
  const left = pages.flat()
  if (json) printJson(io, { id, key: plan.definitionKey, status: plan.status, counts, left })
  else {
    io.stdout.write(`${id} ${plan.status}\n`)
    for (const [name, count] of Object.entries(counts)) io.stdout.write(`  ${name.padEnd(8)}${count}\n`)
    for (const { businessKey, outcome, obstacles } of left) {
      io.stdout.write(`${businessKey} ${outcome}\n`)
      for (const { code, zh, en } of obstacles) io.stdout.write(`  ${code}\n    ${zh}\n    ${en}\n`)
    }
  }
  return exitOf(plan, left.length)
}

/** Refused for a plan that stopped, and for one whose rehearsal, execution or undoing left instances behind. */
export function exitOf({ status }: Pick<Migration, 'status'>, left: number): number {
  const isBroken = status === 'failed' || status === 'cancelled'
  return isBroken || (left > 0 && status !== 'proposed') ? EXIT.refused : EXIT.done
}
