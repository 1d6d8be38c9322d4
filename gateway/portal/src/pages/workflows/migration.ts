import { graphql } from '../../generated/gql.ts'
import type { MigrationSuggestionQuery, ProcessMigrationQuery } from '../../generated/graphql.ts'

export const MIGRATIONS = graphql(`
  query ProcessMigrations($key: String!, $archived: Boolean!) {
    processMigrations(key: $key, archived: $archived) {
      id
      status
      reason
      proposedByName {
        zh
        en
      }
      createdAt
      from {
        id
        version
      }
      to {
        id
        version
      }
      counts {
        total
        moved
        blocked
      }
    }
    processVersions(key: $key) {
      id
      version
      deployedAt
      runningInstances
      name {
        zh
        en
      }
    }
  }
`)

export const SUGGESTION = graphql(`
  query MigrationSuggestion($key: String!, $from: Int!, $to: Int!) {
    migrationSuggestion(key: $key, from: $from, to: $to) {
      running
      from {
        id
        version
        xml
      }
      to {
        id
        version
        xml
      }
      nodes {
        id
        kind
        instances
        to
        basis
        name {
          zh
          en
        }
        explanation {
          zh
          en
        }
        candidates {
          id
          name {
            zh
            en
          }
        }
      }
    }
  }
`)

export const MIGRATION = graphql(`
  query ProcessMigration($id: UUID!, $outcome: MigrationOutcome, $after: UUID) {
    processMigration(id: $id) {
      id
      key
      status
      reason
      createdAt
      rehearsedAt
      begunAt
      endedAt
      failure
      actions
      orderReason
      proposedByName {
        zh
        en
      }
      orderedByName {
        zh
        en
      }
      from {
        id
        version
        xml
        name {
          zh
          en
        }
      }
      to {
        id
        version
        xml
      }
      mapping {
        from
        to
      }
      findings {
        severity
        rule
        element
        zh
        en
      }
      counts {
        total
        done
        movable
        blocked
        gone
        moved
        stale
        failed
        undone
        kept
      }
      places {
        node
        to
        movable
        blocked
        name {
          zh
          en
        }
      }
      organisation {
        id
        name {
          zh
          en
        }
      }
      instances(outcome: $outcome, first: 50, after: $after) {
        instanceId
        businessKey
        outcome
        nodes
        obstacles {
          token
          node
          code
          zh
          en
        }
        waits {
          kept
          renewed
          added
          removed
        }
      }
    }
  }
`)

export const PROPOSE = graphql(`
  mutation ProposeMigration(
    $commandId: UUID!
    $key: String!
    $from: Int!
    $to: Int!
    $mapping: [NodeMappingInput!]!
    $reason: String!
  ) {
    proposeMigration(
      commandId: $commandId
      key: $key
      from: $from
      to: $to
      mapping: $mapping
      reason: $reason
    ) {
      id
    }
  }
`)

export const REMAP = graphql(`
  mutation RemapMigration($commandId: UUID!, $id: UUID!, $mapping: [NodeMappingInput!]!) {
    remapMigration(commandId: $commandId, id: $id, mapping: $mapping) {
      id
    }
  }
`)

export const REHEARSE = graphql(`
  mutation RehearseMigration($commandId: UUID!, $id: UUID!) {
    rehearseMigration(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const EXECUTE = graphql(`
  mutation ExecuteMigration($commandId: UUID!, $id: UUID!, $reason: String!) {
    executeMigration(commandId: $commandId, id: $id, reason: $reason) {
      id
    }
  }
`)

export const CANCEL = graphql(`
  mutation CancelMigration($commandId: UUID!, $id: UUID!, $reason: String!) {
    cancelMigration(commandId: $commandId, id: $id, reason: $reason) {
      id
    }
  }
`)

export const UNDO = graphql(`
  mutation UndoMigration($commandId: UUID!, $id: UUID!, $reason: String!) {
    undoMigration(commandId: $commandId, id: $id, reason: $reason) {
      id
    }
  }
`)

export const ARCHIVE = graphql(`
  mutation ArchiveMigration($commandId: UUID!, $id: UUID!, $reason: String!) {
    archiveMigration(commandId: $commandId, id: $id, reason: $reason) {
      id
    }
  }
`)

export type Plan = ProcessMigrationQuery['processMigration']
export type Suggestion = MigrationSuggestionQuery['migrationSuggestion']

/** Where each node of the old version goes; empty where it is not mapped. */
export type Mapping = Readonly<Record<string, string>>

export const suggested = ({ nodes }: Suggestion): Mapping =>
  Object.fromEntries(nodes.map(({ id, to }) => [id, to ?? '']))

/** What a plan says of each node: one it does not name keeps its id where the new version has such a node. */
export const planned = ({ nodes }: Suggestion, { mapping }: Pick<Plan, 'mapping'>): Mapping => ({
  ...Object.fromEntries(nodes.map(({ id, candidates }) => [id, keepsId({ id, candidates }) ? id : ''])),
  ...Object.fromEntries(mapping.map(({ from, to }) => [from, to])),
})

/** Left unmapped, such a node goes to the one of its id. */
export const keepsId = ({ id, candidates }: Pick<Suggestion['nodes'][number], 'id' | 'candidates'>) =>
  candidates.some((one) => one.id === id)

/** What is sent: a node that keeps its id needs no word. */
export const pairsOf = (mapping: Mapping) =>
  Object.entries(mapping).flatMap(([from, to]) => (to === '' || to === from ? [] : [{ from, to }]))

/** The address of the plans of a process. */
export const plansOf = (key: string) => `/processes/migrations/${encodeURIComponent(key)}`

/** A job works on it. */
export const isWorking = ({ status }: { readonly status: string }) =>
  status === 'REHEARSING' || status === 'EXECUTING' || status === 'UNDOING'

/** Its last job was stopped, or failed, on its way through the instances. */
export const isHalted = ({ status, begunAt }: Pick<Plan, 'status' | 'begunAt'>) =>
  (status === 'CANCELLED' || status === 'FAILED') && begunAt !== null

/** Some were taken back, or would have been but for what they did since: from then on it is only undone further. */
export const isUndone = ({ counts }: Pick<Plan, 'counts'>) => counts.undone + counts.kept > 0

/** How many instances of a plan are shown at once. */
export const INSTANCES_SHOWN = 50
