import { join } from 'node:path'
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
  recordTable,
  pairCount,
  repeatedId,
  sampleLevels,
  sampleTable,
  TABLES,
  termTable,
  unformedValues,
  weighedPairs,
} from '../emitter/match.ts'
import { text } from '../emitter/literal.ts'
import { type Assumed, estimate, type Pattern, shares } from '../fellegi-sunter.ts'
import type { Matched, MatchField, MatchSpec } from '../match.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'
import { writeParquet } from './parquet.ts'

/** A rule with more pairs than this for each row compares nearly everything (6.1). */
const MAX_PAIRS_A_ROW = 50
const SAMPLE_PAIRS = 250_000
const MAX_DRAWS = 10_000_000

/** Matches rows by Fellegi and Sunter; the same for any order of the input and for every run with one seed. */
export async function match(work: Work, spec: MatchSpec, token: string): Promise<Matched> {
  const { connection, folder } = work
  try {
    await connection.run(rawRelation(spec, (sha256) => join(folder, 'snapshots', `${sha256}.parquet`)))
    const [repeated] = await rowsOf(work, repeatedId(spec))
    if (repeated) throw errors.MATCH_ID_REPEATED({ id: String(repeated[0]) })
    await addAlternatives(work, spec)
    const formed = new Set<number>()
    for (const [at, field] of spec.fields.entries()) if (await form(work, field, at)) formed.add(at)
    await connection.run(recordTable(spec, formed))
    const rows = Number((await rowsOf(work, 'select count(*) from match_record'))[0]?.[0] ?? 0)
    work.report({ type: 'progress', progress: { phase: 'read', rows, bytes: 0 } })
    const blocks = await measured(work, spec, rows)

    await connection.run(pairTable(spec))
    await connection.run(levelTable(spec))
    const patterns = await patternsIn(work, spec, 'select * from match_level')
    const all = await allPairs(work, spec)
    const draws = Math.min(MAX_DRAWS, Math.ceil((SAMPLE_PAIRS * rows * rows) / Math.max(1, 2 * all)))
    await connection.run(sampleTable(spec, rows, draws))
    const sampled = await patternsIn(work, spec, sampleLevels(spec))
    const fields = spec.comparisons.map(({ field }) => field)
    const model = estimate(fields, patterns, different(spec, sampled), all, await assumed(work, spec))
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
    await connection.run(`drop ${rawKind(spec)} if exists match_raw`)
    for (const table of [...TABLES, ...spec.fields.map((_, at) => `match_form${at}`)])
      await connection.run(`drop table if exists ${table}`)
  }
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

async function assumed(work: Work, { hub, assumedRows = 0 }: MatchSpec): Promise<Assumed> {
  if (hub === undefined) return { same: 0, pairs: 0 }
  const [entities] = await rowsOf(work, `select count(*) from match_record where source = ${text(hub)}`)
  return { same: assumedRows / 2, pairs: assumedRows * Number(entities?.[0] ?? 0) }
}

async function allPairs(work: Work, spec: MatchSpec): Promise<number> {
  const [pairs] = await rowsOf(
    work,
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

/** Each distinct value formed once by core/text itself, kept where that changes it; whether any is. */
async function form(work: Work, field: MatchField, at: number): Promise<boolean> {
  const { connection, reader } = work
  let changed = false
  await connection.run(`create table match_form${at} (raw varchar, value varchar)`)
  const appender = await connection.createAppender(`match_form${at}`)
  const result = await reader.stream(unformedValues(field, at))
  for (;;) {
    const chunk = await result.fetchChunk()
    if (work.interrupted) throw errors.CANCELLED()
    if (chunk === null || chunk.rowCount === 0) break
    for (const raw of chunk.getColumnValues(0)) {
      if (typeof raw !== 'string') continue
      const value = matchForm(field.form, raw, field.strip)
      if (value === raw) continue
      changed = true
      appender.appendVarchar(raw)
      if (value === null) appender.appendNull()
      else appender.appendVarchar(value)
      appender.endRow()
    }
  }
  appender.closeSync()
  return changed
}

/** Pairs of each blocking rule, before any pair is made. */
async function measured(work: Work, spec: MatchSpec, rows: number): Promise<number[]> {
  const limit = MAX_PAIRS_A_ROW * rows
  const [sizes = []] = await rowsOf(work, blockSizes(spec))
  const blocks = sizes.map(Number)
  for (const [at, rule] of spec.blocking.entries()) {
    const pairs = blocks[at] ?? 0
    if (pairs <= limit) continue
    const [value] = await rowsOf(work, largestBlock(spec, rule))
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

async function patternsIn(work: Work, spec: MatchSpec, from: string): Promise<Pattern[]> {
  return (await rowsOf(work, patternsOf(spec, from))).map((row) => ({
    levels: row.slice(0, -1).map(Number),
    pairs: Number(row.at(-1)),
  }))
}

async function rowsOf({ connection }: Work, statement: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(statement)).getRows()
}
