import type { Day } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import type { Finding, FindingCount, PlaneRow } from '../../core/plane/plane.ts'
import { expiredTexts } from '../../core/text/code-validity.ts'
import type { FailureReason } from '../../core/text/column.ts'
import { failureCode } from '../../core/text/validate.ts'

/** Why a row, or a value in it, was found wanting, as people and programs read it. */
export interface Reason extends FindingCount {
  readonly code: string
  readonly messages: Texts
}

interface Kind {
  readonly code: string
  readonly messages: Texts
}

const ROW_KINDS: Readonly<Record<string, Kind>> = {
  width: {
    code: 'INGEST_ROW_WIDTH_DIFFERS',
    messages: { zh: '字段数与表头不符', en: 'The row has more or fewer fields than the header' },
  },
  bytes: {
    code: 'INGEST_BYTES_UNREADABLE',
    messages: {
      zh: '含有无法按所选编码读出的字节',
      en: 'The row holds bytes that mean nothing in the encoding',
    },
  },
  quote: {
    code: 'INGEST_QUOTE_UNCLOSED',
    messages: { zh: '引号没有结束', en: 'A quotation mark is never closed' },
  },
  record: {
    code: 'INGEST_RECORD_UNREADABLE',
    messages: {
      zh: '不是一条完整的记录（JSON 对象），或同一字段出现两次',
      en: 'Not one whole record (a JSON object), or a field is named twice',
    },
  },
  'key-conflict': {
    code: 'INGEST_KEY_CONFLICT',
    messages: { zh: '主键相同而内容不同', en: 'Rows of the same key differ in content' },
  },
}

const MESSAGES: Record<FailureReason, Texts> = {
  placeholder: { zh: '占位值，按未知处理', en: 'A placeholder; taken as unknown' },
  missing: { zh: '缺少必填值', en: 'A required value is missing' },
  shape: { zh: '号码的位数或字符不符合规则', en: 'The number has the wrong length or characters' },
  date: { zh: '号码中的日期无效', en: 'The date inside the number is not valid' },
  'check-digit': { zh: '校验位不符', en: 'The check digit is wrong' },
  unreadable: { zh: '日期无法唯一识别或不存在', en: 'The date is ambiguous or does not exist' },
  type: { zh: '不是有效的数值', en: 'Not a valid number' },
  range: { zh: '超出取值范围', en: 'Outside the permitted range' },
  length: { zh: '长度超出规定', en: 'The length is outside the permitted range' },
  pattern: { zh: '不符合规定的格式', en: 'Does not have the prescribed form' },
  code: { zh: '代码不在代码集中', en: 'The code is not in the code list' },
  expired: { zh: '代码在该行日期不在有效期内', en: 'The code is not in force on the day of the row' },
}

export function kindOf(reason: string): Kind {
  const row = ROW_KINDS[reason]
  if (row) return row
  const known = reason as FailureReason
  return { code: failureCode(known), messages: MESSAGES[known] }
}

export function reasonsOf(findings: readonly FindingCount[]): Reason[] {
  return findings.map((finding) => ({ ...finding, ...kindOf(finding.reason) }))
}

/** What is wrong with a value of a row, told of that value where there is more to say. */
export function kindOfValue(reason: string, value: string | null, lastDay: Day | null): Kind {
  const kind = kindOf(reason)
  return reason === 'expired' ? { ...kind, messages: expiredTexts(value ?? '', lastDay) } : kind
}

export interface RowFailure extends Finding {
  readonly code: string
  readonly messages: Texts
  /** The source's text. */
  readonly value: string | null
}

/** A rejected row as it was judged: its line in the file, what stood there, and everything that is wrong with it. */
export interface RejectedRow {
  readonly line: number
  readonly raw: string
  readonly cells: Readonly<Record<string, string | null>>
  readonly failures: readonly RowFailure[]
}

interface RejectedCell extends Finding {
  readonly value: string | null
  /** Of a code that has expired. */
  readonly lastDay?: Day | null
}

export function readRejected(row: PlaneRow): RejectedRow {
  const failures = JSON.parse(String(row['failures'])) as RejectedCell[]
  return {
    line: Number(row['line']),
    raw: String(row['raw']),
    cells: JSON.parse(String(row['cells'])) as Record<string, string | null>,
    failures: failures.map(({ lastDay = null, ...failure }) => ({
      ...failure,
      ...kindOfValue(failure.reason, failure.value, lastDay),
    })),
  }
}
