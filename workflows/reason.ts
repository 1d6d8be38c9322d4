import { errors } from './refusals.ts'

/** What an operator gives as reason, 1 to 1,000 characters, for the record. @throws WORKFLOW_REASON_MISSING */
export function checkReason(reason: string): void {
  if (reason.trim() === '' || reason.length > 1_000) throw errors.REASON_MISSING()
}
