import { defineErrors } from '../../core/errors.ts'
import { entryKey, type EntryKind } from './entry.ts'

/** A class of resources: 类 (one digit), 项 (two more), 目 (three more), 细目 (the rest). */
export interface EntryClass {
  readonly code: string
  readonly parent: string | null
  readonly name: string
}

export const errors = defineErrors('CATALOG', {
  ENTRY_CLASS_INVALID: {
    kind: 'invalid',
    zh: '分类须依次写明项、目、细目（一至三级，每级1至100字）',
    en: 'A class names 项, 目 and 细目 in order: one to three levels of 1 to 100 characters',
  },
  ENTRY_CLASS_UNKNOWN: {
    kind: 'invalid',
    zh: '没有名为“{name}”的项；基础类和主题类的项由平台规定，部门类的项是提供方本身',
    en: 'There is no 项 “{name}”; those of base and theme are given, that of a department is the provider itself',
  },
  ENTRY_CLASS_FULL: {
    kind: 'conflict',
    zh: '分类 {code} 下的代码已用完',
    en: 'The codes under the class {code} are used up',
  },
})

export const CLASS_OF: Readonly<Record<EntryKind, string>> = { base: '1', theme: '2', department: '3' }

const MAX_NAME = 100
const MAX_SERIAL = 999_999
/** Stands for a 目 that is not named. */
const NO_CATEGORY = '000'

/** Names of 项, 目 and 细目 as they are stored. @throws CATALOG_ENTRY_CLASS_INVALID */
export function classPath(names: readonly string[]): string[] {
  const path = names.map((name) => name.normalize('NFC').trim())
  const bad = (name: string) => entryKey(name) === '' || [...name].length > MAX_NAME
  if (path.length < 1 || path.length > 3 || path.some(bad)) throw errors.ENTRY_CLASS_INVALID()
  return path
}

/**
 * The code of the next class under `parent`, of which `children` are there already.
 *
 * @throws CATALOG_ENTRY_CLASS_FULL when the two digits of 项 or the three of 目 are used up
 */
export function nextClassCode(parent: string, children: number): string {
  const width = parent.length === 1 ? 2 : parent.length === 3 ? 3 : 0
  const digits = String(children + 1).padStart(width, '0')
  if (width > 0 && digits.length > width) throw errors.ENTRY_CLASS_FULL({ code: parent })
  return parent + digits
}

/** @throws CATALOG_ENTRY_CLASS_FULL */
export function entryCode(classCode: string, serial: number): string {
  if (serial > MAX_SERIAL) throw errors.ENTRY_CLASS_FULL({ code: classCode })
  const front = classCode.length === 3 ? classCode + NO_CATEGORY : classCode
  return `${front}/${String(serial).padStart(6, '0')}`
}
