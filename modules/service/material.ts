import { defineErrors } from '../../core/errors.ts'
import type { MaterialDefinition, ObtainWay } from './item.ts'

/** L22. */
export type MaterialVerdict = 'ok' | 'incorrect' | 'incomplete' | 'outdated' | 'unreadable'

export const VERDICTS: readonly MaterialVerdict[] = [
  'ok',
  'incorrect',
  'incomplete',
  'outdated',
  'unreadable',
]

/** A link from an application to stored bytes. */
export interface MaterialInstance {
  readonly id: string
  readonly applicationId: string
  readonly code: string
  /** As its sender named it. */
  readonly fileName: string
  /** As found in the content. */
  readonly mediaType: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly obtainedBy: ObtainWay
  /** Null while nobody has looked. */
  readonly verdict: MaterialVerdict | null
  readonly verdictNote: string | null
  readonly createdAt: Date
}

export const errors = defineErrors('SERVICE', {
  MATERIAL_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到材料“{id}”',
    en: 'There is no document “{id}”',
  },
  MATERIAL_TYPE_MISMATCH: {
    kind: 'invalid',
    zh: '文件内容与名称或要求的类型不符；可接受：{accepts}',
    en: 'The content of the file does not fit its name or the types asked for: {accepts}',
  },
  MATERIAL_FILE_REFUSED: {
    kind: 'invalid',
    zh: '文件未被接受：{reason}，上限 {limit}',
    en: 'The file was not taken: {reason} (limit {limit})',
  },
  MATERIAL_MISSING: {
    kind: 'invalid',
    zh: '缺少必要材料或材料不合格：{materials}',
    en: 'Required documents are missing or not right: {materials}',
  },
})

/**
 * Codes of the scenario's required materials that nobody has given, or of which the latest file has a bad
 * verdict.
 */
export function missingOf(
  definitions: readonly MaterialDefinition[],
  asked: readonly string[],
  given: readonly Pick<MaterialInstance, 'code' | 'verdict'>[],
): string[] {
  return definitions
    .filter(({ code, necessity }) => necessity === 'required' && asked.includes(code))
    .filter(({ code }) => !given.some((each) => each.code === code && isUsable(each)))
    .map(({ code }) => code)
}

export const isUsable = ({ verdict }: Pick<MaterialInstance, 'verdict'>) =>
  verdict === null || verdict === 'ok'

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['.pdf'],
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
}

/** The media type that the first bytes show; undefined for anything that is none of the three. */
export function sniff(head: Buffer): string | undefined {
  if (head.subarray(0, 5).toString('latin1') === '%PDF-') return 'application/pdf'
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg'
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return head.subarray(0, 8).equals(png) ? 'image/png' : undefined
}

/** An encryption dictionary in the trailer or in a cross-reference stream (ISO 32000-1, 7.6.1). */
export function isEncryptedPdf(content: Buffer): boolean {
  return sniff(content) === 'application/pdf' && content.includes('/Encrypt')
}

export interface Upload {
  readonly fileName: string
  /** As the sender says; absent when it does not. */
  readonly declaredType: string | undefined
  readonly content: Buffer
}

/**
 * The type of an uploaded file by its content, which must agree with its name and with what is declared.
 *
 * @throws SERVICE_MATERIAL_FILE_REFUSED, SERVICE_MATERIAL_TYPE_MISMATCH
 */
export function checkedType({ accepts, maxBytes }: MaterialDefinition, upload: Upload): string {
  const { content, fileName, declaredType } = upload
  if (content.length === 0) throw refused('文件为空 / the file is empty', maxBytes)
  if (content.length > maxBytes) throw refused('文件过大 / the file is too large', maxBytes)
  const found = sniff(content.subarray(0, 16))
  const extension = /\.[a-z]+$/.exec(fileName.toLowerCase())?.[0] ?? ''
  const declared = declaredType?.split(';')[0]?.trim().toLowerCase()
  const named = found !== undefined && EXTENSIONS[found]?.includes(extension) === true
  const said =
    declared === undefined || declared === '' || declared === 'application/octet-stream' || declared === found
  if (found === undefined || !named || !said || !accepts.includes(found))
    throw errors.MATERIAL_TYPE_MISMATCH({ accepts: accepts.join(', ') })
  if (isEncryptedPdf(content)) throw refused('PDF 已加密 / the PDF is encrypted', maxBytes)
  return found
}

export const refused = (reason: string, limit: number) => errors.MATERIAL_FILE_REFUSED({ reason, limit })

/** A name as data: no path, no control characters, at most 200 characters. */
export function cleanName(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) ?? ''
  return [...base.replace(/[\p{Cc}\p{Cf}]/gu, '')].slice(0, 200).join('')
}
