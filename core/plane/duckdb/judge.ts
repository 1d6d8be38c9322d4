import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { judgement } from '../emitter/judge.ts'
import { textList } from '../emitter/literal.ts'
import { type Lines, linesIn, markUnsettled } from '../emitter/ranges.ts'
import { settledValues, suspectRows, type Suspicion } from '../emitter/rows.ts'
import { contendingRows, repeats, twinDigests } from '../emitter/settle.ts'
import type { ValidateSpec } from '../plane.ts'
import type { Work } from './main.ts'
import { judgeOddCells } from './odd.ts'
import { copyRows } from './parquet.ts'

// How much is done at once, the same for any memory limit: the parts show in the files that are written.

/** Cells sorted at once: about 120 MB. */
const SORTED_CELLS = 5_000_000
/** Cells looked at at once; of those judged one by one, a third at most in usual registers, about 130 MB. */
const JUDGED_CELLS = 20_000_000
/** Digests compared at once: about 130 MB. */
const DIGESTS = 4_000_000

/** How a register is parted, so that it needs no more memory for many rows than for few. */
export interface Parts {
  readonly rows: number
  readonly lines: readonly Lines[]
  /** Ranges of the key. */
  readonly sorted: number
  readonly digests: number
}

export function partsOf(width: number, rows: number, lastLine: number): Parts {
  const count = (of: number, most: number) => Math.max(1, Math.ceil(of / Math.max(1, Math.floor(most))))
  const step = Math.max(1, Math.floor(JUDGED_CELLS / width))
  const lines = Array.from({ length: count(lastLine + 1, step) }, (_, at): Lines => [
    at * step,
    (at + 1) * step,
  ])
  return { rows, lines, sorted: count(rows, SORTED_CELLS / width), digests: count(rows, DIGESTS) }
}

/**
 * Judges what does not settle at a glance, some lines at a time, into files that the view `judged` reads, and marks
 * which lines these are.
 */
export async function judgeLines(
  work: Work,
  spec: Suspicion & ValidateSpec,
  parts: readonly Lines[],
  token: string,
): Promise<void> {
  const { connection } = work
  await connection.run('create table unsettled (_line bigint)')
  const files: string[] = []
  for (const [at, lines] of parts.entries()) {
    const file = join(work.folder, 'staging', `${token}.judged.${at}`)
    try {
      await connection.run(`create table suspects as ${suspectRows(spec, linesIn(lines))}`)
      await connection.run('insert into unsettled select _line from suspects')
      const odd = await judgeOddCells(work, spec)
      const statement = judgement({ ...spec, odd, settled: settledValues(spec) }, 'suspects')
      await copyRows(connection, statement, file, 'brief')
      files.push(file)
    } finally {
      for (const table of ['suspects', ...spec.columns.map((_, place) => `odd${place}`)])
        await connection.run(`drop table if exists ${table}`)
    }
  }
  await connection.run(`create view judged as select * from read_parquet(${textList(files)})`)
  await connection.run(markUnsettled(parts.at(-1)?.[1] ?? 0))
}

/** Removes what {@link judgeLines} left. */
export async function forgetJudged({ connection, folder }: Work, token: string): Promise<void> {
  await connection.run('drop view if exists judged')
  await connection.run('drop table if exists unsettled')
  for (const variable of ['unsettled', 'key_bounds']) await connection.run(`reset variable ${variable}`)
  const staging = join(folder, 'staging')
  for (const name of await readdir(staging))
    if (name.startsWith(`${token}.judged.`)) await rm(join(staging, name), { force: true })
}

/** Finds keys, or whole rows, that more than one good row has, and what each of those rows is. */
export async function findRepeats(
  { connection }: Work,
  { columns, primaryKey }: ValidateSpec,
  parts: number,
): Promise<void> {
  await connection.run('create table twins (digest ubigint)')
  for (let part = 0; part < parts; part += 1)
    await connection.run(`insert into twins ${twinDigests(columns, primaryKey, part, parts)}`)
  await connection.run(`create table contenders as ${contendingRows(columns, primaryKey)}`)
  await connection.run(`create table settled as ${repeats(columns, primaryKey)}`)
}
