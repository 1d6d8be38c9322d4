import type { Context } from '../../core/context.ts'
import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import { organisationOrPlatform } from '../../modules/organisation/index.ts'
import { nameOfActor } from '../actor.ts'
import * as definitions from '../definition.repository.ts'
import type { Deployed } from '../deployed.ts'
import { definitionOf } from '../runtime/definitions.ts'
import { mappedBy, type NodeMapping } from '../runtime/step/migration.ts'
import { ACTS, type Counts, may, type Migration, MIGRATION_STATUSES, OUTCOMES } from './migration.ts'
import * as rows from './migration.repository.ts'
import * as plans from './migration.service.ts'
import { typeDefs } from './migration.sdl.ts'
import * as retirement from './retirement.service.ts'

export { typeDefs }

interface Pair {
  readonly from: string
  readonly to: string
}

const read = (pairs: readonly Pair[]): NodeMapping =>
  Object.fromEntries(pairs.map(({ from, to }) => [from, to]))

/** GraphQL's name of a value, and the value as it is stored. */
const named = (values: readonly string[]) =>
  Object.fromEntries(values.map((value) => [value.toUpperCase().replaceAll('-', '_'), value]))

interface Told {
  readonly id: string
  readonly reason: string
}

export const resolvers: Resolvers = {
  Query: {
    migrationSuggestion: (_, versions: plans.Versions, ctx) => plans.suggestion(ctx, versions),
    processMigration: (_, { id }: Told, ctx) => plans.migration(ctx, id),
    processMigrations: (_, { key, archived }: { key: string; archived?: boolean | null }, ctx) =>
      plans.migrations(ctx, key, archived === true),
  },
  Mutation: {
    proposeMigration: (_, { mapping, ...plan }: Omit<plans.Proposal, 'mapping'> & { mapping: Pair[] }, ctx) =>
      plans.propose(ctx, { ...plan, mapping: read(mapping) }),
    remapMigration: (_, { id, mapping }: { id: string; mapping: Pair[] }, ctx) =>
      plans.remap(ctx, id, read(mapping)),
    rehearseMigration: (_, { id }: Told, ctx) => plans.rehearse(ctx, id),
    executeMigration: (_, { id, reason }: Told, ctx) => plans.execute(ctx, id, reason),
    cancelMigration: (_, { id, reason }: Told, ctx) => plans.cancel(ctx, id, reason),
    undoMigration: (_, { id, reason }: Told, ctx) => plans.undo(ctx, id, reason),
    archiveMigration: (_, { id, reason }: Told, ctx) => plans.archive(ctx, id, reason),
    retireVersion: (_, version: retirement.Version, ctx) => retirement.retire(ctx, version),
    reinstateVersion: (_, version: retirement.Version, ctx) => retirement.reinstate(ctx, version),
  },
  ProcessDefinition: {
    retiredAt: ({ id }: Deployed, _, ctx) => definitions.retiredAt(ctx, id),
    runningInstances: ({ id, key }: Deployed, _, ctx) => plans.running(ctx, key, id),
  },
  SuggestedNode: {
    id: ({ node }: plans.Suggested['nodes'][number]) => node.id,
    name: ({ node }: plans.Suggested['nodes'][number]) => node.name,
    kind: ({ node }: plans.Suggested['nodes'][number]) => node.kind,
  },
  ProcessMigration: {
    key: ({ definitionKey }: Migration) => definitionKey,
    proposedByName: ({ proposedBy }: Migration, _, ctx) => nameOfActor(ctx, proposedBy),
    orderedByName: ({ begunAt, orderedBy }: Migration, _, ctx) => begunAt && nameOfActor(ctx, orderedBy),
    orderReason: ({ begunAt, orderReason }: Migration) => begunAt && orderReason,
    from: ({ fromDefinition }: Migration, _, ctx) => definitions.deployedById(ctx, fromDefinition),
    to: ({ toDefinition }: Migration, _, ctx) => definitions.deployedById(ctx, toDefinition),
    mapping: ({ mapping }: Migration) => Object.entries(mapping).map(([from, to]) => ({ from, to })),
    findings: (plan: Migration, _, ctx) => plans.findings(ctx, plan),
    organisation: ({ organisationId }: Migration, _, ctx) =>
      organisationId === null ? null : organisationOrPlatform(ctx, organisationId),
    counts: ({ id }: Migration, _, ctx): Promise<Counts> => loadThrough(ctx, rows.countsOf, id),
    places: async ({ id, fromDefinition, mapping }: Migration, _, ctx: Context) => {
      const { nodes } = await definitionOf(ctx, fromDefinition)
      const named = ({ node }: rows.PlaceCount) => nodes[node]?.name ?? { zh: node, en: node }
      const to = mappedBy(mapping)
      return (await rows.places(ctx, id)).map((one) => ({ ...one, name: named(one), to: to(one.node) }))
    },
    instances: ({ id }: Migration, page: rows.InstancePage, ctx) => rows.instances(ctx, id, page),
    actions: (plan: Migration) => ACTS.filter((act) => may(act, plan)),
  },
  MigrationStatus: named(MIGRATION_STATUSES),
  MigrationAction: named(ACTS),
  MigrationOutcome: named(OUTCOMES),
  SuggestionBasis: named(['same-id', 'name-alike', 'by-hand']),
}
