import { dayOf } from '../../core/day.ts'
import { defineErrors } from '../../core/errors.ts'
import { errors as datasetErrors } from './dataset.ts'
import {
  type Entry,
  type EntryContent,
  type EntryStatus,
  type Labelled,
  requireOpenable,
  type UpdateCycle,
} from './entry.ts'

export const errors = defineErrors('CATALOG', {
  ENTRY_STATUS_UNFIT: {
    kind: 'conflict',
    zh: '目录条目 {code} 的当前状态不允许此操作',
    en: 'The entry {code} is {status}; this cannot be done now',
  },
  ENTRY_SELF_REVIEWED: {
    kind: 'forbidden',
    zh: '登记或修改目录条目 {code} 的人不能审核它',
    en: 'Whoever registered or changed the entry {code} may not review it',
  },
  ENTRY_REMARK_MISSING: {
    kind: 'invalid',
    zh: '退回或撤下时须写明原因（1至1000字）',
    en: 'Sending back or withdrawing needs a reason (1 to 1000 characters)',
  },
})

/** Hours from one state of the data to the next; null when there is no rhythm. The longest month, quarter, year. */
export const CYCLE_HOURS: Readonly<Record<UpdateCycle, number | null>> = {
  realtime: 1,
  daily: 24,
  weekly: 7 * 24,
  monthly: 31 * 24,
  quarterly: 92 * 24,
  yearly: 366 * 24,
  other: null,
}

export const UPDATE_CYCLES = Object.keys(CYCLE_HOURS) as UpdateCycle[]

const HOUR_MS = 3_600_000

/** The cycle and a third of it as grace; null when there is no rhythm. */
export function allowedMs(cycle: UpdateCycle): number | null {
  const hours = CYCLE_HOURS[cycle]
  return hours === null ? null : (hours * HOUR_MS * 4) / 3
}

/** `awaiting`: published, and no version of its data is there yet. */
export type UpdateState = 'awaiting' | 'current' | 'overdue'

/** The last version, its cycle and a third of the cycle as grace; null when it is never due. */
export function dueAt({ dataAt, updateCycle }: Pick<Entry, 'dataAt' | 'updateCycle'>): Date | null {
  const allowed = allowedMs(updateCycle)
  return dataAt === null || allowed === null ? null : new Date(dataAt.getTime() + allowed)
}

export function updateState(entry: Pick<Entry, 'dataAt' | 'updateCycle'>, now: Date): UpdateState {
  const due = dueAt(entry)
  if (entry.dataAt === null) return 'awaiting'
  return due !== null && now > due ? 'overdue' : 'current'
}

const YEAR_MS = 366 * 24 * HOUR_MS

/** Whether a year has passed since its custodian last confirmed it. */
export function confirmationDue({ confirmedAt }: Pick<Entry, 'confirmedAt'>, now: Date): boolean {
  return now.getTime() - confirmedAt.getTime() > YEAR_MS
}

function requireStatus({ code, status }: Entry, fit: readonly EntryStatus[]): void {
  if (!fit.includes(status)) throw errors.ENTRY_STATUS_UNFIT({ code, status })
}

/** Whether a person had no hand in it. */
export const isStranger = ({ registeredBy, editedBy }: Entry, person: string) =>
  registeredBy !== person && !editedBy.includes(person)

/** Another content under the same code: it is reviewed again, whatever it was before. */
export function changed(entry: Entry, content: EntryContent, by: string, at: Date): Entry {
  return {
    ...entry,
    ...content,
    status: 'registered',
    editedBy: [...new Set([...entry.editedBy, by])],
    reviewedBy: null,
    remark: null,
    confirmedAt: at,
    closedAt: null,
  }
}

/** @throws CATALOG_ENTRY_STATUS_UNFIT, CATALOG_ENTRY_SELF_REVIEWED */
export function reviewed(entry: Entry, by: string): Entry {
  requireStatus(entry, ['registered'])
  if (!isStranger(entry, by)) throw errors.ENTRY_SELF_REVIEWED({ code: entry.code })
  return { ...entry, status: 'reviewed', reviewedBy: by, remark: null }
}

/** @throws CATALOG_ENTRY_STATUS_UNFIT, CATALOG_ENTRY_SELF_REVIEWED, CATALOG_ENTRY_REMARK_MISSING */
export function returned(entry: Entry, by: string, remark: string): Entry {
  requireStatus(entry, ['registered', 'reviewed'])
  if (!isStranger(entry, by)) throw errors.ENTRY_SELF_REVIEWED({ code: entry.code })
  return { ...entry, status: 'registered', reviewedBy: null, remark: checkedRemark(remark) }
}

/**
 * `held`: the labels, as they are that day, of what it lists and its dataset holds; they may have changed since it
 * was written.
 *
 * @throws CATALOG_ENTRY_STATUS_UNFIT, CATALOG_ENTRY_OPEN_REFUSED, CATALOG_DATASET_FIELDS_UNMAPPED when a shared item
 * has no element
 */
export function published(entry: Entry, held: readonly Labelled[], at: Date): Entry {
  requireStatus(entry, ['reviewed'])
  const unmapped = entry.items.filter(({ elementCode }) => elementCode === null)
  if (entry.sharingType !== 'none' && unmapped.length > 0)
    throw datasetErrors.DATASET_FIELDS_UNMAPPED({ fields: unmapped.map(({ name }) => name).join(', ') })
  requireOpenable(entry, held)
  return { ...entry, status: 'published', publishedOn: entry.publishedOn ?? dayOf(at) }
}

/** @throws CATALOG_ENTRY_STATUS_UNFIT, CATALOG_ENTRY_REMARK_MISSING */
export function withdrawn(entry: Entry, reason: string): Entry {
  requireStatus(entry, ['published'])
  return { ...entry, status: 'withdrawn', remark: checkedRemark(reason) }
}

/** Open no longer, though still in the directory of the offices: what it holds is labelled otherwise by now. */
export function closed(entry: Entry, held: readonly Labelled[], at: Date): Entry {
  const level = Math.max(entry.level, ...held.map((each) => each.level))
  return { ...entry, open: false, openCondition: null, level, closedAt: at, remark: CLOSED_REMARK }
}

const CLOSED_REMARK =
  '所列信息项或所挂数据的标准、版本有变，经重新判定不宜向社会开放（含个人信息或高于1级），已撤出开放目录；请管理员核对。'

/** Gone from the catalogue it was harvested from, whatever it was before. */
export function unlisted(entry: Entry, reason: string): Entry {
  return { ...entry, status: 'withdrawn', remark: reason }
}

/** @throws CATALOG_ENTRY_STATUS_UNFIT */
export function confirmed(entry: Entry, at: Date): Entry {
  requireStatus(entry, ['registered', 'reviewed', 'published'])
  return { ...entry, confirmedAt: at }
}

function checkedRemark(remark: string): string {
  const text = remark.trim()
  if (text === '' || text.length > 1000) throw errors.ENTRY_REMARK_MISSING()
  return text
}
