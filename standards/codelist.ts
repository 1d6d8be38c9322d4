import { defineErrors, type Texts } from '../core/errors.ts'
import type { StandardOf } from './standard.ts'

/** A code list (代码集); its code is `number@edition`, its values lie in a table of their own. */
export interface CodeListContent {
  readonly name: Texts
  readonly standardNumber: string
  readonly edition: string
  readonly issuer: string
  readonly levels: readonly Texts[]
  readonly sourceUrl?: string
  readonly licence: string
  /** Who may add codes of its own beside the standard's. */
  readonly extensible: 'no' | 'organisation' | 'region'
  /** What a code of an extension looks like. */
  readonly extensionPattern?: string
}

export type CodeList = StandardOf<CodeListContent>

export interface CodeValue {
  readonly code: string
  readonly parent: string | null
  /** From 1. */
  readonly level: number
  readonly name: Texts
  /** For matching, never exported. */
  readonly spellings: readonly string[]
  /** The organisation whose local extension it is; null for a code of the standard. */
  readonly owner: string | null
}

export const errors = defineErrors('STANDARDS', {
  CODE_LIST_INVALID: {
    kind: 'invalid',
    zh: '代码集“{code}”无效：{reason}',
    en: 'The code list “{code}” is not valid: {reason}',
  },
  CODE_PARENT_UNKNOWN: {
    kind: 'invalid',
    zh: '代码“{code}”的上级“{parent}”不存在，或不在上一层级',
    en: 'The parent “{parent}” of the code “{code}” is not there one level up',
  },
  CODE_EXTENSION_CLASH: {
    kind: 'conflict',
    zh: '本地扩展代码“{code}”与标准代码相同，或不符合扩展规则',
    en: 'The local code “{code}” equals a code of the standard or does not fit the extension rule',
  },
})

/** A list up to this long travels whole: in enumerations and selects. */
export const MAX_LISTED = 500

export function codeListId(list: Pick<CodeListContent, 'standardNumber' | 'edition'>): string {
  return `${list.standardNumber}@${list.edition}`
}

/**
 * @throws STANDARDS_CODE_LIST_INVALID, STANDARDS_CODE_PARENT_UNKNOWN, STANDARDS_CODE_EXTENSION_CLASH
 */
export function checkCodeList(list: CodeListContent, values: readonly CodeValue[]): void {
  const id = codeListId(list)
  const levels = new Map<string, number>()
  for (const { code, level, owner } of values) {
    if (code === '' || code !== code.trim()) throw errors.CODE_LIST_INVALID({ code: id, reason: `“${code}”` })
    if (levels.has(code)) throw owner === null ? duplicate(id, code) : errors.CODE_EXTENSION_CLASH({ code })
    if (owner !== null && !fitsExtension(list, code)) throw errors.CODE_EXTENSION_CLASH({ code })
    levels.set(code, level)
  }
  // One level up each time, so that no circle can be.
  for (const { code, parent, level } of values) {
    const up = parent === null ? 0 : levels.get(parent)
    if (up !== level - 1) throw errors.CODE_PARENT_UNKNOWN({ code, parent: parent ?? '' })
  }
  if (values.length === 0) throw errors.CODE_LIST_INVALID({ code: id, reason: 'values' })
}

const duplicate = (id: string, code: string) =>
  errors.CODE_LIST_INVALID({ code: id, reason: `“${code}” × 2` })

function fitsExtension({ extensible, extensionPattern }: CodeListContent, code: string): boolean {
  return extensible !== 'no' && extensionPattern !== undefined && new RegExp(extensionPattern, 'u').test(code)
}
