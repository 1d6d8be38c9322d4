import { z } from 'zod'
import { isDay } from '../core/day.ts'
import { patternFault } from '../standards/index.ts'

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) })
const length = z.int().min(1).max(20_000)
/** A day, or the day on which the form is answered. */
const day = z.union([z.literal('today'), z.string().refine(isDay, 'a day is YYYY-MM-DD')])

const WIDGETS = [
  ...(['text', 'textarea', 'number', 'money', 'date', 'select', 'multiselect', 'checkbox'] as const),
  ...(['group', 'points'] as const),
] as const

/** A field of a form, as the portal shows it; the same shape as `FormField` of the GraphQL schema. */
const field = z
  .object({
    name: z.string().regex(/^[A-Za-z_]\w{0,62}$/),
    label: text,
    /** `money` is whole fen; `points` the points of a correction notice; `group` one choice shown open. */
    widget: z.enum(WIDGETS),
    required: z.boolean().default(false),
    readOnly: z.boolean().default(false),
    options: z.array(z.object({ value: z.string(), text })).default([]),
    hint: text.nullable().default(null),
    section: text.default({ zh: '办理意见', en: 'Handling' }),
    prefilledFrom: z.string().nullable().default(null),
    /** Smallest and largest number, or amount in fen. */
    min: z.number().optional(),
    max: z.number().optional(),
    /** Most decimal places of a number; any when left out. */
    scale: z.int().min(0).max(6).optional(),
    /** In characters. */
    minLength: length.optional(),
    maxLength: length.optional(),
    /** The whole text; of the subset that matches in bounded time. Say in the hint what it asks for. */
    pattern: z.string().optional(),
    notBefore: day.optional(),
    notAfter: day.optional(),
    /** The data element or the code list (`number@edition`) that its values are of. */
    elementCode: z
      .string()
      .regex(/^DE\d{8}$/)
      .optional(),
    codeListId: z.string().min(1).max(200).optional(),
  })
  .superRefine((field, ctx) => {
    const message = faultOf(field)
    if (message !== undefined) ctx.addIssue({ code: 'custom', message })
  })

interface Limits {
  readonly widget: (typeof WIDGETS)[number]
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly scale?: number | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly pattern?: string | undefined
  readonly notBefore?: string | undefined
  readonly notAfter?: string | undefined
}

/** A limit that would never be asked, or that nothing could keep. */
function faultOf(field: Limits): string | undefined {
  const { widget, min, max, scale, minLength, maxLength, pattern, notBefore, notAfter } = field
  const isNumber = widget === 'number' || widget === 'money'
  const isText = widget === 'text' || widget === 'textarea'
  if (!isNumber && (min !== undefined || max !== undefined)) return `${widget} has no min or max`
  if (widget !== 'number' && scale !== undefined) return `${widget} has no scale`
  if (!isText && (minLength !== undefined || maxLength !== undefined || pattern !== undefined))
    return `${widget} has no length or pattern`
  if (widget !== 'date' && (notBefore !== undefined || notAfter !== undefined)) return `${widget} has no days`
  if (widget === 'money' && [min, max].some((fen) => fen !== undefined && !Number.isSafeInteger(fen)))
    return 'an amount is a whole number of fen'
  if (min !== undefined && max !== undefined && min > max) return 'min is above max'
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    return 'minLength is above maxLength'
  const bothDays = notBefore !== undefined && notAfter !== undefined
  if (bothDays && notBefore !== 'today' && notAfter !== 'today' && notBefore > notAfter)
    return 'notBefore is after notAfter'
  return pattern === undefined ? undefined : patternFault(pattern)
}

export const formSchema = z.object({ fields: z.array(field).max(100) })

export type FormField = z.infer<typeof field>
