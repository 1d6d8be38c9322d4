import { masked } from '../../text/masked.ts'
import type { Row, Session, SourceColumn } from './connector.ts'

export type ObservedType = 'empty' | 'integer' | 'decimal' | 'date' | 'datetime' | 'boolean' | 'text'

export interface DiscoveredColumn {
  readonly name: string
  readonly declaredType: string | null
  readonly observedType: ObservedType
  /** 0 to 1, of the rows looked at. */
  readonly nullRate: number
  readonly distinct: number
  /** At most ten, masked: they show the form of the values, not the values. */
  readonly samples: readonly string[]
  /** Declared key, or no null and no repetition among the rows looked at. */
  readonly candidateKey: boolean
}

export interface Discovery {
  readonly collection: string
  /** How many rows were looked at. */
  readonly sampledRows: number
  readonly seed: number
  readonly columns: readonly DiscoveredColumn[]
}

const SAMPLE_ROWS = 10_000
const SAMPLES = 10
const SEED = 20_260_105

/** Looks at the structure of a collection and at its first rows. */
export async function discover(session: Session, collection: string): Promise<Discovery> {
  const declared = await session.columns(collection)
  const names = declared.map(({ name }) => name)
  const rows: Row[] = []
  for await (const batch of session.read({ collection, columns: names, cursor: null })) {
    rows.push(...batch)
    if (rows.length >= SAMPLE_ROWS) break
  }
  rows.length = Math.min(rows.length, SAMPLE_ROWS)
  return described(collection, declared, rows)
}

/** What the rows at hand show of a collection's columns. */
export function described(
  collection: string,
  declared: readonly SourceColumn[],
  rows: readonly Row[],
  seed = SEED,
): Discovery {
  return {
    collection,
    sampledRows: rows.length,
    seed,
    columns: declared.map(({ name, declaredType, key }, index) => {
      const cells = rows.map((row) => row[index] ?? null)
      const values = cells.filter((cell): cell is string => cell !== null && cell !== '')
      const distinct = new Set(values)
      return {
        name,
        declaredType,
        observedType: observedType(values),
        nullRate: rows.length === 0 ? 0 : (rows.length - values.length) / rows.length,
        distinct: distinct.size,
        samples: drawn([...distinct], SAMPLES, seed + index).map(masked),
        candidateKey: key || (rows.length > 1 && distinct.size === rows.length),
      }
    }),
  }
}

const FORMS: readonly (readonly [ObservedType, RegExp])[] = [
  ['boolean', /^(true|false|t|f)$/i],
  ['integer', /^-?(0|[1-9]\d{0,17})$/],
  ['decimal', /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['datetime', /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/],
]

/** Digits with leading zeros are text: they are codes. */
function observedType(values: readonly string[]): ObservedType {
  if (values.length === 0) return 'empty'
  if (values.some((value) => /^0\d/.test(value) && /^\d+$/.test(value))) return 'text'
  return FORMS.find(([, form]) => values.every((value) => form.test(value)))?.[0] ?? 'text'
}

/** `count` of the values, by a seeded shuffle: the same sample each time. */
function drawn(values: readonly string[], count: number, seed: number): string[] {
  const pool = [...values]
  let state = seed
  for (let at = 0; at < Math.min(count, pool.length); at++) {
    // A linear congruential generator is enough to choose examples.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = at + (state % (pool.length - at))
    const taken = pool[other] ?? ''
    pool[other] = pool[at] ?? ''
    pool[at] = taken
  }
  return pool.slice(0, count)
}
