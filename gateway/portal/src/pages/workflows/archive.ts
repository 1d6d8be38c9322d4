import { graphql } from '../../generated/gql.ts'

export const ARCHIVED_INSTANCES = graphql(`
  query ArchivedInstances($key: String!, $businessKey: String, $first: Int!, $after: UUID) {
    archivedInstances(key: $key, businessKey: $businessKey, first: $first, after: $after) {
      id
      businessKey
      version
      status
      startedAt
      endedAt
      archivedAt
    }
  }
`)

export const ARCHIVED_INSTANCE = graphql(`
  query ArchivedInstance($id: UUID!) {
    archivedInstance(id: $id) {
      id
      businessKey
      key
      version
      status
      startedAt
      endedAt
      archivedAt
      path
      definition {
        id
        xml
        name {
          zh
          en
        }
      }
      visits {
        node
        enteredAt
        leftAt
        outcome
      }
      tasks {
        node
        status
        createdAt
        completedAt
        completedBy
        completedByName {
          zh
          en
        }
      }
    }
  }
`)

export const ARCHIVABLE = graphql(`
  query Archivable($key: String!, $endedBefore: Date!) {
    archivable(key: $key, endedBefore: $endedBefore)
  }
`)

export const ARCHIVE_INSTANCES = graphql(`
  mutation ArchiveInstances($commandId: UUID!, $key: String!, $endedBefore: Date!, $reason: String!) {
    archiveInstances(commandId: $commandId, key: $key, endedBefore: $endedBefore, reason: $reason) {
      id
    }
  }
`)

/** Who puts ended instances away. */
export const MAY_ARCHIVE = ['workflow.archiveInstancesOfOwnProcess', 'workflow.archiveOwnInstances']

/** The address of what is archived of a process; without one it is chosen there. */
export const archiveOf = (key: string | null) =>
  key === null ? '/processes/archive' : `/processes/archive?key=${encodeURIComponent(key)}`
