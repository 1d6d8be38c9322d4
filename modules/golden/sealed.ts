import { hash } from 'node:crypto'
import type { FormerName } from './former-name.ts'
import type { FieldSource, StoredField } from './record.ts'

/** A golden record as it is stored. */
export interface MergedRecord {
  readonly key: string
  readonly name: string
  /** Every name a source knows it by; what it is found under. */
  readonly names: readonly string[]
  /** More than 1 when the key is shared, and then there are no fields. */
  readonly entities: number
  readonly fields: readonly StoredField[]
  readonly formerNames: readonly FormerName[]
  readonly asOfAt: Date
  /** The JSON of its fields and former names, written once for the digest and the row. */
  readonly json: { readonly fields: string; readonly formerNames: string }
  /** Digest of all that stands before `json`. */
  readonly contentSha256: string
}

/** A record without former names has the digest it had before there were any. */
export function sealed(content: Omit<MergedRecord, 'json' | 'contentSha256'>): MergedRecord {
  const { key, name, names, entities, fields, formerNames, asOfAt } = content
  const head = `{"key":${quoted(key)},"name":${quoted(name)},"names":${JSON.stringify(names)},"entities":${entities},"fields":`
  const fieldsText = fieldsJson(fields)
  const formerText = formerNames.length === 0 ? '[]' : JSON.stringify(formerNames)
  const former = formerNames.length === 0 ? '' : `,"formerNames":${formerText}`
  const digested = `${head}${fieldsText}${former},"asOfAt":"${asOfAt.toISOString()}"}`
  const contentSha256 = hash('sha256', digested, 'hex')
  // A view of the text just digested: the pieces it was put together of may go.
  const json = {
    fields: digested.slice(head.length, head.length + fieldsText.length),
    formerNames: formerText,
  }
  return { ...content, json, contentSha256 }
}

/** What `JSON.stringify` writes, in a third of the time: a merge of millions does little else. */
export function fieldsJson(fields: readonly StoredField[]): string {
  let json = '['
  for (const { name, value, rule, source, runnersUp, overriddenBy } of fields) {
    if (json.length > 1) json += ','
    json += `{"name":${quoted(name)},"value":${value === null ? 'null' : quoted(value)},"rule":"${rule}"`
    json += `,"source":${source === null ? 'null' : sourceJson(source)},"runnersUp":[`
    for (let at = 0; at < runnersUp.length; at++) {
      if (at > 0) json += ','
      json += sourceJson(runnersUp[at] as FieldSource)
    }
    json += overriddenBy === undefined ? ']}' : `],"overriddenBy":${JSON.stringify(overriddenBy)}}`
  }
  return `${json}]`
}

function sourceJson(source: FieldSource): string {
  const { datasetId, organisationId, version, rowId, line, asOfAt, eventOn, value, standing } = source
  return (
    `{"datasetId":${quoted(datasetId)},"organisationId":${quoted(organisationId)},"version":${version}` +
    `,"rowId":${quoted(rowId)},"line":${line},"asOfAt":"${instant(asOfAt)}"` +
    `,"eventOn":${eventOn === null ? 'null' : quoted(eventOn)},"value":${quoted(value)},"standing":${standing}` +
    (source.former === true ? ',"former":true}' : '}')
  )
}

/** What JSON writes otherwise than it is: quotes, backslashes, controls, halves of a pair. */
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/
const quoted = (text: string) => (SPECIAL.test(text) ? JSON.stringify(text) : `"${text}"`)

/** Few, and each of many records: one for each version of a register. */
const instants = new WeakMap<Date, string>()

function instant(at: Date): string {
  const known = instants.get(at)
  if (known !== undefined) return known
  const text = at.toISOString()
  instants.set(at, text)
  return text
}
