import { dayOf } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import type { FormerName } from './former-name.ts'
import type { FieldSource, StoredField, SurvivorRule } from './record.ts'

/** Why another value did not survive. */
export type LossReason =
  'overridden' | 'unsound' | 'not-legal-source' | 'former-name' | 'older' | 'lower-rank' | 'later-in-order'

/** The names a reader knows a source by. */
export interface NamedSource {
  readonly organisation: Texts
  readonly dataset: string
}

/** «Why is this value here?», answered in words (6.5). */
export interface Explanation {
  readonly text: Texts
  readonly lost: readonly {
    readonly value: string
    readonly reason: LossReason
    readonly text: Texts
  }[]
}

/** Pure; `nameOf` knows every source of the field. */
export function explained(
  field: StoredField,
  label: Texts,
  nameOf: (source: FieldSource) => NamedSource,
): Explanation {
  return {
    text: chosen(field, label, nameOf),
    lost: field.runnersUp.map((source) => {
      const reason = lossReason(field, source)
      return { value: source.value, reason, text: lost(source, reason, field.source, nameOf(source)) }
    }),
  }
}

function chosen(field: StoredField, label: Texts, nameOf: (source: FieldSource) => NamedSource): Texts {
  const { source, value, rule, overriddenBy } = field
  if (overriddenBy)
    return {
      zh: `${label.zh}取“${value}”，为人工修正，有效至${overriddenBy.expiresOn}。理由：${overriddenBy.reason}；依据：${overriddenBy.basis}；佐证：${overriddenBy.evidence}。`,
      en: `${label.en} is “${value}” by an override until ${overriddenBy.expiresOn}. Reason: ${overriddenBy.reason}; basis: ${overriddenBy.basis}; evidence: ${overriddenBy.evidence}.`,
    }
  if (source === null || value === null)
    return {
      zh: `${label.zh}没有现值：各部门的记载都未通过校验。`,
      en: `${label.en} has no value: what every department says fails its check.`,
    }
  const { organisation, dataset } = nameOf(source)
  const place = placeOf(source)
  return {
    zh: `${label.zh}取“${value}”，来自${organisation.zh}《${dataset}》${place.zh}。${RULES[rule].zh}`,
    en: `${label.en} is “${value}”, from ${organisation.en}, “${dataset}”, ${place.en}. ${RULES[rule].en}`,
  }
}

/** Who says, and how it follows, that an entity was called so. Pure. */
export function explainedName(
  { name, validFrom, validTo, source }: FormerName,
  nameOf: (source: FieldSource) => NamedSource,
): Texts {
  const from = { zh: validFrom ?? '不详', en: validFrom ?? 'an unknown day' }
  const span =
    validFrom === null && validTo === null
      ? { zh: '起止不详', en: 'no dates are known' }
      : {
          zh: `${from.zh}起，${validTo ?? '不详'}止`,
          en: `from ${from.en} until ${validTo ?? 'an unknown day'}`,
        }
  if (source === null)
    return { zh: `曾用名“${name}”，由人工修正。`, en: `Formerly “${name}”, by an override.` }
  const { organisation, dataset } = nameOf(source)
  const place = placeOf(source)
  const how =
    validTo === null
      ? { zh: '登记簿列为曾用名', en: 'the register lists it as former' }
      : { zh: '后一版改称他名', en: 'the next version has another name' }
  return {
    zh: `曾用名“${name}”（${span.zh}），来自${organisation.zh}《${dataset}》${place.zh}：${how.zh}。`,
    en: `Formerly “${name}” (${span.en}), from ${organisation.en}, “${dataset}”, ${place.en}: ${how.en}.`,
  }
}

const RULES: Readonly<Record<SurvivorRule, Texts>> = {
  'only-source': { zh: '只有这一处记载。', en: 'Nobody else says anything.' },
  'only-sound': { zh: '只有它通过校验。', en: 'It alone passes its check.' },
  'legal-source': {
    zh: '该单位是这一数据元的法定数源。',
    en: 'That body is the legal source of the element.',
  },
  'current-name': { zh: '其余是曾用名。', en: 'The others are former names.' },
  freshest: { zh: '它的日期最新。', en: 'Its date is the latest.' },
  'source-rank': { zh: '它的来源等级最高。', en: 'Its source ranks first.' },
  'smallest-id': {
    zh: '其余条件相同，按记录标识次序取第一个。',
    en: 'All else being equal, the first by record id counts.',
  },
  'none-sound': { zh: '没有有效值。', en: 'No value is sound.' },
  override: { zh: '人工修正高于各数源。', en: 'An override stands above all sources.' },
}

/** The first criterion, in the order of survivorship, by which the winner stands before the other. */
export function lossReason({ source: winner, overriddenBy }: StoredField, other: FieldSource): LossReason {
  if (overriddenBy) return 'overridden'
  if (other.standing === 0 || winner === null) return 'unsound'
  if (winner.standing === 1 && other.standing < 1) return 'not-legal-source'
  if (other.former && !winner.former) return 'former-name'
  if (freshOn(other) < freshOn(winner)) return 'older'
  if (other.standing < winner.standing) return 'lower-rank'
  // Ranks far down have one standing; only the order of ids tells then which of the two decided.
  return idOf(winner) < idOf(other) ? 'later-in-order' : 'lower-rank'
}

function lost(
  source: FieldSource,
  reason: LossReason,
  winner: FieldSource | null,
  { organisation, dataset }: NamedSource,
): Texts {
  const place = placeOf(source)
  const why: Readonly<Record<LossReason, Texts>> = {
    overridden: { zh: '已人工修正', en: 'it is overridden' },
    unsound: { zh: '未通过校验', en: 'it fails its check' },
    'not-legal-source': { zh: '不是法定数源', en: 'it is not from the legal source' },
    'former-name': { zh: '是曾用名', en: 'it is a former name' },
    older: {
      zh: `日期${freshOn(source)}早于${winner ? freshOn(winner) : ''}`,
      en: `its date ${freshOn(source)} is before ${winner ? freshOn(winner) : ''}`,
    },
    'lower-rank': { zh: '来源等级较低', en: 'its source ranks lower' },
    'later-in-order': { zh: '记录标识次序在后', en: 'it comes later by record id' },
  }
  return {
    zh: `${organisation.zh}《${dataset}》${place.zh}记为“${source.value}”，未采用：${why[reason].zh}。`,
    en: `${organisation.en}, “${dataset}”, ${place.en}, says “${source.value}”; not taken: ${why[reason].en}.`,
  }
}

function placeOf({ version, line }: FieldSource): Texts {
  if (line === null) return { zh: `第${version}版`, en: `version ${version}` }
  return { zh: `第${version}版第${line}行`, en: `version ${version}, line ${line}` }
}

const freshOn = ({ eventOn, asOfAt }: FieldSource) => eventOn ?? dayOf(asOfAt)
const idOf = ({ rowId, datasetId }: FieldSource) => `${rowId}\u0000${datasetId}`
