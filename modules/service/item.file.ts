import { z } from 'zod'
import { errors, type ItemContent } from './item.ts'

const texts = z.object({ zh: z.string().min(1), en: z.string().min(1) })
const limit = z.object({
  amount: z.number().int().min(0),
  unit: z.enum(['working-day', 'calendar-day', 'month']),
})
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const basis = z.object({
  lawName: z.string().min(1),
  documentNumber: z.string().nullable().default(null),
  clause: z.string().min(1),
  text: z.string().min(1),
  validFrom: day.nullable().default(null),
  validUntil: day.nullable().default(null),
})
const option = z.object({ value: z.string().min(1), text: texts })
const condition = z.record(z.string(), z.array(z.string()))

const question = z.object({
  id: z.string().min(1),
  kind: z.enum(['yes-no', 'choice']),
  text: texts,
  options: z.array(option).default([]),
})

const scenario = z.object({
  id: z.string().min(1),
  name: texts,
  when: condition,
  outcome: z.enum(['apply', 'not-required', 'other-item', 'refuse']),
  explanation: texts,
  materials: z.array(z.string()).default([]),
  branches: z
    .array(
      z.object({
        name: z.string(),
        body: z.union([z.literal('own'), z.number().int().min(0)]),
        when: condition.optional(),
      }),
    )
    .default([]),
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})

const material = z.object({
  code: z.string().regex(/^[A-Za-z0-9-]{1,32}$/),
  name: texts,
  necessity: z.enum(['required', 'optional', 'may-follow']),
  source: z.enum(['applicant', 'government-issued', 'third-party']),
  obtainBy: z.array(z.enum(['e-licence', 'shared-data', 'vault', 'upload', 'counter-scan'])).min(1),
  accepts: z.array(z.enum(['application/pdf', 'image/jpeg', 'image/png'])).min(1),
  maxBytes: z.number().int().positive(),
  maxFiles: z.number().int().positive(),
  instructions: texts.nullable().default(null),
  elements: z.array(z.string().min(1)).max(50).optional(),
})

const field = z.object({
  name: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  label: texts,
  section: texts,
  widget: z.enum(['text', 'number', 'date', 'select', 'multiselect', 'textarea', 'checkbox', 'group']),
  elementCode: z.string().min(1),
  required: z.boolean(),
  hint: texts.nullable().default(null),
  options: z.array(option).default([]),
  prefill: z.string().nullable().default(null),
  minimum: z.number().nullable().default(null),
})

const content = z.object({
  itemCode: z.string().min(1).max(64),
  name: texts,
  entry: z.object({
    entryCode: z.string().min(1).max(64),
    itemType: z.string(),
    levels: z.array(z.string()).min(1),
    legalBases: z.array(basis),
  }),
  organisationId: z.string().min(1),
  regionCode: z.string().min(1),
  audience: z.array(z.enum(['1', '2', '3', '4', '5', '6'])).min(1),
  handlingKind: z.enum(['immediate', 'promised', 'other']),
  legalLimit: limit,
  promisedLimit: limit,
  intakeLimit: limit.default({ amount: 5, unit: 'working-day' }),
  correctionLimit: limit.nullable().default(null),
  terminateOnCorrectionTimeout: z.boolean().default(false),
  deliveryLimit: limit.default({ amount: 10, unit: 'working-day' }),
  visitsMax: z.number().int().min(0),
  channels: z.array(z.string()).min(1),
  address: texts.nullable().default(null),
  openingHours: texts.nullable().default(null),
  phone: z.string().nullable().default(null),
  separationOfDuties: z.boolean(),
  draftDays: z.number().int().positive().default(90),
  quota: z.number().int().positive().nullable().default(null),
  jointBodies: z.array(z.string()).default([]),
  fees: z
    .array(
      z.object({ name: texts, amountFen: z.number().int().min(0), legalBasis: z.number().int().nullable() }),
    )
    .default([]),
  conditions: z.array(texts).min(1),
  allowedSuspensions: z
    .array(
      z.object({ reason: z.string(), maxDays: z.number().int().positive(), legalBasis: z.number().int() }),
    )
    .default([]),
  results: z
    .array(
      z.object({
        name: texts,
        kind: z.enum(['certificate', 'approval-document', 'notice', 'none']),
        certificateType: z.string().nullable().default(null),
        numberPrefix: z
          .string()
          .regex(/^[A-Z]{2}$/)
          .nullable()
          .default(null),
        validMonths: z.number().int().positive().nullable().default(null),
        claims: z.array(z.string()).default([]),
      }),
    )
    .min(1),
  questions: z.array(question),
  scenarios: z.array(scenario).min(1),
  form: z.array(field).min(1),
  materials: z.array(material),
  processPack: z.string().min(1),
})

/** Reads an item as a pack ships it or an administrator sends it. @throws SERVICE_ITEM_CONTENT_INVALID */
export function parseItem(input: unknown): ItemContent {
  const parsed = content.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw errors.ITEM_CONTENT_INVALID({ path: issue?.path.join('.') ?? '' })
}
