import { type Context, transaction } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { validate } from '../core/text/validate.ts'
import { compiledElements } from '../standards/index.ts'
import { type AnswerRules, checkAnswerNames } from './answer.ts'
import type { FormField } from './form.ts'
import { errors } from './refusals.ts'
import { deployedOf } from './runtime/definitions.ts'
import * as instances from './runtime/instance.repository.ts'
import type { Variables } from './runtime/step/index.ts'
import { isOpen, isOwn, mayWork } from './task.ts'
import * as repository from './task.repository.ts'

/** The fields of a task's form; undefined for a task without one. */
export async function fieldsOf(
  ctx: Context,
  definitionId: string,
  formKey: string | null,
): Promise<readonly FormField[] | undefined> {
  if (formKey === null) return undefined
  const deployed = await deployedOf(ctx, definitionId)
  return deployed.pack.forms[formKey]?.fields ?? []
}

/** What the answers of a form are judged by, the data elements its fields name read once. */
export async function rulesOf(
  ctx: Context,
  definitionId: string,
  formKey: string | null,
): Promise<AnswerRules> {
  const fields = await fieldsOf(ctx, definitionId, formKey)
  const today = dayOf(ctx.now())
  const codes = [...new Set((fields ?? []).flatMap(({ elementCode }) => elementCode ?? []))]
  const columns = codes.length === 0 ? undefined : await compiledElements(ctx, codes)
  return {
    fields,
    today,
    element(code, value) {
      // An element that no standard has in force any more judges nothing; the form's own limits still do.
      const column = columns?.get(code)
      const failure = column && validate(column, value, today).failures[0]
      return (
        failure && { zh: `不符合数据元${code}（${failure.code}）`, en: `breaks ${code} (${failure.code})` }
      )
    },
  }
}

/**
 * Keeps what the assignee has written of a form, over what was kept before. Nothing is told of it: a draft
 * is no fact about the case.
 *
 * @throws WORKFLOW_TASK_NOT_FOUND, WORKFLOW_STEP_CLOSED, WORKFLOW_TASK_NOT_CLAIMED, WORKFLOW_TASK_TAKEN,
 * WORKFLOW_OUTPUT_INVALID
 */
export async function saveDraft(
  ctx: Context,
  id: string,
  answers: Variables,
): Promise<repository.AnswerDraft> {
  return transaction(ctx, async (ctx) => {
    const [held] = await repository.holdAll(ctx, [id])
    if (!held || !mayWork(ctx.actor, held.task)) throw errors.TASK_NOT_FOUND({ id })
    const { task } = held
    if (!isOpen(task)) throw errors.STEP_CLOSED()
    if (task.status === 'open') throw errors.TASK_NOT_CLAIMED()
    if (!isOwn(ctx.actor, task)) throw errors.TASK_TAKEN()
    const [instance] = await instances.byIds(ctx, [task.instanceId])
    if (!instance) throw errors.TASK_NOT_FOUND({ id })
    checkAnswerNames(answers, await rulesOf(ctx, instance.definitionId, task.formKey))
    await repository.saveDraft(ctx, id, answers)
    return { answers, savedAt: ctx.now() }
  })
}

/** What the actor has written of a task so far; null for anybody but who wrote it. */
export const draft = (ctx: Context, id: string): Promise<repository.AnswerDraft | null> =>
  repository.draftOf(ctx, id)
