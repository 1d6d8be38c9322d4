import type { Module } from '../../core/module.ts'
import * as batches from './batch.graphql.ts'
import { LOAD_JOB } from './batch.service.ts'
import { load } from './load.job.ts'
import { can } from './policy.ts'
import * as pulls from './pull.graphql.ts'
import { pullJob } from './pull.job.ts'
import { PULL_JOB } from './pull.service.ts'

export { automaticMapping, type SuggestedColumn, type Suggestion, suggestMapping } from './mapping.ts'
export {
  type Batch,
  type BatchStatus,
  checkMapping,
  checkPublishable,
  type ColumnMapping,
  errors,
  MAX_FILE_BYTES,
  type Outcome,
  requiredColumns,
} from './batch.ts'
export {
  batch,
  batches,
  cancelBatch,
  confirmMapping,
  quarantine,
  retryBatch,
  suggestedColumns,
} from './batch.service.ts'
export { encodingOf, knownCalendar, knownEncoding } from './encoding.ts'
export { type QuarantinedRow, type Reason, reasonsOf } from './finding.ts'
export { type Layout, layoutOf } from './layout.ts'
export { judge, type LoadSchema, stage } from './load.ts'
export { type Pull, type PullStatus } from './pull.ts'
export { cancelPull, pull, pullSource } from './pull.service.ts'
export { refusalTexts } from './refusal.ts'
export { receive, type Upload } from './upload.service.ts'

export const ingest = {
  name: 'ingest',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: [batches.typeDefs, pulls.typeDefs].join('\n'),
  resolvers: {
    ...batches.resolvers,
    ...pulls.resolvers,
    Query: { ...batches.resolvers['Query'], ...pulls.resolvers['Query'] },
    Mutation: { ...batches.resolvers['Mutation'], ...pulls.resolvers['Mutation'] },
  },
  jobs: { [LOAD_JOB]: load, [PULL_JOB]: pullJob },
} satisfies Module
