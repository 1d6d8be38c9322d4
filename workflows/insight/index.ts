import type { Job } from '../../core/jobs.ts'
import type { Subscriber } from '../../core/events.ts'
import { countSteps, projectHistory } from './projection.service.ts'

export { can as permissions } from './policy.ts'
export { compare, insight } from './figures.service.ts'
export { resolvers, typeDefs } from './insight.graphql.ts'

export const subscribers: readonly Subscriber[] = [countSteps]
export const jobs: Record<string, Job> = { 'workflow.project-history': projectHistory }
