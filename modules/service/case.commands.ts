import { z } from 'zod'
import { defineCommand } from '../../core/module.ts'
import type { CorrectionTarget } from './case.ts'
import * as decisions from './decision.service.ts'
import * as intake from './intake.service.ts'
import { type MaterialVerdict, VERDICTS } from './material.ts'
import * as review from './review.service.ts'

const ofCase = z.object({ caseId: z.uuid() })
const text = z
  .string()
  .max(2_000)
  .nullish()
  .transform((given) => (given?.trim() ? given.trim() : null))
const point = z.object({
  kind: z.enum(['field', 'material']).optional(),
  target: z.string().max(100),
  remark: z.string().max(500),
})

/**
 * A form holds one verdict and one remark for each material (`verdictM1`, `remarkM1`); whatever is not right
 * and has a remark becomes a point of the correction. Points on fields are lines `field: what is asked`.
 */
const checkInput = ofCase
  .extend({
    outcome: z.enum(['complete', 'incomplete', 'not-required', 'not-competent']),
    reason: text,
    clause: text,
    competentBody: text,
    correctionPoints: z.union([z.array(point).max(100), z.string().max(20_000)]).nullish(),
  })
  .loose()

const opinion = ofCase.extend({ agrees: z.enum(['yes', 'no']), note: text })

const visit = ofCase.extend({
  passed: z.enum(['yes', 'no']),
  score: z.coerce.number().int().min(0).max(100).nullish(),
  note: text,
})

const decision = ofCase.extend({ outcome: z.enum(['granted', 'refused']), reason: text, clause: text })

/**
 * The members of a form, emptied: what a person wrote belongs to the case and is no variable of the process,
 * where the next form that leaves a member out would find it again.
 */
const emptied = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, null]))

/** What completing a user task does to its case, in the transaction of the step. */
export const commands = {
  'service.check-intake': defineCommand({
    input: checkInput,
    async run(ctx, { caseId, outcome, reason, clause, competentBody, ...rest }) {
      const { verdicts, points } = judgements(rest)
      await intake.checkIntake(ctx, caseId, { outcome, reason, clause, competentBody, verdicts, points })
      const judged = Object.keys(rest).filter((name) => /^(?:verdict|remark)[A-Z]/.test(name))
      return {
        ...emptied('outcome', 'reason', 'clause', 'competentBody', 'correctionPoints', ...judged),
        intakeOutcome: outcome,
      }
    },
  }),
  'service.review-documents': defineCommand({
    input: opinion,
    async run(ctx, { caseId, agrees, note }) {
      await review.reviewDocuments(ctx, caseId, { agrees: agrees === 'yes', note })
      return emptied('agrees', 'note')
    },
  }),
  'service.record-site-visit': defineCommand({
    input: visit,
    async run(ctx, { caseId, passed, score, note }) {
      await review.recordVisit(ctx, caseId, { passed: passed === 'yes', score: score ?? null, note })
      return emptied('passed', 'score', 'note')
    },
  }),
  'service.give-opinion': defineCommand({
    input: opinion,
    async run(ctx, { caseId, agrees, note }) {
      await review.giveOpinion(ctx, caseId, { agrees: agrees === 'yes', note })
      return emptied('agrees', 'note')
    },
  }),
  'service.decide': defineCommand({
    input: decision,
    async run(ctx, { caseId, ...input }) {
      await decisions.decide(ctx, caseId, input)
      return { ...emptied('outcome', 'reason', 'clause'), decisionOutcome: input.outcome }
    },
  }),
}

/** Verdicts and points as a form gives them; pure. */
export function judgements(form: Readonly<Record<string, unknown>>) {
  const verdicts = Object.entries(form).flatMap(([name, value]) => {
    const code = /^verdict([A-Z]\w*)$/.exec(name)?.[1]
    const verdict = VERDICTS.find((each) => each === value)
    if (code === undefined || verdict === undefined) return []
    return [{ code, verdict, note: remarkOf(form[`remark${code}`]) } satisfies Judged]
  })
  const bad: CorrectionTarget[] = verdicts
    .filter(({ verdict, note }) => verdict !== 'ok' && note !== null)
    .map(({ code, note }) => ({ kind: 'material', target: code, remark: note ?? '' }))
  const named = pointsIn(form['correctionPoints']).filter(
    ({ target }) => !bad.some((each) => each.target === target),
  )
  return { verdicts, points: [...bad, ...named] }
}

interface Judged {
  readonly code: string
  readonly verdict: MaterialVerdict
  readonly note: string | null
}

const remarkOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null)

function pointsIn(given: unknown): CorrectionTarget[] {
  if (typeof given === 'string')
    return given
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map(lineOf)
  if (!Array.isArray(given)) return []
  return given.flatMap((each) => {
    const parsed = point.safeParse(each)
    if (!parsed.success) return []
    const { kind, target, remark } = parsed.data
    return [{ kind: kind ?? kindOf(target), target, remark }]
  })
}

/** `premisesAddress: name the house number`; a line without a colon names nothing and is refused later. */
function lineOf(line: string): CorrectionTarget {
  const [, target = line.trim(), remark = ''] = /^\s*([\w-]+)\s*[:：]\s*(.*)$/.exec(line) ?? []
  return { kind: kindOf(target), target, remark: remark.trim() }
}

/** Materials are coded in capitals and digits, fields begin with a small letter. */
const kindOf = (target: string) => (/^[A-Z]/.test(target) ? 'material' : 'field')
