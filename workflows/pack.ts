import { z } from 'zod'
import { type FormField, formSchema } from './form.ts'

export { type FormField, formSchema } from './form.ts'

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) })
const key = z.string().regex(/^[a-z][a-z0-9-]{1,62}$/)

/** Which fact is heard as which message; see workflows/packs/README.md. */
const route = z.object({
  event: z.string().min(1),
  message: z.string().min(1),
  /** The member of the event's payload that is the correlation key. */
  key: z.string().min(1),
  then: z.literal('terminate').optional(),
})

export const packSchema = z.object({
  key,
  name: text,
  bpmn: z.string().regex(/^[\w-]+\.bpmn$/),
  messages: z.array(route).max(50).default([]),
  forms: z.array(key).max(100).default([]),
})

export type MessageRoute = z.infer<typeof route>
export type PackFile = z.infer<typeof packSchema>

/** What a definition carries of its pack: routes of facts and the forms by key. */
export interface Pack {
  readonly messages: readonly MessageRoute[]
  readonly forms: Readonly<Record<string, { readonly fields: readonly FormField[] }>>
}

/** What a pack may say that is deployed by a designer, not read from a folder. */
export const deployedPackSchema = z.object({
  messages: z.array(route).max(50).default([]),
  forms: z.record(key, formSchema).default({}),
})
