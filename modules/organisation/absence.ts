import { addDays, type Day, isDay } from '../../core/day.ts'
import { defineErrors } from '../../core/errors.ts'

/** Days on which a member of a body is away, and who finishes her work meanwhile. */
export interface Absence {
  readonly id: string
  readonly organisationId: string
  readonly personId: string
  /** Works on what the absent member has taken, by the roles she holds herself: work is handed on, no right is. */
  readonly substituteId: string
  readonly fromOn: Day
  /** The last day. */
  readonly untilOn: Day
  readonly recordedBy: string
  readonly recordedAt: Date
  /** Before the last day was over; null when it was left to run. */
  readonly endedAt: Date | null
}

export const errors = defineErrors('ORGANISATION', {
  ABSENCE_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的离岗登记',
    en: 'There is no absence {id}',
  },
  ABSENCE_DATES_INVALID: {
    kind: 'invalid',
    zh: '离岗日期无效：须从今天或以后开始，不早于开始日结束，且不超过{days}天',
    en: 'The days of the absence are not valid: from today on, the end not before the start, {days} days at most',
  },
  ABSENCE_OVERLAPS: {
    kind: 'conflict',
    zh: '该人员在{from}至{until}已有离岗登记',
    en: 'This person is already recorded as absent from {from} to {until}',
  },
  SUBSTITUTE_UNFIT: {
    kind: 'invalid',
    zh: '代办人须是本单位另一名在职人员，且至少与离岗人员有一个相同角色',
    en: 'A substitute is another serving member of the same body who holds at least one of the same roles',
  },
  SUBSTITUTE_ABSENT: {
    kind: 'conflict',
    zh: '代办人在{from}至{until}也不在岗',
    en: 'The substitute is absent from {from} to {until} as well',
  },
})

/** A year and a day: longer than that a post is filled anew. */
const MAX_DAYS = 366

export interface AbsenceDays {
  readonly fromOn: Day
  readonly untilOn: Day
}

/** An absence is recorded before it is, so that nobody stands in without it having been said. @throws ORGANISATION_ABSENCE_DATES_INVALID */
export function checkDays({ fromOn, untilOn }: AbsenceDays, today: Day): void {
  const valid =
    isDay(fromOn) &&
    isDay(untilOn) &&
    fromOn >= today &&
    untilOn >= fromOn &&
    untilOn < addDays(fromOn, MAX_DAYS)
  if (!valid) throw errors.ABSENCE_DATES_INVALID({ days: MAX_DAYS })
}

/** @throws ORGANISATION_SUBSTITUTE_UNFIT */
export function checkSubstitute(member: Colleague, substitute: Colleague | undefined): void {
  const shares = substitute?.roles.some((role) => member.roles.includes(role)) ?? false
  if (!shares || substitute?.personId === member.personId) throw errors.SUBSTITUTE_UNFIT()
}

/** Somebody who serves in the actor's body now. */
export interface Colleague {
  readonly personId: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly roles: readonly string[]
}
