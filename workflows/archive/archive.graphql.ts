import type { Resolvers } from '../../core/module.ts'
import { nameOfActor } from '../actor.ts'
import * as batches from '../batch/batch.service.ts'
import * as definitions from '../definition.repository.ts'
import type { ArchivedInstance } from './archive.ts'
import * as rows from './archive.repository.ts'
import { typeDefs } from './archive.sdl.ts'
import * as archive from './archive.service.ts'

export { typeDefs }
export { can as permissions } from './policy.ts'

export const resolvers: Resolvers = {
  Query: {
    archivable: (_, aged: archive.Aged, ctx) => archive.archivable(ctx, aged),
    archivedInstances: (_, page: rows.ArchivePage, ctx) => archive.archive(ctx, page),
    archivedInstance: (_, { id }: { id: string }, ctx) => archive.archived(ctx, id),
  },
  Mutation: {
    archiveInstances: (_, order: batches.ArchiveOrder, ctx) => batches.archiveInstances(ctx, order),
  },
  ArchivedInstance: {
    key: ({ definitionKey }: ArchivedInstance) => definitionKey,
    version: async ({ definitionId }: ArchivedInstance, _, ctx) =>
      (await definitions.deployedById(ctx, definitionId)).version,
    definition: ({ definitionId }: ArchivedInstance, _, ctx) => definitions.deployedById(ctx, definitionId),
    path: ({ id }: ArchivedInstance, _, ctx) => rows.pathOf(ctx, id),
    visits: ({ id }: ArchivedInstance, _, ctx) => rows.visitsOf(ctx, id),
    tasks: async ({ id }: ArchivedInstance, _, ctx) =>
      (await rows.tasksOf(ctx, id)).map(({ node, status, ...task }) => ({
        ...{ node, status, createdAt: new Date(task.created_at), completedBy: task.completed_by },
        completedAt: task.completed_at === null ? null : new Date(task.completed_at),
      })),
  },
  ArchivedTask: {
    completedByName: ({ completedBy }: { completedBy: string | null }, _, ctx) =>
      nameOfActor(ctx, completedBy ?? ''),
  },
}
