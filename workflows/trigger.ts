/** What an event waits for or throws (BPMN 2.0.2, 10.5). */
export interface MessageTrigger {
  readonly kind: 'message'
  readonly message: string
  /** FEEL; absent for the business key. */
  readonly correlationKey?: string
}

/** Heard by everybody who waits for it, in whatever instance. */
export interface SignalTrigger {
  readonly kind: 'signal'
  readonly signal: string
}

export interface TimerTrigger {
  readonly kind: 'timer'
  readonly timer: 'date' | 'duration' | 'cycle'
  /** ISO 8601, or FEEL giving a date, date and time or duration; a cycle is `R<n>/<duration>` or `R/<start>/<duration>`. */
  readonly text: string
}

export interface ErrorTrigger {
  readonly kind: 'error'
  /** A `DomainError.code`; absent to catch every refusal. */
  readonly code?: string
}

export interface EscalationTrigger {
  readonly kind: 'escalation'
  /** Absent to catch every escalation. */
  readonly code?: string
}

/** Looked at again whenever the variables have changed. */
export interface ConditionTrigger {
  readonly kind: 'condition'
  /** FEEL giving a boolean. */
  readonly condition: string
}

export interface CompensationTrigger {
  readonly kind: 'compensation'
  /** The activity to undo; absent for the whole scope, and on a boundary or start event. */
  readonly activity?: string
  /** Set where the thrower does not wait for the handlers. */
  readonly detached?: true
}

/** Ends a transaction, its work undone. */
export interface CancelTrigger {
  readonly kind: 'cancel'
}

/** Goes on at the catching link of the same name and level; `target` is that event, on the throwing side. */
export interface LinkTrigger {
  readonly kind: 'link'
  readonly name: string
  readonly target?: string
}

/** Ends its scope with everything that still runs in it. */
export interface TerminateTrigger {
  readonly kind: 'terminate'
}

/** Arrives from outside an instance, at a token that waits for it. */
export type OutsideTrigger = MessageTrigger | SignalTrigger | TimerTrigger

export type CatchTrigger = OutsideTrigger | ConditionTrigger | LinkTrigger

export type BoundaryTrigger =
  OutsideTrigger | ConditionTrigger | ErrorTrigger | EscalationTrigger | CompensationTrigger | CancelTrigger

export type StartTrigger =
  OutsideTrigger | ConditionTrigger | ErrorTrigger | EscalationTrigger | CompensationTrigger

export type ThrowTrigger =
  MessageTrigger | SignalTrigger | EscalationTrigger | CompensationTrigger | LinkTrigger

export type EndTrigger =
  | MessageTrigger
  | SignalTrigger
  | ErrorTrigger
  | EscalationTrigger
  | CompensationTrigger
  | CancelTrigger
  | TerminateTrigger

export type Trigger = CatchTrigger | BoundaryTrigger | StartTrigger | ThrowTrigger | EndTrigger

export const isOutside = (trigger: Trigger): trigger is OutsideTrigger =>
  trigger.kind === 'message' || trigger.kind === 'signal' || trigger.kind === 'timer'
