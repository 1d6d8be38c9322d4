import type { Subscriber } from '../../core/events.ts'
import type { Job } from '../../core/jobs.ts'
import { mergeResolvers } from '../../core/module.ts'
import type { Known } from '../compile/gate.ts'
import * as figures from './insight.graphql.ts'
import { countSteps, projectHistory } from './projection.service.ts'
import * as replays from './replay.graphql.ts'
import { replayJob } from './replay.service.ts'

export { can as permissions } from './policy.ts'
export { compare, insight } from './figures.service.ts'
export { exportLog, LOG_FORMATS, type LogFormat } from './log.service.ts'
export { beginReplay, cancelReplay, replay, replayNow, type ReplayReport, replays } from './replay.service.ts'

export const typeDefs = `${figures.typeDefs}${replays.typeDefs}`

export const resolversFor = (known: Known) => mergeResolvers(figures.resolvers, replays.resolversFor(known))

export const subscribers: readonly Subscriber[] = [countSteps]

export const jobs: Record<string, Job> = {
  'workflow.project-history': projectHistory,
  'workflow.replay': replayJob,
}
