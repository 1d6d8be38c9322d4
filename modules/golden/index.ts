import { defineSubscriber } from '../../core/events.ts'
import { defineJob } from '../../core/jobs.ts'
import { mergeResolvers, type Module } from '../../core/module.ts'
import * as establishmentGraphql from './establishment.graphql.ts'
import * as goldenGraphql from './golden.graphql.ts'
import * as lineageGraphql from './lineage.graphql.ts'
import { giveUpMerge, MERGE_JOB, mergeRegisters, mergeVersion, runMerge } from './merge.service.ts'
import * as overrideGraphql from './override.graphql.ts'
import { EXPIRE_JOB } from './override.service.ts'
import { can } from './policy.ts'
import * as reviewGraphql from './review.graphql.ts'

export type { Establishment } from './establishment.ts'
export { establishments } from './establishment.service.ts'
export { explainRecord } from './explain.service.ts'
export { ENTITY, errors as lineageErrors, type FieldLineage, type LineLineage } from './lineage.ts'
export { fieldLineage, lineLineage } from './lineage.service.ts'
export { lineageEvents } from './openlineage.service.ts'
export type { FormerName } from './former-name.ts'
export type { LegalSource } from './legal-source.repository.ts'
export { legalSources, nameLegalSource } from './legal-source.service.ts'
export {
  type MatchConfig,
  type MatchedPair,
  errors as matchErrors,
  readMatchConfig,
  type RowRef,
} from './match.ts'
export { type MatchResult, matchSources } from './matching.ts'
export { type CorrectionOrder, errors as orderErrors, type OrderAnswer } from './correction-order.ts'
export { answerOrder, correctionOrders } from './correction-order.service.ts'
export { errors as overrideErrors, type Override, type OverrideInput } from './override.ts'
export { confirmOverride, overrides, overrideValue, withdrawOverride } from './override.service.ts'
export { latestMerge, mergeRegisters, recomputedSha256, runMerge } from './merge.service.ts'
export {
  accessSubject,
  errors,
  type FieldDescription,
  type FieldSource,
  type OrganisationRecord,
  type RecordField,
  trust,
} from './record.ts'
export {
  type FoundRecord,
  lookUp,
  organisationRecord,
  organisationRecords,
  type TitledField,
} from './record.service.ts'
export type { Link } from './link.ts'
export { linkReview, linkReviews } from './review.service.ts'
export type { Review } from './review.ts'
export { errors as rulingErrors, type Ruling } from './ruling.ts'
export { confirmRuling, decideLink, linkRulings, type RulingInput, undoRuling } from './ruling.service.ts'
export type { MergeRun } from './run.ts'

const parts = [goldenGraphql, establishmentGraphql, overrideGraphql, reviewGraphql, lineageGraphql]

export const golden = {
  name: 'golden',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: parts.map(({ typeDefs }) => typeDefs).join('\n'),
  resolvers: mergeResolvers(...parts.map(({ resolvers }) => resolvers)),
  subscribers: [
    defineSubscriber({
      name: 'golden.merge-published-version',
      event: 'catalog.version.published',
      run: (ctx, { payload }) => mergeVersion(ctx, payload),
    }),
    defineSubscriber({
      name: 'golden.merge-ranked-dataset',
      event: 'catalog.dataset.ranked',
      async run(ctx) {
        await mergeRegisters(ctx)
      },
    }),
  ],
  jobs: {
    [MERGE_JOB]: defineJob<{ runId: string }>({
      run: (ctx, { runId }, control) => runMerge(ctx, runId, control),
      gaveUp: (ctx, { runId }, refusal) => giveUpMerge(ctx, runId, refusal),
    }),
    /** The day after its last: the records without it. */
    [EXPIRE_JOB]: defineJob<{ overrideId: string }>({
      async run(ctx) {
        await mergeRegisters(ctx)
      },
    }),
  },
} satisfies Module
