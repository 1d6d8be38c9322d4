import { defineErrors } from '../core/errors.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'workflow.draft.created': { draftId: string; key: string; organisationId: string }
    'workflow.draft.saved': { draftId: string; key: string; version: number; paths: string[] }
    'workflow.draft.discarded': { draftId: string; key: string; deployed: string | null }
  }
}

/** Files of a pack by their place in its folder, such as `forms/check-intake.json`. */
export type Files = Readonly<Record<string, string>>

/** A pack that is being edited; one organisation has at most one of a process. */
export interface Draft {
  readonly id: string
  /** The id of the process. */
  readonly key: string
  readonly organisationId: string
  /** The deployed version it was made from; null for a new process. */
  readonly definitionId: string | null
  readonly files: Files
  /** Adds 1 with every save; 1 for the first. */
  readonly version: number
  readonly createdBy: string
  readonly createdAt: Date
  readonly changedBy: string
  readonly changedAt: Date
}

/** What one file becomes; null takes it out. */
export interface FileChange {
  readonly path: string
  readonly text?: string | null
}

export const errors = defineErrors('WORKFLOW', {
  DRAFT_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到流程草稿 {id}',
    en: 'There is no process draft {id}',
  },
  DEFINITION_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到流程版本 {id}',
    en: 'There is no process version {id}',
  },
  DRAFT_EXISTS: {
    kind: 'conflict',
    zh: '本单位已有流程“{key}”的草稿，请继续编辑或先放弃',
    en: 'Your organisation has a draft of “{key}” already; go on with it or discard it first',
  },
  DRAFT_VERSION_STALE: {
    kind: 'conflict',
    zh: '草稿已被同事更改（现为第{version}稿），请取得最新内容后重试',
    en: 'A colleague has changed the draft (it is now at version {version}); take the latest, then try again',
  },
  DRAFT_KEY_INVALID: {
    kind: 'invalid',
    zh: '流程标识“{key}”无效：2至63个小写字母、数字或连字符，以字母开头',
    en: 'The id “{key}” is not valid: 2 to 63 lower-case letters, digits and hyphens, a letter first',
  },
  DRAFT_FILE_INVALID: {
    kind: 'invalid',
    zh: '流程包中不能有文件“{path}”',
    en: 'A pack holds no file “{path}”',
  },
  DRAFT_TOO_LARGE: {
    kind: 'invalid',
    zh: '草稿最多{files}个文件、共{kilobytes} KB',
    en: 'A draft holds at most {files} files of {kilobytes} KB together',
  },
  DEPLOYED_SINCE: {
    kind: 'conflict',
    zh: '其间已部署第{version}版，请比较后再部署',
    en: 'Version {version} has been deployed since; compare with it before you deploy',
  },
})

/** What a pack may hold: see packs/README.md. No path but these is ever stored, so none climbs out of a folder. */
const PLACE =
  /^(?:pack\.json|item\.json|README\.md|[\w-]{1,63}\.(?:bpmn|dmn)|forms\/[a-z][a-z0-9-]{1,62}\.json)$/
const MAX_FILES = 150
const MAX_BYTES = 2_097_152
const KEY = /^[a-z][a-z0-9-]{1,62}$/

/** @throws WORKFLOW_DRAFT_KEY_INVALID */
export function checkKey(key: string): void {
  if (!KEY.test(key)) throw errors.DRAFT_KEY_INVALID({ key })
}

/**
 * The files with the changes made to them, in the order of their names.
 *
 * @throws WORKFLOW_DRAFT_FILE_INVALID, WORKFLOW_DRAFT_TOO_LARGE
 */
export function changed(files: Files, changes: readonly FileChange[]): Files {
  const next = new Map(Object.entries(files))
  for (const { path, text } of changes) {
    if (!PLACE.test(path) || text?.includes('\0'))
      throw errors.DRAFT_FILE_INVALID({ path: path.slice(0, 200) })
    if (text === undefined || text === null) next.delete(path)
    else next.set(path, text)
  }
  const bytes = [...next.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if (next.size > MAX_FILES || bytes > MAX_BYTES)
    throw errors.DRAFT_TOO_LARGE({ files: MAX_FILES, kilobytes: MAX_BYTES / 1024 })
  return Object.fromEntries([...next].sort(([a], [b]) => (a < b ? -1 : 1)))
}
