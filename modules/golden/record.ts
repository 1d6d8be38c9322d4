import { createHash } from 'node:crypto'
import { defineErrors, type Texts } from '../../core/errors.ts'
import type { FormerName } from './former-name.ts'

/** Where one value of a golden record comes from. */
export interface FieldSource {
  readonly datasetId: string
  readonly organisationId: string
  readonly version: number
  readonly rowId: string
  /** Line of the department's file, 1 for the first; null when the snapshot has none. */
  readonly line: number | null
  /** When the department's register was received: the value is known as of then. */
  readonly asOfAt: Date
  /** The day the department itself dates the row by; null when it does not. */
  readonly eventOn: string | null
  readonly value: string
  /** Trust before ageing, 0 to 1; 0 when the value fails its own check. */
  readonly standing: number
  /** Present where the value is a name the entity bears no more. */
  readonly former?: true
}

/** Which comparison decided for the winner; `none-sound` when every value fails its own check. */
export type SurvivorRule =
  | 'only-source'
  | 'legal-source'
  | 'current-name'
  | 'freshest'
  | 'source-rank'
  | 'smallest-id'
  | 'only-sound'
  | 'none-sound'
  | 'override'

/** What people put above all sources; see override.ts. */
export interface FieldOverride {
  readonly id: string
  readonly organisationId: string
  readonly reason: string
  readonly basis: string
  readonly evidence: string
  /** The last day it counts. */
  readonly expiresOn: string
  /** ISO instant. */
  readonly decidedAt: string
}

export interface StoredField {
  readonly name: string
  readonly value: string | null
  readonly rule: SurvivorRule
  readonly source: FieldSource | null
  readonly runnersUp: readonly FieldSource[]
  /** Present only when people overrode the value; then there is no source. */
  readonly overriddenBy?: FieldOverride
}

/** A field of the merged record, whatever departments call their columns. */
export interface FieldDescription {
  /** Short name of the element. */
  readonly name: string
  readonly elementCode: string
  readonly label: Texts
  /** Shown only to who states a purpose. */
  readonly personal: boolean
}

export interface RecordField extends StoredField {
  readonly label: Texts
  readonly personal: boolean
}

/** What departments together know of one organisation. */
export interface OrganisationRecord {
  /** Unified social credit code (GB 32100-2015). */
  readonly key: string
  readonly name: string
  /** When the youngest register used was received. */
  readonly asOfAt: Date
  readonly fields: readonly RecordField[]
  /** What it was called before (曾用名), the last first. */
  readonly formerNames: readonly FormerName[]
}

export const errors = defineErrors('GOLDEN', {
  PURPOSE_MISSING: {
    kind: 'invalid',
    zh: '查询法人信息须说明用途',
    en: 'State the purpose of reading the record',
  },
  RECORD_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到统一社会信用代码为 {key} 的法人信息',
    en: 'There is no record of the organisation with unified social credit code {key}',
  },
  SUBJECT_AMBIGUOUS: {
    kind: 'conflict',
    zh: '有多个主体使用统一社会信用代码 {key}，不能自动填写，请手工填写并联系数源单位核实',
    en: 'Several entities use the unified social credit code {key}; fill in by hand and ask its registry',
  },
})

/** The bodies whose registers speak of the entity, each once. */
export function speakers({ fields }: Pick<OrganisationRecord, 'fields'>): string[] {
  const sources = fields.flatMap(({ source, runnersUp }) => [...(source ? [source] : []), ...runnersUp])
  return [...new Set(sources.map(({ organisationId }) => organisationId))]
}

/** The form in which a credit code is compared: half-width, without blanks, upper case. */
export function recordKey(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Cc}]+/gu, '')
    .toUpperCase()
}

/** The subject under which a read is logged: the digest of the code, never the code. */
export function accessSubject(key: string): string {
  return `legal-entity:${createHash('sha256').update(key).digest('hex')}`
}

const YEAR_MS = 365.25 * 86_400_000
const LOST_A_YEAR = 0.1
const MAX_LOST = 0.3

/**
 * 0 to 1: the standing of its source (1 the element's legal source, 0.8 the first rank of the others, 0.1
 * less for each rank below, at least 0.5, and 0 for a value that fails its own check), less 0.1 for each
 * year since the register was received, at most 0.3.
 */
export function trust({ standing, asOfAt }: Pick<FieldSource, 'standing' | 'asOfAt'>, now: Date): number {
  const years = Math.max(0, (now.getTime() - asOfAt.getTime()) / YEAR_MS)
  const lost = Math.min(MAX_LOST, Math.floor(years) * LOST_A_YEAR)
  return Math.max(0, Math.round((standing - lost) * 100) / 100)
}

/** A register is renewed once a year, with a grace of one third of the cycle (section 3). */
const STALE_AFTER_MS = (YEAR_MS * 4) / 3

/** Whether even the youngest register a record is made of is overdue for renewal. */
export function isStale({ asOfAt }: Pick<OrganisationRecord, 'asOfAt'>, now: Date): boolean {
  return now.getTime() - asOfAt.getTime() > STALE_AFTER_MS
}
