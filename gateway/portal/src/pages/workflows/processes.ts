import { graphql } from '../../generated/gql.ts'

export const DEFINITIONS = graphql(`
  query ProcessDefinitions {
    processDefinitions {
      id
      key
      version
      deployedAt
      name {
        zh
        en
      }
      organisation {
        id
        name {
          zh
          en
        }
      }
      findings {
        rule
        element
      }
    }
  }
`)

export const DEFINITION = graphql(`
  query ProcessDefinition($id: UUID!) {
    processDefinition(id: $id) {
      id
      key
      version
      deployedAt
      suspendedAt
      maySuspend
      xml
      rehearsal
      name {
        zh
        en
      }
      organisation {
        id
        name {
          zh
          en
        }
      }
      findings {
        rule
        element
        zh
        en
      }
    }
  }
`)

export const VERSIONS = graphql(`
  query ProcessVersions($key: String!) {
    processVersions(key: $key) {
      id
      version
      deployedAt
      retiredAt
      runningInstances
      findings {
        rule
      }
    }
  }
`)

export const INSTANCES = graphql(`
  query ProcessInstances(
    $first: Int
    $after: String
    $key: String
    $status: InstanceStatus
    $businessKey: String
  ) {
    processInstances(first: $first, after: $after, key: $key, status: $status, businessKey: $businessKey) {
      edges {
        node {
          id
          businessKey
          status
          mayOperate
          suspendedAt
          startedAt
          endedAt
          definition {
            id
            version
            name {
              zh
              en
            }
          }
          standing {
            zh
            en
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const SUSPEND_PROCESS = graphql(`
  mutation SuspendProcess($commandId: UUID!, $key: String!, $reason: String!) {
    suspendProcess(commandId: $commandId, key: $key, reason: $reason) {
      id
    }
  }
`)

export const RESUME_PROCESS = graphql(`
  mutation ResumeProcess($commandId: UUID!, $key: String!, $reason: String!) {
    resumeProcess(commandId: $commandId, key: $key, reason: $reason) {
      id
    }
  }
`)

export const RETIRE_VERSION = graphql(`
  mutation RetireVersion($commandId: UUID!, $key: String!, $version: Int!, $reason: String!) {
    retireVersion(commandId: $commandId, key: $key, version: $version, reason: $reason) {
      id
    }
  }
`)

export const REINSTATE_VERSION = graphql(`
  mutation ReinstateVersion($commandId: UUID!, $key: String!, $version: Int!, $reason: String!) {
    reinstateVersion(commandId: $commandId, key: $key, version: $version, reason: $reason) {
      id
    }
  }
`)
