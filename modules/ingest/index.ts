import { mergeResolvers, type Module } from '../../core/module.ts'
import * as batchGraphql from './batch.graphql.ts'
import { LOAD_JOB } from './batch.service.ts'
import { DRY_RUN_JOB, dryRunJob, queueDryRun } from './dry-run.job.ts'
import * as fileGraphql from './file.graphql.ts'
import { discoverSource, filesOf, subscribers } from './inbox.service.ts'
import { load } from './load.job.ts'
import { can } from './policy.ts'
import * as pullGraphql from './pull.graphql.ts'
import { pullJob } from './pull.job.ts'
import { pullDue } from './pull.poller.ts'
import { PULL_JOB } from './pull.service.ts'
import * as quarantineGraphql from './quarantine.graphql.ts'

export {
  automaticMapping,
  historyOf,
  type SuggestedColumn,
  type Suggestion,
  suggestMapping,
} from './mapping.ts'
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
  driftOrders,
  overrideBatch,
  retryBatch,
  suggestedColumns,
} from './batch.service.ts'
export { knownCalendar, knownEncoding } from './encoding.ts'
export { type Reason, reasonsOf } from './finding.ts'
export { type Layout, layoutOf, tablesOf } from './layout.ts'
export { type Look, lookAt, wordsOf } from './look.ts'
export type { FileCounts, KnownFile } from './inbox.ts'
export { discoverSource, filesOf }
export { judge, type LoadSchema, readingOf, stage } from './load.ts'
export { errors as rowErrors } from './quarantine.ts'
export {
  correctRow,
  quarantine,
  quarantinedBatches,
  type QuarantinedRow,
  type ReasonFilter,
  replayBatch,
  rowStates,
  waiveRow,
} from './quarantine.service.ts'
export { chooseTable } from './table.service.ts'
export { type Pull, type PullStatus } from './pull.ts'
export { cancelPull, pull, pullSource } from './pull.service.ts'
export { refusalTexts } from './refusal.ts'
export { receive, type Upload } from './upload.service.ts'

export const ingest = {
  name: 'ingest',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: [batchGraphql, fileGraphql, quarantineGraphql, pullGraphql]
    .map(({ typeDefs }) => typeDefs)
    .join('\n'),
  resolvers: mergeResolvers(
    batchGraphql.resolvers,
    fileGraphql.resolvers,
    quarantineGraphql.resolvers,
    pullGraphql.resolvers,
  ),
  subscribers: [queueDryRun, ...subscribers],
  pollers: [pullDue],
  jobs: { [LOAD_JOB]: load, [PULL_JOB]: pullJob, [DRY_RUN_JOB]: dryRunJob },
} satisfies Module
