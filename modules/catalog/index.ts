import { mergeResolvers, type Module } from '../../core/module.ts'
import * as changeGraphql from './change.graphql.ts'
import * as datasetGraphql from './dataset.graphql.ts'
import * as deliveryGraphql from './delivery.graphql.ts'
import { deliver } from './delivery.job.ts'
import { DELIVERY_JOB, deliverVersion } from './delivery.service.ts'
import * as entryGraphql from './entry.graphql.ts'
import { subscribers } from './entry.subscribers.ts'
import * as harvestGraphql from './harvest.graphql.ts'
import { harvestJob } from './harvest.job.ts'
import { HARVEST_JOB } from './harvest.service.ts'
import * as holdingGraphql from './holding.graphql.ts'
import * as lineageGraphql from './lineage.graphql.ts'
import { can } from './policy.ts'
import * as sourceGraphql from './source.graphql.ts'

export { type Dataset, errors } from './dataset.ts'
export { datasetsByIds } from './dataset.repository.ts'
export {
  asOf,
  currentVersion,
  dataset,
  datasets,
  mayLoad,
  maySee,
  rankDataset,
  registerDataset,
} from './dataset.service.ts'
export { type Entry, errors as entryErrors } from './entry.ts'
export { errors as entryLifeErrors } from './entry.life.ts'
export { errors as entryClassErrors } from './entry.class.ts'
export { entryDraft, legalSourcesElsewhere } from './entry.draft.service.ts'
export { errors as entryImportErrors } from './entry.import.ts'
export { type EntryImport, entryTemplate, importEntries } from './entry.import.service.ts'
export { exportDirectory } from './entry.export.service.ts'
export {
  changeEntry,
  entries,
  entry,
  type EntryInput,
  type NewEntryInput,
  registerEntry,
} from './entry.service.ts'
export {
  confirmEntry,
  entryDesk,
  publishEntry,
  returnEntry,
  reviewEntry,
  withdrawEntry,
} from './entry.review.service.ts'
export { errors as harvestErrors, type Harvest } from './harvest.ts'
export { cancelHarvest, harvest, harvestsOf, startHarvest } from './harvest.service.ts'
export { type Change, type ChangeCounts, errors as changeErrors } from './change.ts'
export { changeCounts, changes } from './change.service.ts'
export {
  errors as lineageErrors,
  type Lineage,
  type LineageEdge,
  type LineageNode,
  type MappedColumn,
  type RowOrigin,
  type RowReference,
  type VersionOrigin,
} from './lineage.ts'
export { edgesAt, rowOrigins } from './lineage.repository.ts'
export { datasetLineage, goldenLineage, keepMerge, type MergedColumn } from './lineage.service.ts'
export { type Assertion, openLineage, type RunEvent } from './openlineage.ts'
export { versionEvents } from './openlineage.service.ts'
export { countsAll, type Holding, holdings } from './holding.service.ts'
export { type Delivery, type DeliveryRun, errors as deliveryErrors } from './delivery.ts'
export {
  cancelDeliveryRun,
  deliveriesOf,
  delivery,
  endDelivery,
  runDelivery,
  runsOf,
  setDelivery,
} from './delivery.service.ts'
export { STAFF } from './policy.ts'
export {
  describedSource,
  errors as sourceErrors,
  readConnection,
  type Reading,
  type Source,
  type Watermark,
} from './source.ts'
export { claimDue, scheduleSource } from './schedule.service.ts'
export { nextDue, readSchedule, type Schedule, type ScheduleInput } from './schedule.ts'
export {
  configureSource,
  discoverCollection,
  moveWatermark,
  openSession,
  permitNetworks,
  recordedUse,
  registerSource,
  replaceSecret,
  source,
  sources,
  tryConnection,
} from './source.service.ts'
export { type DatasetVersion, errors as versionErrors, type NewVersion } from './version.ts'
export { currentVersions, publishVersion, type ReadableVersion, versionsForKey } from './version.service.ts'

const parts = [
  datasetGraphql,
  changeGraphql,
  deliveryGraphql,
  entryGraphql,
  harvestGraphql,
  holdingGraphql,
  lineageGraphql,
  sourceGraphql,
]

export const catalog = {
  name: 'catalog',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: parts.map(({ typeDefs }) => typeDefs).join('\n'),
  resolvers: mergeResolvers(...parts.map(({ resolvers }) => resolvers)),
  subscribers: [...subscribers, deliverVersion],
  jobs: { [DELIVERY_JOB]: deliver, [HARVEST_JOB]: harvestJob },
  appendOnly: ['catalog.dataset_version', 'catalog.version_origin'],
} satisfies Module
