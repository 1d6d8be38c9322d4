import { makeExecutableSchema } from '@graphql-tools/schema'
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import { once } from '../../core/commands.ts'
import type { Context } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { errors as identity } from '../../core/identity/index.ts'
import type { Module, Resolvers } from '../../core/module.ts'
import { isAnonymous } from '../context.ts'
import type { RateLimiter } from '../limits.ts'
import { scalars } from './scalars.ts'

const base = /* GraphQL */ `
  "The data element whose values a field gives: a change of the element is felt here."
  directive @element(code: String!) on FIELD_DEFINITION

  "36 characters, lower case when answered."
  scalar UUID
  "An instant, ISO 8601."
  scalar DateTime
  "A calendar day, YYYY-MM-DD, in Asia/Shanghai."
  scalar Date
  "Any JSON value."
  scalar JSON

  type LocalText {
    zh: String!
    en: String!
  }

  type PageInfo {
    hasNextPage: Boolean!
    "Where the next page begins; an opaque text."
    endCursor: String
  }

  type Query {
    "Whether the gateway answers."
    ping: Boolean!
  }

  type Mutation {
    "Whether the gateway takes commands."
    ping: Boolean!
  }
`

const own: Resolvers = { Query: { ping: () => true }, Mutation: { ping: () => true } }

type Resolver = GraphQLFieldResolver<unknown, Context>

/**
 * One schema of all manifests. Mutations are wrapped here, so that no module can forget it: each counts
 * against its account's share, and one with a `commandId` runs once for that id.
 */
export function composeSchema(manifests: readonly Module[], mutations?: RateLimiter): GraphQLSchema {
  return makeExecutableSchema<Context>({
    typeDefs: [base, ...manifests.map((module) => module.typeDefs).filter((sdl) => sdl.trim() !== '')],
    resolvers: [
      scalars,
      wrapped({ name: 'gateway', resolvers: own }, mutations),
      ...manifests.map((module) => wrapped(module, mutations)),
    ],
    inheritResolversFromInterfaces: true,
  })
}

function wrapped(
  { name, resolvers, repeatable = [] }: Pick<Module, 'name' | 'resolvers' | 'repeatable'>,
  mutations: RateLimiter | undefined,
): Resolvers {
  const result: Resolvers = { ...resolvers }
  if (resolvers['Query']) result['Query'] = mapped(resolvers['Query'], (_, query) => askingWho(query))
  if (resolvers['Mutation'])
    result['Mutation'] = mapped(resolvers['Mutation'], (field, mutation) =>
      askingWho(
        counted(
          mutations,
          fresh(repeatable.includes(field) ? mutation : onceFor(`${name}.${field}`, mutation)),
        ),
      ),
    )
  return result
}

function mapped(fields: Resolvers[string], wrap: (field: string, resolve: Resolver) => Resolver) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, resolve]) => [
      field,
      typeof resolve === 'function' ? wrap(field, resolve as unknown as Resolver) : resolve,
    ]),
  ) as Resolvers[string]
}

/** To somebody who has not signed in, "you may not" means "sign in first". */
function askingWho(resolve: Resolver): Resolver {
  return async (parent, args, ctx, info) => {
    try {
      return (await resolve(parent, args, ctx, info)) as unknown
    } catch (error) {
      const forbidden = error instanceof DomainError && error.code === 'POLICY_FORBIDDEN'
      throw forbidden && isAnonymous(ctx) ? identity.TOKEN_INVALID() : error
    }
  }
}

function counted(mutations: RateLimiter | undefined, resolve: Resolver): Resolver {
  return (parent, args, ctx, info) => {
    mutations?.take(ctx.actor.id)
    return resolve(parent, args, ctx, info)
  }
}

/** What an earlier field of the same call read may be stale after this one. */
function fresh(resolve: Resolver): Resolver {
  return async (parent, args, ctx, info) => {
    ctx.loaders.clear()
    const result: unknown = await resolve(parent, args, ctx, info)
    ctx.loaders.clear()
    return result
  }
}

function onceFor(name: string, resolve: Resolver): Resolver {
  return async (parent, args: Record<string, unknown>, ctx, info) => {
    const { commandId, ...input } = args
    return typeof commandId === 'string'
      ? once(ctx, { commandId, name, input }, async (ctx) => resolve(parent, args, ctx, info))
      : resolve(parent, args, ctx, info)
  }
}
