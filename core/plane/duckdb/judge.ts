import { rm } from 'node:fs/promises'
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

/** Cells that are sorted at once for each MB of memory: a cell takes about 40 bytes while it is. */
const SORTED_CELLS_A_MB = 10_000
/** Rows a third of which are judged cell by cell need as much. */
const JUDGED_CELLS_A_MB = 40_000
/** A digest and its place among the others, while those that repeat are looked for. */
const DIGESTS_A_MB = 8_000

/** How much of a register is done at once. */
export interface Parts {
  readonly lines: readonly Lines[]
  /** Ranges of the key. */
  readonly sorted: number
  readonly digests: number
}

export function partsOf(memoryMb: number, { width }: Suspicion, rows: number, lastLine: number): Parts {
  const each = (count: number, most: number) => Math.max(1, Math.ceil(count / Math.max(1, Math.floor(most))))
  const ranges = each(lastLine + 1, (memoryMb * JUDGED_CELLS_A_MB) / width)
  const step = Math.ceil((lastLine + 1) / ranges)
  return {
    lines: Array.from({ length: ranges }, (_, at): Lines => [at * step, (at + 1) * step]),
    sorted: each(rows, (memoryMb * SORTED_CELLS_A_MB) / width),
    digests: each(rows, memoryMb * DIGESTS_A_MB),
  }
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
      await copyRows(connection, statement, file, 'compression snappy')
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
  for (let at = 0; ; at += 1) {
    const file = join(folder, 'staging', `${token}.judged.${at}`)
    const left = await rm(file).then(
      () => true,
      () => false,
    )
    if (!left) return
  }
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
