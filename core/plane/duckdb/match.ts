import { join } from 'node:path'
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import { matchForm } from '../../text/match-form.ts'
import {
  alternativeRows,
  blockSizes,
  largestBlock,
  levelTable,
  pairTable,
  patternsOf,
  rawKind,
  rawRelation,
  RECORD_VIEW,
  pairCount,
  repeatedId,
  rowTable,
  sampleLevels,
  sampleTable,
  TABLES,
  termTable,
  unformedValues,
  weighedPairs,
} from '../emitter/match.ts'
import { text } from '../emitter/literal.ts'
import { type Assumed, estimate, type Pattern, shares } from '../fellegi-sunter.ts'
import type { Matched, MatchSpec } from '../match.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'
import { writeParquet } from './parquet.ts'
import { both } from './both.ts'

/** A rule with more pairs than this for each row compares nearly everything (6.1). */
const MAX_PAIRS_A_ROW = 50
const SAMPLE_PAIRS = 250_000
const MAX_DRAWS = 10_000_000

/** Matches rows by Fellegi and Sunter; the same for any order of the input and for every run with one seed. */
export async function match(work: Work, spec: MatchSpec, token: string): Promise<Matched> {
  const { connection, reader, folder } = work
  try {
    await connection.run(rawRelation(spec, (sha256) => join(folder, 'snapshots', `${sha256}.parquet`)))
    const [repeated] = await rowsOf(connection, repeatedId(spec))
    if (repeated) throw errors.MATCH_ID_REPEATED({ id: String(repeated[0]) })
    await addAlternatives(work, spec)
    await connection.run(rowTable(spec, await form(work, spec)))
    await connection.run(RECORD_VIEW)
    const rows = Number((await rowsOf(connection, 'select count(*) from match_record'))[0]?.[0] ?? 0)
    work.report({ type: 'progress', progress: { phase: 'read', rows, bytes: 0 } })

    const [{ blocks, patterns }, { all, u }] = await both(
      compared(connection, spec, rows),
      drawn(reader, spec, rows),
    )
    const fields = spec.comparisons.map(({ field }) => field)
    const model = estimate(fields, patterns, u, all, await assumed(connection, spec))
    const terms = termTable(spec)
    if (terms !== undefined) await connection.run(terms)
    const pairs = await writeParquet(connection, folder, `${token}.match`, [weighedPairs(spec, model, rows)])
    const candidates = patterns.reduce((sum, { pairs }) => sum + pairs, 0)
    return {
      rows,
      candidates,
      blocks,
      model,
      pairs: pairs && { sha256: pairs.sha256, rows: pairs.rows, bytes: pairs.bytes },
    }
  } finally {
    await connection.run('drop view if exists match_record')
    await connection.run(`drop ${rawKind(spec)} if exists match_raw`)
    for (const table of [...TABLES, ...spec.fields.map((_, at) => `match_form${at}`)])
      await connection.run(`drop table if exists ${table}`)
  }
}

/** The candidates: how many each rule gives, and the levels of them all, in the table `match_level`. */
async function compared(connection: DuckDBConnection, spec: MatchSpec, rows: number) {
  const blocks = await measured(connection, spec, rows)
  await connection.run(pairTable(spec))
  await connection.run(levelTable(spec))
  return { blocks, patterns: await patternsIn(connection, spec, 'select * from match_level') }
}

/** How many pairs there are in all, and the shares of the levels among some drawn at random. */
async function drawn(connection: DuckDBConnection, spec: MatchSpec, rows: number) {
  const all = await allPairs(connection, spec)
  const draws = Math.min(MAX_DRAWS, Math.ceil((SAMPLE_PAIRS * rows * rows) / Math.max(1, 2 * all)))
  await connection.run(sampleTable(spec, rows, draws))
  return { all, u: different(spec, await patternsIn(connection, spec, sampleLevels(spec))) }
}

/** Shares of the levels among random pairs, nearly all of which are different. */
function different({ comparisons }: MatchSpec, patterns: readonly Pattern[]): number[][] {
  return comparisons.map(({ levels }, at) => {
    const counts = Array.from({ length: levels.length + 1 }, () => 0)
    for (const pattern of patterns) {
      const level = pattern.levels[at] ?? -1
      if (level >= 0) counts[level] = (counts[level] ?? 0) + pattern.pairs
    }
    return shares(counts)
  })
}

