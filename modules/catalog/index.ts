import type { Module } from '../../core/module.ts'
import * as dataset from './dataset.graphql.ts'
import { can } from './policy.ts'
import * as source from './source.graphql.ts'

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
export { STAFF } from './policy.ts'
export {
  describedSource,
  errors as sourceErrors,
  readConnection,
  type Reading,
  type Source,
  type Watermark,
} from './source.ts'
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
  typeDefs: [dataset.typeDefs, source.typeDefs].join('\n'),
  resolvers: {
    ...dataset.resolvers,
    ...source.resolvers,
    Query: { ...dataset.resolvers['Query'], ...source.resolvers['Query'] },
    Mutation: { ...dataset.resolvers['Mutation'], ...source.resolvers['Mutation'] },
  },
  appendOnly: ['catalog.dataset_version'],
} satisfies Module
