import type { Job } from '../../core/jobs.ts'
import { EXECUTE, executionJob, REHEARSE, rehearsalJob } from './migration.jobs.ts'

export { can as permissions } from './policy.ts'
export { resolvers, typeDefs } from './migration.graphql.ts'
export * as migrations from './migration.service.ts'
export { counts as migrationCounts, instances as migrationInstances } from './migration.repository.ts'
export { execute as executeNow, rehearse as rehearseNow } from './migration.jobs.ts'
export { suggest } from './mapping.ts'
export { reinstate as reinstateVersion, retire as retireVersion } from './retirement.service.ts'
export type { Migration, MigrationInstance } from './migration.ts'

export const jobs: Record<string, Job> = { [REHEARSE]: rehearsalJob, [EXECUTE]: executionJob }
