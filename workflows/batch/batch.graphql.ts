import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import { nameOfActor } from '../actor.ts'
import {
  type Batch,
  type BatchItem,
  BATCH_STATUSES,
  INCIDENT_OPERATIONS,
  INSTANCE_OPERATIONS,
  ITEM_OUTCOMES,
} from './batch.ts'
import * as rows from './batch.repository.ts'
import { typeDefs } from './batch.sdl.ts'
import * as batches from './batch.service.ts'

export { typeDefs }
export { jobs } from './batch.service.ts'

const named = (values: readonly string[]) =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]))

interface Told {
  readonly id: string
  readonly reason: string
}

export const resolvers: Resolvers = {
  Query: {
    incidentSelection: (_, { choice }: batches.IncidentOrder, ctx) => batches.incidentSelection(ctx, choice),
    instanceSelection: (
      _,
      { choice, operation }: Pick<batches.InstanceOrder, 'choice'> & Partial<batches.InstanceOrder>,
      ctx,
    ) => batches.instanceSelection(ctx, choice, operation),
    batchOperation: (_, { id }: Told, ctx) => batches.batch(ctx, id),
    batchOperations: (_, __, ctx) => batches.batches(ctx),
  },
  Mutation: {
    operateIncidents: (_, order: batches.IncidentOrder, ctx) => batches.operateIncidents(ctx, order),
    operateInstances: (_, order: batches.InstanceOrder, ctx) => batches.operateInstances(ctx, order),
    cancelBatchOperation: (_, { id, reason }: Told, ctx) => batches.cancel(ctx, id, reason),
  },
  BatchOperation: {
    requestedByName: ({ requestedBy }: Batch, _, ctx) => nameOfActor(ctx, requestedBy),
    total: async ({ id }: Batch, _, ctx) => {
      const { waiting, done, refused } = await loadThrough(ctx, rows.counts, id)
      return waiting + done + refused
    },
    done: async ({ id }: Batch, _, ctx) => (await loadThrough(ctx, rows.counts, id)).done,
    refused: async ({ id }: Batch, _, ctx) => (await loadThrough(ctx, rows.counts, id)).refused,
    items: ({ id }: Batch, page: rows.ItemPage, ctx): Promise<BatchItem[]> => rows.items(ctx, id, page),
  },
  IncidentOperation: named(INCIDENT_OPERATIONS),
  InstanceOperation: named(INSTANCE_OPERATIONS),
  BatchStatus: named(BATCH_STATUSES),
  BatchOutcome: named(ITEM_OUTCOMES),
}
