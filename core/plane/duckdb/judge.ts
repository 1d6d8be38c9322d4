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

/** Bytes of rows that are sorted at once. */
const SORTED_BYTES = 135_000_000
/** Bytes of rows that are looked at at once; of usual registers a third at most is kept to be judged cell by cell. */
const JUDGED_BYTES = 800_000_000
/** Digests compared at once: about 130 MB. */
const DIGESTS = 4_000_000
/** What a cell takes besides its text. */
const CELL_BYTES = 24

/** A staged file's size, as the parts of the work go by it. */
export interface Size {
  readonly rows: number
  readonly lastLine: number
  readonly width: number
  /** Of all cells, without what says that they repeat. */
  readonly textBytes: number
}

/** How a register is parted, so that it needs no more memory for many rows than for few. */
export interface Parts {
  readonly rows: number
  readonly lines: readonly Lines[]
  /** Ranges of the key. */
  readonly sorted: number
  readonly digests: number
}

export function partsOf({ rows, lastLine, width, textBytes }: Size): Parts {
  const rowBytes = CELL_BYTES * width + textBytes / Math.max(1, rows)
  const count = (of: number, most: number) => Math.max(1, Math.ceil(of / Math.max(1, Math.floor(most))))
  const step = Math.max(1, Math.floor(JUDGED_BYTES / rowBytes))
  const lines = Array.from({ length: count(lastLine + 1, step) }, (_, at): Lines => [
    at * step,
    (at + 1) * step,
  ])
  return { rows, lines, sorted: count(rows, SORTED_BYTES / rowBytes), digests: count(rows, DIGESTS) }
}

/**
 * Judges what does not settle at a glance, some lines at a time, into files that the view `judged` reads, and marks
 * which lines these are.
 *
 * @param reached called after each range; may throw to give up
 */
export async function judgeLines(
  work: Work,
  spec: Suspicion & ValidateSpec,
  parts: readonly Lines[],
  token: string,
  reached: () => void,
): Promise<void> {
  const { connection } = work
  await connection.run('create table unsettled (_line bigint)')
  const files: string[] = []
  for (const [at, lines] of parts.entries()) {
    const file = join(work.folder, 'staging', `${token}.judged.${at}`)
    await connection.run(`create table suspects as ${suspectRows(spec, linesIn(lines))}`)
    await connection.run('insert into unsettled select _line from suspects')
    const odd = await judgeOddCells(work, spec)
    const statement = judgement({ ...spec, odd, settled: settledValues(spec) }, 'suspects')
    await copyRows(connection, statement, file, 'brief')
    for (const table of ['suspects', ...Array.from(odd, (place) => `odd${place}`)])
      await connection.run(`drop table ${table}`)
    files.push(file)
    reached()
  }
  await connection.run(`create view judged as select * from read_parquet(${textList(files)})`)
  await connection.run(markUnsettled(parts.at(-1)?.[1] ?? 0))
}

/** Removes what {@link judgeLines} left but its tables, which go with all others. */
export async function forgetJudged({ connection, folder }: Work, token: string): Promise<void> {
  await connection.run('drop view if exists judged')
  for (const variable of ['unsettled', 'key_bounds']) await connection.run(`reset variable ${variable}`)
  const staging = join(folder, 'staging')
  for (const name of await readdir(staging))
    if (name.startsWith(`${token}.judged.`)) await rm(join(staging, name), { force: true })
}

/**
 * Finds keys, or whole rows, that more than one good row has, and what each of those rows is.
 *
 * @param reached called after each part of the digests; may throw to give up
 */
export async function findRepeats(
  { connection }: Work,
  { columns, primaryKey }: ValidateSpec,
  parts: number,
  reached: () => void = () => undefined,
): Promise<void> {
  await connection.run('create table twins (digest ubigint)')
  for (let part = 0; part < parts; part += 1) {
    await connection.run(`insert into twins ${twinDigests(columns, primaryKey, part, parts)}`)
    reached()
  }
  await connection.run(`create table contenders as ${contendingRows(columns, primaryKey)}`)
  await connection.run(`create table settled as ${repeats(columns, primaryKey)}`)
}
