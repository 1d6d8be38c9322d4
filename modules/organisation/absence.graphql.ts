import type { Context } from '../../core/context.ts'
import type { Resolvers } from '../../core/module.ts'
import type { Absence } from './absence.ts'
import * as absences from './absence.service.ts'
import { findPerson } from './person.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "Absences of the actor's body that are not over: the head sees all, others those that concern them."
    absences(first: Int = 20, after: String): AbsenceConnection!
    "Who serves in the actor's body, by name; with \`role\` only those who hold it."
    colleagues(first: Int = 100, after: String, role: String): ColleagueConnection!
  }

  extend type Mutation {
    "By the member herself or the head of the body. The substitute finishes what the member has taken."
    recordAbsence(
      commandId: UUID!
      personId: UUID!
      substituteId: UUID!
      fromOn: Date!
      untilOn: Date!
    ): Absence!
    endAbsence(commandId: UUID!, id: UUID!): Absence!
  }

  "Days on which a member of a body is away, and who stands in."
  type Absence {
    id: UUID!
    personId: UUID!
    personName: LocalText!
    substituteId: UUID!
    substituteName: LocalText!
    fromOn: Date!
    "The last day."
    untilOn: Date!
    recordedAt: DateTime!
    endedAt: DateTime
  }

  type AbsenceConnection {
    edges: [AbsenceEdge!]!
    pageInfo: PageInfo!
  }

  type AbsenceEdge {
    node: Absence!
    cursor: String!
  }

  type Colleague {
    personId: UUID!
    name: LocalText!
    roles: [String!]!
  }

  type ColleagueConnection {
    edges: [ColleagueEdge!]!
    pageInfo: PageInfo!
  }

  type ColleagueEdge {
    node: Colleague!
    cursor: String!
  }
`

interface Page {
  readonly first: number
  readonly after?: string
}

const nameOf = async (ctx: Context, personId: string) => (await findPerson(ctx, personId))?.name ?? UNKNOWN

const UNKNOWN = { zh: '未知人员', en: 'unknown person' }

export const resolvers: Resolvers = {
  Query: {
    absences: (_, page: Page, ctx) => absences.absences(ctx, page),
    colleagues: (_, { role, ...page }: Page & { role?: string | null }, ctx) =>
      absences.colleagues(ctx, page, role),
  },
  Mutation: {
    recordAbsence: (_, input: absences.AbsenceInput, ctx) => absences.recordAbsence(ctx, input),
    endAbsence: (_, { id }: { id: string }, ctx) => absences.endAbsence(ctx, id),
  },
  Absence: {
    personName: ({ personId }: Absence, _, ctx) => nameOf(ctx, personId),
    substituteName: ({ substituteId }: Absence, _, ctx) => nameOf(ctx, substituteId),
  },
}
