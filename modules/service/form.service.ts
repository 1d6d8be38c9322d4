import type { Context } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import { expiredTexts } from '../../core/text/code-validity.ts'
import { validate } from '../../core/text/validate.ts'
import { compiledElements } from '../../standards/index.ts'
import type { ElementCheck } from './form.ts'
import type { FormFieldDefinition } from './item.ts'

/** Reasons that only say the last character of a number is wrong, or that it cannot be a number of its kind. */
const NUMBER_REASONS: readonly string[] = ['shape', 'date', 'check-digit']

/**
 * What the published data elements say of a form's values. The elements are read once; a value is judged by
 * the same rules as a register's cell.
 */
export async function elementChecks(
  ctx: Context,
  form: readonly FormFieldDefinition[],
): Promise<ElementCheck> {
  const columns = await compiledElements(ctx, elementCodes(form))
  const today = dayOf(ctx.now())
  return (elementCode, value) => {
    const column = columns.get(elementCode)
    if (!column) throw new Error(`the form has no field of the element ${elementCode}`)
    const texts = Array.isArray(value) ? value : [String(value)]
    const failures = texts.flatMap((text) => validate(column, String(text), today).failures)
    const failure = failures[0]
    if (!failure) return null
    const isNumber = column.check === 'gb32100' || column.check === 'gb11643'
    const check = isNumber && NUMBER_REASONS.includes(failure.reason) ? column.check : undefined
    return {
      check: check === 'gb32100' || check === 'gb11643' ? check : null,
      ...(failure.reason === 'expired'
        ? expiredTexts(failure.value, failure.lastDay ?? null)
        : { zh: failure.code, en: failure.code }),
    }
  }
}

const elementCodes = (form: readonly FormFieldDefinition[]) => [
  ...new Set(form.map(({ elementCode }) => elementCode)),
]

/** Of these elements, those that no standard has published (M32). */
export async function unknownElements(ctx: Context, codes: readonly string[]): Promise<string[]> {
  const named = [...new Set(codes)]
  const columns = await compiledElements(ctx, named)
  return named.filter((code) => !columns.has(code))
}
