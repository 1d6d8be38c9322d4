import { z } from 'zod'

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) })
const key = z.string().regex(/^[a-z][a-z0-9-]{1,62}$/)

/** A field of a form, as the portal shows it; the same shape as `FormField` of the GraphQL schema. */
const field = z.object({
  name: z.string().regex(/^[A-Za-z_]\w{0,62}$/),
  label: text,
  widget: z.enum(['text', 'number', 'date', 'select', 'multiselect', 'textarea', 'checkbox', 'group']),
  required: z.boolean().default(false),
  readOnly: z.boolean().default(false),
  options: z.array(z.object({ value: z.string(), text })).default([]),
  hint: text.nullable().default(null),
  section: text.default({ zh: '办理意见', en: 'Handling' }),
  prefilledFrom: z.string().nullable().default(null),
  /** The data element or the code list (`number@edition`) that its values are of. */
  elementCode: z
    .string()
    .regex(/^DE\d{8}$/)
    .optional(),
  codeListId: z.string().min(1).max(200).optional(),
})

export const formSchema = z.object({ fields: z.array(field).max(100) })

/** Which fact is heard as which message; see workflows/packs/README.md. */
const route = z.object({
  event: z.string().min(1),
  message: z.string().min(1),
  /** The member of the event's payload that is the correlation key. */
  key: z.string().min(1),
  then: z.literal('terminate').optional(),
})

/** Name of a DMN file of the pack. */
const dmnFile = z.string().regex(/^[\w-]{1,80}\.dmn$/)

export const packSchema = z.object({
  key,
  name: text,
  bpmn: z.string().regex(/^[\w-]+\.bpmn$/),
  messages: z.array(route).max(50).default([]),
  forms: z.array(key).max(100).default([]),
  /** DMN files beside it. */
  decisions: z.array(dmnFile).max(20).default([]),
})

export type FormField = z.infer<typeof field>
export type MessageRoute = z.infer<typeof route>
export type PackFile = z.infer<typeof packSchema>

/** What a definition carries of its pack: routes of facts and the forms by key. */
export interface Pack {
  readonly messages: readonly MessageRoute[]
  readonly forms: Readonly<Record<string, { readonly fields: readonly FormField[] }>>
  /** DMN by file name; absent when it has none. */
  readonly decisions?: Readonly<Record<string, string>> | undefined
}

/** What a pack may say that is deployed by a designer, not read from a folder. */
export const deployedPackSchema = z.object({
  messages: z.array(route).max(50).default([]),
  forms: z.record(key, formSchema).default({}),
  decisions: z
    .record(dmnFile, z.string().max(1_048_576))
    .refine((files) => Object.keys(files).length <= 20)
    .optional(),
})
