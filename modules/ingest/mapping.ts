import type { CompiledColumn } from '../../core/text/column.ts'
import { type NameMatch, nameSimilarity } from '../../core/text/similarity.ts'
import { validate } from '../../core/text/validate.ts'
import type { Day } from '../../core/day.ts'
import type { ColumnMapping } from './batch.ts'
import type { Layout } from './layout.ts'

export interface Suggestion {
  readonly column: CompiledColumn
  /** 0 to 1. */
  readonly score: number
  readonly reason: NameMatch['reason'] | 'history'
}

export interface SuggestedColumn {
  readonly index: number
  readonly name: string
  readonly samples: readonly string[]
  /** Preselected; null where a person has to choose. */
  readonly target: string | null
  /** At most three, best first. */
  readonly suggestions: readonly Suggestion[]
}

/** Weights of section 5.5: name, type and value profile together, history. */
const NAME = 0.4
const VALUES = 0.45
const HISTORY = 0.15
const PRESELECTED = 0.8
const LEAD = 0.15
const SHOWN = 3
/** What values say about a column that takes any text. */
const NEUTRAL = 0.5

/**
 * Which of the schema's columns each column of the file may fill, by name, by the share of sample values that
 * fit, and by what was confirmed before (`history`: name of a file's column → column). An exact name or a
 * synonym is preselected, other likeness only with a clear lead; a person confirms.
 */
export function suggestMapping(
  { header, sample }: Layout,
  columns: readonly CompiledColumn[],
  history: ReadonlyMap<string, string>,
  today: Day,
): SuggestedColumn[] {
  const taken = new Set<string>()
  const suggested = header.map((name, index) => {
    const cells = sample.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '')
    return { index, name, cells, all: scored(name, cells, columns, history, today) }
  })
  // Sure ones choose first, so that a likeness never takes what another column names exactly.
  const order = [...suggested].sort(
    (a, b) => Number(isNamed(b.all[0])) - Number(isNamed(a.all[0])) || a.index - b.index,
  )
  const targets = new Map<number, string>()
  for (const { index, all } of order) {
    const [first, second] = all
    if (first === undefined || taken.has(first.column.name)) continue
    const clear = first.score >= PRESELECTED && first.score - (second?.score ?? 0) >= LEAD
    if (!isNamed(first) && !clear) continue
    taken.add(first.column.name)
    targets.set(index, first.column.name)
  }
  return suggested.map(({ index, name, cells, all }) => ({
    index,
    name,
    samples: [...new Set(cells)].slice(0, 5),
    target: targets.get(index) ?? null,
    suggestions: all.slice(0, SHOWN),
  }))
}

/** The mapping as suggested, with a calendar for all columns of days when one is declared. */
export function automaticMapping(
  suggested: readonly SuggestedColumn[],
  calendar?: ColumnMapping['calendar'],
): ColumnMapping[] {
  return suggested.map(({ index, target }) => ({
    index,
    target,
    ...(calendar !== undefined && { calendar }),
  }))
}

function isNamed(suggestion: Suggestion | undefined): boolean {
  return suggestion !== undefined && ['exact-name', 'synonym', 'history'].includes(suggestion.reason)
}

function scored(
  name: string,
  cells: readonly string[],
  columns: readonly CompiledColumn[],
  history: ReadonlyMap<string, string>,
  today: Day,
): Suggestion[] {
  return columns
    .map((column): Suggestion => {
      const match = nameSimilarity(name, {
        names: [column.name, column.label.zh, column.label.en],
        synonyms: column.synonyms,
      })
      const confirmed = history.get(name) === column.name
      if (match.score < 0.2 && !confirmed) return { column, score: 0, reason: 'none' }
      const fitting =
        cells.length === 0 || !isConstrained(column) ? NEUTRAL : shareThatFits(column, cells, today)
      const score = NAME * match.score + VALUES * fitting + HISTORY * (confirmed ? 1 : match.score)
      return {
        column,
        score: Math.round(score * 1_000) / 1_000,
        reason: confirmed ? 'history' : match.reason,
      }
    })
    .filter(({ score }) => score > 0.25)
    .sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)) || b.score - a.score)
}

function isConstrained({ dataType, check, codes, pattern }: CompiledColumn): boolean {
  return check !== undefined || codes !== undefined || pattern !== undefined || !/text$/.test(dataType)
}

function shareThatFits(column: CompiledColumn, cells: readonly string[], today: Day): number {
  const fitting = cells.filter((cell) =>
    validate(column, cell, today).failures.every(({ reason }) => reason === 'placeholder'),
  )
  return fitting.length / cells.length
}
