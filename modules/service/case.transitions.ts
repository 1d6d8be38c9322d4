import { type CaseStatus, errors, isDeemed, isSuspended, type ItemCase, type Outcome } from './case.ts'

/** The commands of a case's life (specification, table of section 4). */
export type CaseCommand =
  | 'request-correction'
  | 'resubmit'
  | 'terminate'
  | 'refuse-intake'
  | 'accept'
  | 'accept-deemed'
  | 'start-review'
  | 'suspend'
  | 'resume'
  | 'end-branch'
  | 'withdraw'
  | 'decide'
  | 'hand-over'

interface Transition {
  readonly rule: string
  readonly from: readonly CaseStatus[]
  readonly to: readonly CaseStatus[]
}

const AT_INTAKE: readonly CaseStatus[] = ['submitted', 'correction-submitted']

/** The whole life of a case. A transition that is not here does not exist. */
export const TRANSITIONS: Readonly<Record<CaseCommand, Transition>> = {
  'request-correction': { rule: 'T05', from: AT_INTAKE, to: ['correction-requested'] },
  resubmit: { rule: 'T06', from: ['correction-requested'], to: ['correction-submitted'] },
  terminate: { rule: 'T07', from: ['correction-requested'], to: ['terminated'] },
  'refuse-intake': { rule: 'T08', from: AT_INTAKE, to: ['not-required', 'not-accepted'] },
  accept: { rule: 'T10', from: AT_INTAKE, to: ['accepted'] },
  'accept-deemed': { rule: 'T11', from: AT_INTAKE, to: ['accepted'] },
  'start-review': { rule: 'T13', from: ['accepted'], to: ['in-review'] },
  suspend: { rule: 'T14', from: ['in-review'], to: ['in-review'] },
  resume: { rule: 'T15', from: ['in-review'], to: ['in-review'] },
  'end-branch': { rule: '8.2', from: ['in-review'], to: ['in-review'] },
  withdraw: { rule: 'T19', from: [...AT_INTAKE, 'correction-requested'], to: ['withdrawn'] },
  decide: { rule: 'T22', from: ['in-review'], to: ['decided'] },
  'hand-over': { rule: 'T23', from: ['decided'], to: ['delivered'] },
}

/** The commands that the status allows, in the order of the table. */
export function allowedFrom(status: CaseStatus): CaseCommand[] {
  return (Object.keys(TRANSITIONS) as CaseCommand[]).filter((command) =>
    TRANSITIONS[command].from.includes(status),
  )
}

/** @throws SERVICE_CASE_TRANSITION_INVALID */
export function requireAllowed({ status }: ItemCase, command: CaseCommand): void {
  if (TRANSITIONS[command].from.includes(status)) return
  throw errors.CASE_TRANSITION_INVALID({ status, allowed: allowedFrom(status).join(', ') || '-' })
}

/**
 * The case after `command`; every change of status goes through here.
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID
 */
export function moved(
  file: ItemCase,
  command: CaseCommand,
  to: CaseStatus,
  change: Partial<Omit<ItemCase, 'id' | 'status' | 'version'>> = {},
): ItemCase {
  requireAllowed(file, command)
  if (!TRANSITIONS[command].to.includes(to)) throw new Error(`${command} does not lead to ${to}`)
  return { ...file, ...change, status: to }
}

/**
 * A correction is asked once, and only while intake may still answer (T05). A case that silence accepted is
 * told so.
 *
 * @throws SERVICE_CASE_CORRECTION_LATE, SERVICE_CASE_CORRECTION_REPEATED, SERVICE_CASE_TRANSITION_INVALID
 */
export function requireFirstCorrection(file: ItemCase, notices: number): void {
  if (isDeemed(file)) throw errors.CASE_CORRECTION_LATE()
  requireAllowed(file, 'request-correction')
  if (notices > 0) throw errors.CASE_CORRECTION_REPEATED()
}

export interface Decision {
  readonly outcome: Outcome
  readonly reason: string | null
  readonly clause: string | null
  readonly by: string
}

/**
 * T22: a grant waits for every branch, a refusal closes them; nobody signs what she accepted where the item
 * parts the duties.
 *
 * @throws SERVICE_CASE_TRANSITION_INVALID, SERVICE_CASE_DUTIES_NOT_SEPARATED, SERVICE_CASE_DECISION_BLOCKED,
 * SERVICE_CASE_BRANCH_OPEN, SERVICE_CASE_REASON_MISSING
 */
export function requireDecidable(file: ItemCase, decision: Decision, separationOfDuties: boolean): void {
  requireAllowed(file, 'decide')
  if (separationOfDuties && file.acceptedBy === decision.by) throw errors.CASE_DUTIES_NOT_SEPARATED()
  if (isSuspended(file)) throw errors.CASE_DECISION_BLOCKED()
  if (decision.outcome === 'refused') return requireReasons(decision)
  const open = file.branches.filter(({ endedAt }) => endedAt === null).map(({ name }) => name)
  if (open.length > 0) throw errors.CASE_BRANCH_OPEN({ branches: open.join(', ') })
}

/** @throws SERVICE_CASE_REASON_MISSING */
export function requireReasons(given: {
  readonly reason: string | null
  readonly clause: string | null
}): void {
  if (isBlank(given.reason) || isBlank(given.clause)) throw errors.CASE_REASON_MISSING()
}

export const isBlank = (text: string | null) => text === null || text.trim() === ''

/** T19: before acceptance only. @throws SERVICE_CASE_WITHDRAWAL_LATE, SERVICE_CASE_TRANSITION_INVALID */
export function requireWithdrawable(file: ItemCase): void {
  const late: readonly CaseStatus[] = ['accepted', 'in-review', 'decided', 'delivered', 'closed']
  if (late.includes(file.status)) throw errors.CASE_WITHDRAWAL_LATE()
  requireAllowed(file, 'withdraw')
}
