import { z } from 'zod'
import { defineErrors } from '../../core/errors.ts'
import type {
  BlockingTerm,
  MatchComparison,
  MatchLevel,
  MatchSource,
  MatchSpec,
} from '../../core/plane/match.ts'
import { MATCH_FORMS } from '../../core/text/match-form.ts'

export const errors = defineErrors('GOLDEN', {
  MATCH_CONFIG_INVALID: {
    kind: 'invalid',
    zh: '匹配配置有误，位置 {place}：{reason}',
    en: 'The match configuration is wrong at {place}: {reason}',
  },
  BLOCK_TOO_LARGE: {
    kind: 'invalid',
    zh: '分块规则“{rule}”产生{pairs}对，超过上限{limit}（每行50对），最多的取值是“{value}”',
    en: 'The blocking rule “{rule}” makes {pairs} pairs, more than {limit} (50 a row); most have the value “{value}”',
  },
})

const fieldName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'a name in lower case')
const source = z.strictObject({
  /** Column that names a row. */
  id: z.string().min(1),
  /** Field → column of the file. */
  columns: z.record(fieldName, z.string().min(1)),
})

const configuration = z.strictObject({
  /** One for each file, in order, or one for all. */
  sources: z.array(source).min(1).max(20),
  fields: z.record(
    fieldName,
    z.strictObject({ form: z.enum(MATCH_FORMS), strip: z.array(z.string()).max(200).optional() }),
  ),
  /** A field, or `field:3` for its first three characters; all of one rule must agree. */
  blocking: z
    .array(
      z
        .array(z.string().regex(/^[a-z][a-z0-9_-]*(:[1-9]\d?)?$/))
        .min(1)
        .max(5),
    )
    .min(1)
    .max(20),
  comparisons: z
    .array(
      z.strictObject({
        field: fieldName,
        levels: z.array(z.string()).min(1).max(8),
        termFrequency: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(20),
  /** Bits: at least `upper` links, at least `lower` is for a person to decide. */
  upper: z.number(),
  lower: z.number(),
  /** Between sources, a pair whose rival comes within so many bits is for a person to decide. */
  margin: z.number().min(0).optional(),
  seed: z.int().min(0).max(1_000_000).default(1),
})

/** How registers are matched (6.2): data, kept in a file. */
export interface MatchConfig extends Omit<MatchSpec, 'sources'> {
  readonly sources: readonly Pick<MatchSource, 'id' | 'columns'>[]
  readonly upper: number
  readonly margin: number | undefined
}

/** @throws GOLDEN_MATCH_CONFIG_INVALID naming the place */
export function readMatchConfig(json: unknown): MatchConfig {
  const parsed = configuration.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(issue?.path.join('.') ?? '', issue?.message ?? '')
  }
  const { fields, blocking, comparisons, ...rest } = parsed.data
  const known = (name: string, place: string) => {
    if (!Object.hasOwn(fields, name)) throw invalid(place, `there is no field ${name}`)
    return name
  }
  rest.sources.forEach(({ columns }, at) => {
    for (const name of Object.keys(columns)) known(name, `sources.${at}`)
  })
  if (rest.lower > rest.upper) throw invalid('lower', 'it is above upper')
  return {
    ...rest,
    margin: rest.margin,
    fields: Object.entries(fields).map(([name, { form, strip }]) => ({
      name,
      form,
      ...(strip && { strip }),
    })),
    blocking: blocking.map((terms, at) =>
      terms.map((term): BlockingTerm => {
        const [field = '', prefix] = term.split(':')
        known(field, `blocking.${at}`)
        return prefix === undefined ? { field } : { field, prefix: Number(prefix) }
      }),
    ),
    comparisons: comparisons.map(({ field, levels, termFrequency }, at): MatchComparison => {
      known(field, `comparisons.${at}`)
      return {
        field,
        termFrequency,
        levels: levels.map((level) => {
          const read = readLevel(level)
          if (!read) throw invalid(`comparisons.${at}`, `${level} is no level`)
          if (read.kind === 'swapped') known(read.with, `comparisons.${at}`)
          return read
        }),
      }
    }),
  }
}

function invalid(place: string, reason: string) {
  return errors.MATCH_CONFIG_INVALID({ place: place === '' ? '/' : place, reason })
}

/** `equal`, `contains`, `swapped:field`, `jaro-winkler>=0.92`, `damerau-levenshtein<=2`. */
function readLevel(text: string): MatchLevel | undefined {
  if (text === 'equal' || text === 'contains') return { kind: text }
  const swapped = /^swapped:([a-z][a-z0-9_-]*)$/.exec(text)?.[1]
  if (swapped !== undefined) return { kind: 'swapped', with: swapped }
  const least = /^jaro-winkler>=(0\.\d{1,4}|1)$/.exec(text)?.[1]
  if (least !== undefined) return { kind: 'jaro-winkler', atLeast: Number(least) }
  const most = /^damerau-levenshtein<=(\d)$/.exec(text)?.[1]
  return most === undefined ? undefined : { kind: 'damerau-levenshtein', atMost: Number(most) }
}

/** `former:equal` and the like where a former name was compared. */
export function levelText(level: MatchLevel | undefined, isFormer = false): string {
  if (level === undefined) return 'differs'
  if (isFormer) return `former:${levelText(level)}`
  switch (level.kind) {
    case 'jaro-winkler':
      return `jaro-winkler>=${level.atLeast}`
    case 'damerau-levenshtein':
      return `damerau-levenshtein<=${level.atMost}`
    case 'swapped':
      return `swapped:${level.with}`
    default:
      return level.kind
  }
}

/** One row of one source. */
export interface RowRef {
  readonly source: string
  readonly id: string
}

/** What one comparison says for or against, in bits; `absent` says nothing. */
export interface WeightPart {
  readonly field: string
  readonly level: string
  readonly weight: number
}

export interface MatchedPair {
  readonly left: RowRef
  readonly right: RowRef
  /** log2 of the odds that both stand for the same. */
  readonly weight: number
  readonly parts: readonly WeightPart[]
}

export type PairDecision = 'link' | 'review'
