import { graphql } from '../../generated/gql.ts'
import type { StandardKind, StandardReviewQuery, StandardVersionQuery } from '../../generated/graphql.ts'

/** How an address writes a kind of standard. */
const KINDS: Readonly<Record<string, StandardKind>> = {
  element: 'ELEMENT',
  'code-list': 'CODE_LIST',
  schema: 'SCHEMA',
  crosswalk: 'CROSSWALK',
}

export const kindIn = (address: string): StandardKind => KINDS[address] ?? 'SCHEMA'

/** The page of the life of a standard; its newest version unless one is named. */
export function lifePath(kind: StandardKind, code: string, version?: string): string {
  const [address = ''] = Object.entries(KINDS).find(([, each]) => each === kind) ?? []
  const query = version === undefined ? '' : `?version=${version}`
  return `/standards/life/${address}/${encodeURIComponent(code)}${query}`
}

export const STANDARD = graphql(`
  query StandardVersion($kind: StandardKind!, $code: String!, $version: String) {
    standardVersion(kind: $kind, code: $code, version: $version) {
      kind
      code
      version
      status
      revision
      reviewId
      effectiveFrom
      effectiveTo
      retroactiveBasis
      inForce
      remark
      replacedBy
      endedBecause
      publishedAt
      mayEdit
      maySubmit
      mayPublish
      mayDeprecate
      mayRetire
      mayTry
      name {
        zh
        en
      }
      removedCodes {
        code
        rows
        crosswalk
        migration {
          successor
          waiver
        }
      }
      dryRun {
        status
        askedAt
        revision
        total
        refusal
        datasets {
          datasetId
          datasetVersion
          title
          newlyFailing
          newlyPassing
          unchanged
          failingFile
          failing {
            line
            key
            reasons
          }
        }
      }
    }
  }
`)

export const REVIEW = graphql(`
  query StandardReview($kind: StandardKind!, $code: String!, $version: String!) {
    standardVersion(kind: $kind, code: $code, version: $version) {
      kind
      code
      version
      revision
      reviewId
      remark
      maySubmit
      mayPublish
    }
  }
`)

export const SCHEDULE = graphql(`
  mutation ScheduleStandard($commandId: UUID!, $standard: StandardInput!, $effect: EffectInput!) {
    scheduleStandard(commandId: $commandId, standard: $standard, effect: $effect) {
      revision
    }
  }
`)

export const SUBMIT = graphql(`
  mutation SubmitStandard($commandId: UUID!, $standard: StandardInput!) {
    submitStandard(commandId: $commandId, standard: $standard) {
      status
    }
  }
`)

export const PUBLISH = graphql(`
  mutation PublishStandard($commandId: UUID!, $standard: StandardInput!, $reviewed: ReviewedInput!) {
    publishStandard(commandId: $commandId, standard: $standard, reviewed: $reviewed) {
      status
    }
  }
`)

export const RETURN = graphql(`
  mutation ReturnStandard(
    $commandId: UUID!
    $standard: StandardInput!
    $remark: String!
    $reviewed: ReviewedInput!
  ) {
    returnStandard(commandId: $commandId, standard: $standard, remark: $remark, reviewed: $reviewed) {
      status
    }
  }
`)

export const DEPRECATE = graphql(`
  mutation DeprecateStandard(
    $commandId: UUID!
    $standard: StandardInput!
    $replacedBy: String
    $reason: String
  ) {
    deprecateStandard(commandId: $commandId, standard: $standard, replacedBy: $replacedBy, reason: $reason) {
      status
    }
  }
`)

export const RETIRE = graphql(`
  mutation RetireStandard($commandId: UUID!, $standard: StandardInput!) {
    retireStandard(commandId: $commandId, standard: $standard) {
      status
    }
  }
`)

export const DRY_RUN = graphql(`
  mutation DryRunStandard($commandId: UUID!, $standard: StandardInput!) {
    dryRunStandard(commandId: $commandId, standard: $standard) {
      version
    }
  }
`)

export const MIGRATE = graphql(`
  mutation ProposeRowMigration(
    $commandId: UUID!
    $list: StandardInput!
    $code: String!
    $successor: String
    $waiver: String
  ) {
    proposeRowMigration(
      commandId: $commandId
      list: $list
      code: $code
      successor: $successor
      waiver: $waiver
    ) {
      version
    }
  }
`)

export type StandardVersion = StandardVersionQuery['standardVersion']
export type StandardReview = StandardReviewQuery['standardVersion']

export const chosen = ({ kind, code, version }: Pick<StandardVersion, 'kind' | 'code' | 'version'>) => ({
  kind,
  code,
  version,
})
