import { graphql } from '../../generated/gql.ts'
import type { TasksQuery } from '../../generated/graphql.ts'

export const TASKS = graphql(`
  query Tasks($filter: TaskFilter, $after: String) {
    tasks(first: 30, after: $after, filter: $filter) {
      edges {
        node {
          id
          name {
            zh
            en
          }
          status
          assignedToMe
          assigneeName {
            zh
            en
          }
          delegated
          ownerName {
            zh
            en
          }
          onBehalfOfName {
            zh
            en
          }
          candidateRole
          businessKey
          variables
          priority
          createdAt
          dueOn
          followUpOn
          mayClaim
          mayHandOver
          case {
            id
            number
            item {
              name {
                zh
                en
              }
            }
            applicant {
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

export const COUNTS = graphql(`
  query TaskCounts {
    taskCounts {
      all
      mine
      group
      delegated
      standingIn
      overdue
      soon
      followUp
      body
      processes {
        key
        name {
          zh
          en
        }
        count
      }
    }
  }
`)

export const COLLEAGUES = graphql(`
  query Colleagues($role: String, $after: String) {
    colleagues(first: 100, after: $after, role: $role) {
      edges {
        node {
          personId
          name {
            zh
            en
          }
          roles
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const CLAIM_ALL = graphql(`
  mutation ClaimTasks($commandId: UUID!, $ids: [UUID!]!) {
    claimTasks(commandId: $commandId, ids: $ids) {
      id
    }
  }
`)

export const ASSIGN_ALL = graphql(`
  mutation AssignTasks($commandId: UUID!, $ids: [UUID!]!, $personId: UUID) {
    assignTasks(commandId: $commandId, ids: $ids, personId: $personId) {
      id
    }
  }
`)

export type DeskTask = TasksQuery['tasks']['edges'][number]['node']

/** The kinds of tasks in the address, as the schema names them. */
export const SHOWS = ['all', 'mine', 'group', 'delegated', 'standing-in', 'body'] as const
export const DUES = ['overdue', 'soon', 'follow-up'] as const
export const SORTS = ['created', 'due', 'priority'] as const

export type Show = (typeof SHOWS)[number]

/** What of the address is one of `known`; undefined for anything else that was typed there. */
export function known<Value extends string>(
  values: readonly Value[],
  written: string | null,
): Value | undefined {
  return values.find((value) => value === written)
}

/** `follow-up` is FOLLOW_UP in the schema. */
export const enumOf = <Value extends string>(value: Value) =>
  value.toUpperCase().replaceAll('-', '_') as SchemaName<Value>

type SchemaName<Value extends string> = Value extends `${infer A}-${infer B}`
  ? `${Uppercase<A>}_${Uppercase<B>}`
  : Uppercase<Value>
