import type { Resolvers } from '../../core/module.ts'
import type { Organisation } from './organisation.ts'
import * as organisations from './organisation.service.ts'
import * as persons from './person.service.ts'

export const typeDefs = /* GraphQL */ `
  extend type Query {
    "The signed-in person; null for a visitor who has not signed in."
    me: Viewer
    organisation(id: String!): Organisation!
  }

  "The signed-in person in the organisation she acts for now."
  type Viewer {
    personId: UUID!
    login: String!
    name: LocalText!
    organisation: Organisation!
    "All organisations this person may act for, herself last."
    organisations: [Organisation!]!
    roles: [String!]!
    "Names of permissions this person holds in this organisation, e.g. service.decideCase"
    permissions: [String!]!
  }

  "A government, one of its bodies, or a party that deals with them."
  type Organisation {
    id: String!
    name: LocalText!
    kind: OrganisationKind!
    parent: Organisation
    "Unified social credit code (GB 32100-2015)"
    creditCode: String @element(code: "DE00000002")
    "Administrative division (GB/T 2260)"
    regionCode: String @element(code: "DE00000025")
  }

  enum OrganisationKind {
    GOVERNMENT
    BODY
    ENTERPRISE
    PERSON
  }
`

export const resolvers: Resolvers = {
  Query: {
    me: (_, __, ctx) => persons.viewer(ctx),
    organisation: (_, { id }: { id: string }, ctx) => organisations.read(ctx, id),
  },
  Viewer: {
    organisation: (viewer: persons.Viewer, _, ctx) =>
      organisations.organisationById(ctx, viewer.organisationId),
    organisations: (viewer: persons.Viewer, _, ctx) => persons.organisationsOf(ctx, viewer.personId),
    permissions: (_, __, ctx) => organisations.permissionsOf(ctx),
  },
  Organisation: {
    parent: ({ parentId }: Organisation, _, ctx) =>
      parentId === null ? null : organisations.organisationById(ctx, parentId),
  },
  // Standards lie below organisations and cannot ask for them.
  RecordSchema: {
    organisation: ({ organisationId }: { organisationId: string }, _, ctx) =>
      organisations.organisationOrPlatform(ctx, organisationId),
  },
  OrganisationKind: { GOVERNMENT: 'government', BODY: 'body', ENTERPRISE: 'enterprise', PERSON: 'person' },
}
