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

export type MessageRoute = z.infer<typeof route>
export type PackFile = z.infer<typeof packSchema>

/** What a definition carries of its pack: routes of facts and the forms by key. */
export interface Pack {
  readonly messages: readonly MessageRoute[]
  readonly forms: Readonly<Record<string, { readonly fields: readonly FormField[] }>>
  /** DMN by file name; absent when it has none. */
  readonly decisions?: Readonly<Record<string, string>> | undefined
  /** What belongs to the version and does not run, by file name; absent when it has none. */
  readonly papers?: Readonly<Partial<Record<Paper, string>>> | undefined
}

/** Its description and the item of the directory it handles. */
export const PAPERS = ['README.md', 'item.json'] as const
export type Paper = (typeof PAPERS)[number]

/** What a pack may say that is deployed by a designer, not read from a folder. */
export const deployedPackSchema = z.object({
  messages: z.array(route).max(50).default([]),
  forms: z.record(key, formSchema).default({}),
  decisions: z
    .record(dmnFile, z.string().max(1_048_576))
    .refine((files) => Object.keys(files).length <= 20)
    .optional(),
  papers: z.partialRecord(z.enum(PAPERS), z.string().max(1_048_576)).optional(),
})
