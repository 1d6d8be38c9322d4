import type { Context } from '../../core/context.ts'
import { DomainError, type Texts } from '../../core/errors.ts'
import { loadThrough } from '../../core/loader.ts'
import { datasetsByIds } from '../catalog/index.ts'
import * as golden from '../golden/index.ts'
import { organisationById } from '../organisation/index.ts'
import type { Answer, Answers } from './form.ts'
import type { Item } from './item.ts'

export interface Prefill {
  readonly answers: Answers
  /** Why nothing was filled in; null when something was. */
  readonly notice: Texts | null
}

const NOTICES = {
  'not-found': {
    zh: '登记信息中没有找到您的资料，请自行填写。',
    en: 'The registers hold nothing about you yet; please fill in the form yourself.',
  },
  unavailable: {
    zh: '登记信息暂时查询不到，您可以自行填写，也可以稍后再试。',
    en: 'The registers cannot be asked at the moment; fill in the form yourself or come back later.',
  },
  refused: {
    zh: '您的身份不能查询登记信息，请自行填写。',
    en: 'You may not have the registers asked for you; please fill in the form yourself.',
  },
} satisfies Record<string, Texts>

/**
 * What the registers know of the applicant, for the fields the form shows and for the purpose of this item
 * alone. Nothing that goes wrong here keeps anybody from typing (7).
 */
export async function prefill(ctx: Context, { itemCode, content }: Item): Promise<Prefill> {
  const wanted = content.form.filter((field) => field.prefill !== null)
  if (wanted.length === 0) return { answers: {}, notice: null }
  try {
    const { creditCode } = await organisationById(ctx, ctx.actor.organisationId)
    const record =
      creditCode === null ? undefined : await golden.lookUp(ctx, { key: creditCode, purpose: itemCode })
    if (!record) return { answers: {}, notice: NOTICES['not-found'] }
    const answers: Record<string, Answer> = {}
    for (const { name, prefill } of wanted) {
      const field = record.fields.find((each) => each.name === prefill)
      if (field?.value && field.overriddenBy)
        answers[name] = corrected(field.value, field.overriddenBy, itemCode)
      else if (field?.value && field.source)
        answers[name] = await answerOf(ctx, field.value, field.source, itemCode)
    }
    return { answers, notice: Object.keys(answers).length === 0 ? NOTICES['not-found'] : null }
  } catch (error) {
    return { answers: {}, notice: noticeOf(error) }
  }
}

async function answerOf(
  ctx: Context,
  value: string,
  source: { readonly datasetId: string; readonly organisationId: string; readonly asOfAt: Date },
  purpose: string,
): Promise<Answer> {
  const dataset = await loadThrough(ctx, datasetsByIds, source.datasetId)
  return {
    value,
    origin: 'register',
    sourceTitle: dataset.title,
    sourceOrganisationId: source.organisationId,
    asOfAt: source.asOfAt.toISOString(),
    purpose,
  }
}

/** What people put above the registers comes from the body that asked for it. */
function corrected(
  value: string,
  { organisationId, decidedAt }: { readonly organisationId: string; readonly decidedAt: string },
  purpose: string,
): Answer {
  return {
    value,
    origin: 'register',
    sourceTitle: '人工修正',
    sourceOrganisationId: organisationId,
    asOfAt: decidedAt,
    purpose,
  }
}

/** Not found, down and refused are three messages; a bug stays a bug. */
function noticeOf(error: unknown): Texts {
  if (!(error instanceof DomainError)) throw error
  switch (error.kind) {
    case 'not-found':
      return NOTICES['not-found']
    case 'unavailable':
      return NOTICES.unavailable
    case 'forbidden':
      return NOTICES.refused
    default:
      return error.messages
  }
}
