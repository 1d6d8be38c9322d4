import type { Resolvers } from '../../core/module.ts'
import { organisationById } from '../organisation/index.ts'
import { type Application, statusOf } from './application.ts'
import * as applications from './application.service.ts'
import * as cases from './case.service.ts'
import type { Answer, Answers } from './form.ts'
import type { FormFieldDefinition } from './item.ts'
import { itemOfVersion } from './item.service.ts'
import * as materials from './material.service.ts'
import { missingMaterials, submit } from './submission.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Of the party the viewer acts for, the latest first."
    myApplications(first: Int = 20, after: String): ApplicationConnection!
    application(id: UUID!): Application!
  }

  extend type Mutation {
    "\`answers\` are those of the scenario questions."
    startDraft(commandId: UUID!, itemId: UUID!, answers: JSON!): Application!
    "\`answers\` holds the fields that changed, by name."
    saveDraft(commandId: UUID!, id: UUID!, expectedVersion: Int!, answers: JSON!): Application!
    removeMaterial(commandId: UUID!, id: UUID!, expectedVersion: Int!, materialId: UUID!): Application!
    submitApplication(commandId: UUID!, id: UUID!, expectedVersion: Int!): Application!
  }

  enum ApplicationStatus {
    DRAFT
    SUBMITTED
    IN_PROGRESS
    COMPLETED
    WITHDRAWN
    EXPIRED
  }

  "What one person signs once."
  type Application {
    id: UUID!
    "Null before it is sent."
    number: String
    status: ApplicationStatus!
    version: Int!
    item: ServiceItem!
    scenario: Scenario!
    form: [FormField!]!
    answers: [Answer!]!
    materials: [MaterialInstance!]!
    "Codes of required materials still missing."
    missing: [String!]!
    cases: [Case!]!
    receipt: Receipt
    createdAt: DateTime!
    submittedAt: DateTime
    "Why the registers filled in nothing; null when they did."
    prefillNotice: LocalText
  }

  type ApplicationConnection {
    edges: [ApplicationEdge!]!
    pageInfo: PageInfo!
  }

  type ApplicationEdge {
    node: Application!
    cursor: String!
  }

  type FormField {
    name: String!
    label: LocalText!
    "text, number, money (whole fen), date, select, multiselect, textarea, checkbox, group or points"
    widget: String!
    required: Boolean!
    readOnly: Boolean!
    options: [QuestionOption!]!
    hint: LocalText
    section: LocalText
    "Field of the golden record that fills it in."
    prefilledFrom: String
  }

  "A value with where it came from."
  type Answer {
    field: String!
    value: JSON
    "person, register, e-licence, earlier-application or clerk"
    origin: String!
    sourceTitle: String
    sourceOrganisation: Organisation
    asOfAt: DateTime
    "Code of the item it was looked up for."
    purpose: String
  }

  "Its content is at /api/materials/{id}."
  type MaterialInstance {
    id: UUID!
    code: String!
    fileName: String!
    mediaType: String!
    sizeBytes: Float!
    sha256: String!
    obtainedBy: String!
    "ok, incorrect, incomplete, outdated or unreadable; null while nobody has looked"
    verdict: String
    verdictNote: String
    createdAt: DateTime!
  }

  "Proof of what was received, signed with the platform's key."
  type Receipt {
    number: String!
    issuedAt: DateTime!
    answersSha256: String!
    files: [ReceiptFile!]!
    signature: String!
    keyId: String!
  }

  type ReceiptFile {
    name: String!
    sha256: String!
  }
`

/** A value under the name of its field. */
export interface NamedAnswer extends Answer {
  readonly field: string
}

/** The answers in the order of the form. */
export function namedAnswers(form: readonly FormFieldDefinition[], answers: Answers): NamedAnswer[] {
  return form.flatMap(({ name }) => {
    const answer = answers[name]
    return answer ? [{ field: name, ...answer }] : []
  })
}

interface Saving {
  readonly id: string
  readonly expectedVersion: number
  readonly answers: unknown
}

export const resolvers: Resolvers = {
  Query: {
    myApplications: (_, page: { first: number; after?: string }, ctx) => applications.listMine(ctx, page),
    application: (_, { id }: { id: string }, ctx) => applications.read(ctx, id),
  },
  Mutation: {
    startDraft: (_, { itemId, answers }: { itemId: string; answers: unknown }, ctx) =>
      applications.startDraft(ctx, itemId, answers),
    saveDraft: (_, { id, expectedVersion, answers }: Saving, ctx) =>
      applications.saveDraft(ctx, id, expectedVersion, answers),
    removeMaterial: (_, args: { id: string; expectedVersion: number; materialId: string }, ctx) =>
      materials.remove(ctx, args.id, args.expectedVersion, args.materialId),
    submitApplication: (_, { id, expectedVersion }: { id: string; expectedVersion: number }, ctx) =>
      submit(ctx, id, expectedVersion),
  },
  Application: {
    status: async (application: Application, _, ctx) =>
      statusOf(application, await cases.casesOf(ctx, application)),
    item: ({ itemVersionId }: Application, _, ctx) => itemOfVersion(ctx, itemVersionId),
    scenario: async ({ itemVersionId, scenarioId }: Application, _, ctx) =>
      (await itemOfVersion(ctx, itemVersionId)).content.scenarios.find(({ id }) => id === scenarioId),
    form: async ({ itemVersionId }: Application, _, ctx) =>
      (await itemOfVersion(ctx, itemVersionId)).content.form,
    answers: async (application: Application, _, ctx) => {
      const { content } = await itemOfVersion(ctx, application.itemVersionId)
      return namedAnswers(content.form, await applications.answersOf(ctx, application))
    },
    materials: (application: Application, _, ctx) => cases.materialsOf(ctx, application),
    missing: (application: Application, _, ctx) => missingMaterials(ctx, application),
    cases: (application: Application, _, ctx) => cases.casesOf(ctx, application),
  },
  ApplicationStatus: {
    DRAFT: 'draft',
    SUBMITTED: 'submitted',
    IN_PROGRESS: 'in-progress',
    COMPLETED: 'completed',
    WITHDRAWN: 'withdrawn',
    EXPIRED: 'expired',
  },
  // Fields of forms come from items, which know no `readOnly`, and from process packs, which do.
  FormField: {
    readOnly: ({ readOnly }: { readOnly?: boolean }) => readOnly ?? false,
    prefilledFrom: (field: { prefill?: string | null; prefilledFrom?: string | null }) =>
      field.prefill ?? field.prefilledFrom ?? null,
  },
  Answer: {
    sourceOrganisation: ({ sourceOrganisationId }: Answer, _, ctx) =>
      sourceOrganisationId === null ? null : organisationById(ctx, sourceOrganisationId),
  },
}
