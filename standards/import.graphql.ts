import type { Resolvers } from '../core/module.ts'
import type { HeadInput } from './codelist.graphql.ts'
import { errors } from './exports/import.ts'
import { importCodeList, importElements } from './import.service.ts'
import { present } from './present.ts'

export const typeDefs = /* GraphQL */ `
  extend type Mutation {
    """
    Drafts an edition of a code list from a table of its codes, or changes the own draft of it. Nothing is drafted
    where the table has findings, or says what is published. Larger files: POST /api/standards/import.
    """
    importCodeList(commandId: UUID!, input: CodeListImportInput!): StandardImport!
    "Drafts the data elements of a table that differ from what is published, all or none."
    importDataElements(commandId: UUID!, input: StandardImportInput!): StandardImport!
  }

  input StandardImportInput {
    "A CSV or XLSX file in Base64."
    content: String!
    "Only tells what the import would do."
    dryRun: Boolean! = false
  }

  input CodeListImportInput {
    "A CSV or XLSX file in Base64."
    content: String!
    dryRun: Boolean! = false
    "The head of the list; that of its published version unless said."
    list: CodeListHeadInput
  }

  type StandardImport {
    "Values or elements in the file."
    read: Int!
    "Of them those that are published like this already."
    unchanged: Int!
    drafts: [ImportedDraft!]!
    "The first 500."
    findings: [ImportFinding!]!
    findingCount: Int!
  }

  type ImportedDraft {
    "Of an element its code, of a code list number@edition."
    code: String!
    version: String!
  }

  "What is wrong with one cell."
  type ImportFinding {
    "As a spreadsheet counts, the header is 1."
    row: Int!
    column: String!
    value: String!
    "The refusal's code"
    code: String!
    message: LocalText!
  }
`

interface FileInput {
  readonly content: string
  readonly dryRun: boolean
}

/** The read throws STANDARDS_IMPORT_UNREADABLE for what is no Base64. */
function readerOf(content: string): () => Promise<Buffer> {
  return () => {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content)) return Promise.reject(errors.IMPORT_UNREADABLE())
    return Promise.resolve(Buffer.from(content, 'base64'))
  }
}

export const resolvers: Resolvers = {
  Mutation: {
    importCodeList: (_, { input }: { input: FileInput & { readonly list?: HeadInput | null } }, ctx) =>
      importCodeList(ctx, {
        read: readerOf(input.content),
        dryRun: input.dryRun,
        list: input.list ? present(input.list) : undefined,
      }),
    importDataElements: (_, { input }: { input: FileInput }, ctx) =>
      importElements(ctx, { read: readerOf(input.content), dryRun: input.dryRun }),
  },
}
