import { createHash } from 'node:crypto'
import type { PlaneRow, SelectSpec } from '../../core/plane/plane.ts'
import { foldTight } from '../../core/text/fold.ts'
import { matchForm } from '../../core/text/match-form.ts'
import { type Link, MOST_CANDIDATES, rowName } from './link.ts'
import { ADDRESS_FIELDS, type Plan, type PlannedSource } from './plan.ts'
import type { Ruling, RowMarks } from './ruling.ts'
import { linkOf, soundKey } from './survey.ts'

// A register without a primary key names a row by its whole content, so that whatever changes in it makes another row of
// it. A ruling follows its row by what makes it that row (6.4), or is put to people again.

/** Rows of the registers without a primary key that people ruled on. */
export function followed({ sources, nameField, rulings }: Plan): SelectSpec {
  const ruledOn = new Set(rulings.map(({ datasetId }) => datasetId))
  return {
    sources: sources.flatMap((source, index) => {
      const { datasetId, hasRowKey, files, columns, key } = source
      if (hasRowKey || files.length === 0 || !ruledOn.has(datasetId)) return []
      const name = nameField === null ? undefined : columns.get(nameField)
      const address = ADDRESS_FIELDS.map((each) => columns.get(each)).find((each) => each !== undefined)
      return {
        name: String(index),
        files,
        columns: {
          ...{ key: key.name, row_id: '_row_id', line: '_line' },
          ...(name && { name: name.name }),
          ...(address && { address: address.name }),
        },
      }
    }),
  }
}

/** By the number of the company and the name; of a row without a number by name and address. Null without a name. */
export function marksOf(source: PlannedSource, row: PlaneRow): RowMarks | null {
  const name = typeof row['name'] === 'string' ? foldTight(row['name']) : ''
  if (name === '') return null
  const key = soundKey(source, row)
  const address = typeof row['address'] === 'string' ? matchForm('address', row['address']) : null
  return { mark: digest([key ?? '', name, key === null ? (address ?? '') : '']), nameMark: digest([name]) }
}

const digest = (parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

export interface Followed {
  /** Those that bind, each on the row it is about today. */
  readonly rulings: readonly Ruling[]
  /** Where rows are now, and what they will be known by: to be kept when the merge is served. */
  readonly kept: readonly Ruling[]
  /** Rows that may be what a ruling was about. */
  readonly reopened: readonly Link[]
  /** Those whose row is nowhere any more. */
  readonly lost: readonly Ruling[]
}

interface Found extends RowMarks {
  readonly source: PlannedSource
  readonly row: PlaneRow
  readonly rowId: string
}

export class Following {
  readonly #rulings: readonly Ruling[]
  readonly #wanted: ReadonlySet<string>
  readonly #sources = new Map<string, PlannedSource>()
  readonly #rows = new Map<string, Found>()
  readonly #byMark = new Map<string, Found[]>()

  constructor({ rulings, sources }: Pick<Plan, 'rulings' | 'sources'>) {
    this.#rulings = rulings
    for (const source of sources)
      if (!source.hasRowKey && source.files.length > 0) this.#sources.set(source.datasetId, source)
    this.#wanted = new Set(
      rulings.flatMap(({ datasetId, rowId, marks }) => [
        rowName(datasetId, rowId),
        ...(marks ? [rowName(datasetId, marks.mark), rowName(datasetId, marks.nameMark)] : []),
      ]),
    )
  }

  add(source: PlannedSource, row: PlaneRow): void {
    const { datasetId } = source
    const marks = marksOf(source, row)
    const rowId = String(row['row_id'])
    const found = { ...(marks ?? { mark: '', nameMark: '' }), source, row, rowId }
    if (this.#wanted.has(rowName(datasetId, rowId))) this.#rows.set(rowName(datasetId, rowId), found)
    for (const mark of marks ? [marks.mark, marks.nameMark] : []) {
      const name = rowName(datasetId, mark)
      if (!this.#wanted.has(name)) continue
      const known = this.#byMark.get(name)
      if (!known) this.#byMark.set(name, [found])
      else if (known.length <= MOST_CANDIDATES) known.push(found)
    }
  }

  /** What became of each ruling. A row that people ruled on anew, as to the same entity, is no candidate of an old one. */
  result(): Followed {
    const answered = new Set(
      this.#rulings.map(({ datasetId, rowId, key }) => `${rowName(datasetId, rowId)} ${key}`),
    )
    const rulings: Ruling[] = []
    const kept: Ruling[] = []
    const reopened: Link[] = []
    const lost: Ruling[] = []
    for (const ruling of this.#rulings) {
      const { datasetId, rowId, key, marks } = ruling
      const here = this.#rows.get(rowName(datasetId, rowId))
      if (!this.#sources.has(datasetId)) rulings.push(ruling)
      else if (here) {
        const today = { ...ruling, line: lineOf(here), marks: here.mark === '' ? marks : marksIn(here) }
        rulings.push(today)
        if (today.line !== ruling.line || today.marks?.mark !== marks?.mark) kept.push(today)
      } else {
        const [same, alike] = [marks?.mark, marks?.nameMark].map((mark) =>
          mark === undefined ? [] : (this.#byMark.get(rowName(datasetId, mark)) ?? []),
        ) as [Found[], Found[]]
        const candidates = same.length > 0 ? same : alike
        const open = candidates.filter((each) => !answered.has(`${rowName(datasetId, each.rowId)} ${key}`))
        const [only] = open
        if (same.length === 1 && only) {
          const moved = { ...ruling, rowId: only.rowId, line: lineOf(only) }
          answered.add(`${rowName(datasetId, only.rowId)} ${key}`)
          rulings.push(moved)
          kept.push(moved)
        } else if (candidates.length === 0) lost.push(ruling)
        else
          reopened.push(
            ...open
              .slice(0, MOST_CANDIDATES)
              .map(({ source, row }) => linkOf(source, row, key, 'ruling', 'reopened')),
          )
      }
    }
    return { rulings, kept, reopened, lost }
  }
}

const lineOf = ({ row }: Found) => (typeof row['line'] === 'number' ? row['line'] : null)
const marksIn = ({ mark, nameMark }: RowMarks): RowMarks => ({ mark, nameMark })
