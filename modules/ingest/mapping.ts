import type { CompiledColumn } from '../../core/text/column.ts'
import { type NameMatch, nameSimilarity } from '../../core/text/similarity.ts'
import { validate } from '../../core/text/validate.ts'
import type { Day } from '../../core/day.ts'
import type { ColumnMapping } from './batch.ts'
import type { Layout } from './layout.ts'

/** What speaks for a column, each 0 to 1. */
export interface ScoreParts {
  readonly name: number
  /** Share of the sampled values that can be read as the column's type. */
  readonly type: number
  /** Share of them that pass its check, code list, pattern and limits. */
  readonly values: number
  /** Share of the department's earlier confirmations of that name that chose the column. */
  readonly history: number
}

export interface Suggestion {
  readonly column: CompiledColumn
  /** 0 to 1: the parts by their weights. */
  readonly score: number
  readonly parts: ScoreParts
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

/** Earlier confirmations: name of a file's column → the schema's column chosen → how often. */
export type MappingHistory = ReadonlyMap<string, ReadonlyMap<string, number>>

/** @param confirmed of each dataset: name of a file's column → the schema's */
export function historyOf(confirmed: readonly Readonly<Record<string, string>>[]): MappingHistory {
  const history = new Map<string, Map<string, number>>()
  for (const [name, target] of confirmed.flatMap((columns) => Object.entries(columns))) {
    const times = history.get(name) ?? new Map<string, number>()
    history.set(name, times.set(target, (times.get(target) ?? 0) + 1))
  }
  return history
}

/** Weights of section 5.5. */
const WEIGHTS: ScoreParts = { name: 0.4, type: 0.15, values: 0.3, history: 0.15 }
const PRESELECTED = 0.8
const LEAD = 0.15
const SHOWN = 3
/** A name less alike, never confirmed, is no suggestion: any text fits a column of text. */
const LEAST_NAME = 0.2
/** Registers have slips: a check that this share passes is met. */
const CHECK_MET = 0.95
/** A column that takes any text is met by any: less than one that its values had to pass. */
const ANY_TEXT = 0.9
const TYPE_FAULTS = ['type', 'unreadable']

/**
 * Which of the schema's columns each column of the file may fill (5.5): by name, by the share of sample values
 * that are of its type, by the share that pass, and by what the department confirmed before. One is preselected
 * at a score of 0.80 with a lead of 0.15, each schema column once; a person confirms.
 */
export function suggestMapping(
  { header, sample }: Pick<Layout, 'header' | 'sample'>,
  columns: readonly CompiledColumn[],
  history: MappingHistory,
  today: Day,
): SuggestedColumn[] {
  const suggested = header.map((name, index) => {
    const cells = sample.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '')
    return { index, name, cells, all: scored(name, cells, columns, history.get(name), today) }
  })
  const targets = preselected(suggested)
  return suggested.map(({ index, name, cells, all }) => ({
    index,
    name,
    samples: [...new Set(cells)].slice(0, 5),
    target: targets.get(index) ?? null,
    suggestions: all.slice(0, SHOWN),
  }))
}

interface Scored {
  readonly index: number
  readonly all: readonly Suggestion[]
}

/** Sure ones choose first, so that a likeness never takes what another column names exactly. */
function preselected(suggested: readonly Scored[]): Map<number, string> {
  const best = ({ all }: Scored) => all[0]?.score ?? 0
  const taken = new Set<string>()
  const targets = new Map<number, string>()
  for (const { index, all } of [...suggested].sort((a, b) => best(b) - best(a) || a.index - b.index)) {
    const [first, second] = all
    if (first === undefined || taken.has(first.column.name)) continue
    if (first.score < PRESELECTED || first.score - (second?.score ?? 0) < LEAD) continue
    taken.add(first.column.name)
    targets.set(index, first.column.name)
  }
  return targets
}

/**
 * The mapping where no person looks: what is preselected and, for columns still open, what the file names
 * exactly, by a synonym, or as it was confirmed before, even where dirty values keep its score low. With a
 * calendar for all columns of days when one is declared.
 */
export function automaticMapping(
  suggested: readonly SuggestedColumn[],
  calendar?: ColumnMapping['calendar'],
): ColumnMapping[] {
  const taken = new Set(suggested.flatMap(({ target }) => target ?? []))
  return suggested.map(({ index, target, suggestions }) => {
    const named = suggestions.find((each) => isNamed(each) && !taken.has(each.column.name))
    const chosen = target ?? named?.column.name ?? null
    if (chosen !== null) taken.add(chosen)
    return { index, target: chosen, ...(calendar !== undefined && { calendar }) }
  })
}

const isNamed = ({ reason }: Suggestion) => ['exact-name', 'synonym', 'history'].includes(reason)

function scored(
  name: string,
  cells: readonly string[],
  columns: readonly CompiledColumn[],
  confirmed: ReadonlyMap<string, number> | undefined,
  today: Day,
): Suggestion[] {
  const times = [...(confirmed?.values() ?? [])].reduce((sum, each) => sum + each, 0)
  return columns
    .flatMap((column): Suggestion[] => {
      const names = [column.name, column.label.zh, column.label.en]
      const match = nameSimilarity(name, { names, synonyms: column.synonyms })
      const history = times === 0 ? 0 : (confirmed?.get(column.name) ?? 0) / times
      if (match.score < LEAST_NAME && history === 0) return []
      const parts = { name: match.score, history, ...profileOf(column, cells, today) }
      const weighted = Object.entries(WEIGHTS) as [keyof ScoreParts, number][]
      const score = weighted.reduce((sum, [part, weight]) => sum + parts[part] * weight, 0)
      return [
        { column, score: rounded(score), parts, reason: history > match.score ? 'history' : match.reason },
      ]
    })
    .sort((a, b) => b.score - a.score || b.parts.name - a.parts.name)
}

const rounded = (score: number) => Math.round(score * 1_000) / 1_000

/** What the values say; nothing speaks against a column without any. */
function profileOf(
  column: CompiledColumn,
  cells: readonly string[],
  today: Day,
): Pick<ScoreParts, 'type' | 'values'> {
  if (cells.length === 0) return { type: 1, values: ANY_TEXT }
  const judged = cells.map((cell) => validate(column, cell, today).failures[0]?.reason)
  const share = (passes: (reason: string | undefined) => boolean) =>
    judged.filter(passes).length / judged.length
  const values = share((reason) => reason === undefined || reason === 'placeholder' || reason === 'expired')
  return {
    type: share((reason) => reason === undefined || !TYPE_FAULTS.includes(reason)),
    values:
      column.check !== undefined && values >= CHECK_MET ? 1 : isAnyText(column) ? ANY_TEXT * values : values,
  }
}

function isAnyText({ check, codes, pattern, dataType }: CompiledColumn): boolean {
  return check === undefined && codes === undefined && pattern === undefined && /text$/.test(dataType)
}
