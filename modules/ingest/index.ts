import type { Module } from '../../core/module.ts'
import { resolvers, typeDefs } from './batch.graphql.ts'
import { LOAD_JOB } from './batch.service.ts'
import { load } from './load.job.ts'
import { can } from './policy.ts'

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
export { refusalTexts } from './refusal.ts'
export { receive, type Upload } from './upload.service.ts'

export const ingest = {
  name: 'ingest',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs,
  resolvers,
  jobs: { [LOAD_JOB]: load },
} satisfies Module
