import { mergeResolvers, type Module } from '../../core/module.ts'
import * as changeGraphql from './change.graphql.ts'
import * as datasetGraphql from './dataset.graphql.ts'
import * as deliveryGraphql from './delivery.graphql.ts'
import { deliver } from './delivery.job.ts'
import { DELIVERY_JOB, deliverVersion } from './delivery.service.ts'
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
  rankDataset,
  registerDataset,
} from './dataset.service.ts'
export { type Change, type ChangeCounts, errors as changeErrors } from './change.ts'
export { changeCounts, changes } from './change.service.ts'
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
  discoverSource,
  moveWatermark,
  openSession,
  permitNetworks,
  registerSource,
  replaceSecret,
  source,
  sources,
  tryConnection,
} from './source.service.ts'
export { type DatasetVersion, errors as versionErrors, type NewVersion } from './version.ts'
export { currentVersions, publishVersion, type ReadableVersion, versionsForKey } from './version.service.ts'

export const catalog = {
  name: 'catalog',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: [datasetGraphql, changeGraphql, sourceGraphql, deliveryGraphql]
    .map(({ typeDefs }) => typeDefs)
    .join('\n'),
  resolvers: mergeResolvers(
    datasetGraphql.resolvers,
    changeGraphql.resolvers,
    sourceGraphql.resolvers,
    deliveryGraphql.resolvers,
  ),
  subscribers: [deliverVersion],
  jobs: { [DELIVERY_JOB]: deliver },
  appendOnly: ['catalog.dataset_version'],
} satisfies Module