async function assumed(connection: DuckDBConnection, { hub, assumedRows = 0 }: MatchSpec): Promise<Assumed> {
  if (hub === undefined) return { same: 0, pairs: 0 }
  const [entities] = await rowsOf(connection, `select count(*) from match_record where source = ${text(hub)}`)
  return { same: assumedRows / 2, pairs: assumedRows * Number(entities?.[0] ?? 0) }
}

async function allPairs(connection: DuckDBConnection, spec: MatchSpec): Promise<number> {
  const [pairs] = await rowsOf(
    connection,
    `select cast(coalesce(${pairCount(spec)}, 0) as double) from match_record`,
  )
  return Number(pairs?.[0] ?? 0)
}

async function addAlternatives({ connection }: Work, spec: MatchSpec): Promise<void> {
  if (spec.alternatives === undefined || spec.alternatives.rows.length === 0) return
  await connection.run('create table match_alternative (source varchar, id varchar, value varchar)')
  const appender = await connection.createAppender('match_alternative')
  for (const { source, id, value } of spec.alternatives.rows) {
    for (const cell of [source, id, value]) appender.appendVarchar(cell)
    appender.endRow()
  }
  appender.closeSync()
  await connection.run(alternativeRows(spec))
}

/** Each distinct value formed once by core/text itself, kept where that changes it; the places of the fields with any. */
async function form(work: Work, spec: MatchSpec): Promise<Set<number>> {
  const appenders = new Map<number, DuckDBAppender>()
  const result = await work.reader.stream(unformedValues(spec))
  for (;;) {
    const chunk = await result.fetchChunk()
    if (work.interrupted) throw errors.CANCELLED()
    if (chunk === null || chunk.rowCount === 0) break
    const [places = [], raws = []] = chunk.getColumns()
    for (const [row, raw] of raws.entries()) {
      const place = Number(places[row])
      const field = spec.fields[place]
      if (typeof raw !== 'string' || field === undefined) continue
      const value = matchForm(field.form, raw, field.strip)
      if (value === raw) continue
      const appender = appenders.get(place) ?? (await formTable(work.connection, place))
      appenders.set(place, appender)
      appender.appendVarchar(raw)
      if (value === null) appender.appendNull()
      else appender.appendVarchar(value)
      appender.endRow()
    }
  }
  for (const appender of appenders.values()) appender.closeSync()
  return new Set(appenders.keys())
}

async function formTable(connection: DuckDBConnection, at: number): Promise<DuckDBAppender> {
  await connection.run(`create table match_form${at} (raw varchar, value varchar)`)
  return connection.createAppender(`match_form${at}`)
}

/** Pairs of each blocking rule, before any pair is made. */
async function measured(connection: DuckDBConnection, spec: MatchSpec, rows: number): Promise<number[]> {
  const limit = MAX_PAIRS_A_ROW * rows
  const [sizes = []] = await rowsOf(connection, blockSizes(spec))
  const blocks = sizes.map(Number)
  for (const [at, rule] of spec.blocking.entries()) {
    const pairs = blocks[at] ?? 0
    if (pairs <= limit) continue
    const [value] = await rowsOf(connection, largestBlock(spec, rule))
    const fields = rule.map(({ field, prefix }) => (prefix === undefined ? field : `${field}:${prefix}`))
    throw errors.MATCH_BLOCK_TOO_LARGE({
      rule: fields.join(' + '),
      value: String(value?.[0] ?? ''),
      pairs,
      limit,
    })
  }
  return blocks
}

async function patternsIn(connection: DuckDBConnection, spec: MatchSpec, from: string): Promise<Pattern[]> {
  return (await rowsOf(connection, patternsOf(spec, from))).map((row) => ({
    levels: row.slice(0, -1).map(Number),
    pairs: Number(row.at(-1)),
  }))
}

async function rowsOf(connection: DuckDBConnection, statement: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(statement)).getRows()
}
