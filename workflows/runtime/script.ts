import { z } from 'zod'
import { defineErrors } from '../../core/errors.ts'

export const errors = defineErrors('WORKFLOW', {
  SCRIPT_STEP_INVALID: {
    kind: 'invalid',
    zh: '脚本第{position}步无效：{reason}',
    en: 'Step {position} of the script is not valid: {reason}',
  },
  NODE_NOT_WAITING: {
    kind: 'conflict',
    zh: '流程没有停在“{node}”，现停在：{waiting}',
    en: 'The process does not wait at “{node}”; it waits at: {waiting}',
  },
})

const values = z.record(z.string(), z.unknown())

/** What a script may do to a process in memory, one at a time. */
export const scriptStepSchema = z.union([
  z.strictObject({ complete: z.string(), output: values.nullish() }),
  z.strictObject({ fail: z.string(), code: z.string() }),
  z.strictObject({ advance: z.string() }),
  z.strictObject({
    message: z.string(),
    key: z.union([z.string(), z.number()]).nullish(),
    payload: values.nullish(),
  }),
  z.strictObject({ signal: z.string(), payload: values.nullish() }),
  z.strictObject({ escalate: z.string(), code: z.string(), payload: values.nullish() }),
  z.strictObject({ begin: z.string() }),
  z.strictObject({ set: values }),
])

export type ScriptStep = z.infer<typeof scriptStepSchema>

/** A script from outside. @throws WORKFLOW_SCRIPT_STEP_INVALID */
export function readScript(written: unknown): ScriptStep[] {
  if (!Array.isArray(written))
    throw errors.SCRIPT_STEP_INVALID({ position: 1, reason: 'the script is a list' })
  return written.map((one: unknown, index) => {
    const parsed = scriptStepSchema.safeParse(one)
    if (parsed.success) return parsed.data
    const reason =
      'use {complete, output?}, {fail, code}, {advance}, {message, key?, payload?}, {signal, payload?}, {escalate, code}, {begin} or {set}'
    throw errors.SCRIPT_STEP_INVALID({ position: index + 1, reason })
  })
}
