import { graphql } from '../../generated/gql.ts'

export const INCIDENTS = graphql(`
  query ProcessIncidents($first: Int!, $after: String, $filter: IncidentFilter) {
    processIncidents(first: $first, after: $after, filter: $filter) {
      edges {
        node {
          id
          token
          node
          kind
          code
          messages {
            zh
            en
          }
          createdAt
          name {
            zh
            en
          }
          instance {
            id
            businessKey
            mayResolve
            definition {
              id
              key
              version
              name {
                zh
                en
              }
            }
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

export const INCIDENT_GROUPS = graphql(`
  query ProcessIncidentGroups($filter: IncidentFilter) {
    processIncidentGroups(filter: $filter) {
      key
      node
      kind
      code
      count
      process {
        zh
        en
      }
      name {
        zh
        en
      }
    }
  }
`)

export const SELECTION = graphql(`
  query IncidentSelection($choice: IncidentChoice!) {
    incidentSelection(choice: $choice) {
      count
      places {
        key
        version
        node
        kind
        code
        count
      }
    }
  }
`)

export const OPERATE = graphql(`
  mutation OperateIncidents(
    $commandId: UUID!
    $operation: IncidentOperation!
    $choice: IncidentChoice!
    $output: JSON
    $expectedCount: Int
    $reason: String!
  ) {
    operateIncidents(
      commandId: $commandId
      operation: $operation
      choice: $choice
      output: $output
      expectedCount: $expectedCount
      reason: $reason
    ) {
      id
    }
  }
`)
