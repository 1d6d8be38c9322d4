import { graphql } from '../../generated/gql.ts'
import type { ProcessInstanceQuery } from '../../generated/graphql.ts'

export const INSTANCE = graphql(`
  query ProcessInstance($businessKey: String!, $id: UUID) {
    processInstance(businessKey: $businessKey, id: $id) {
      id
      businessKey
      version
      status
      suspendedAt
      mayOperate
      mayResolve
      tokens {
        id
        node
        within
        trouble
        maySkip
        moveTargets
        startable
      }
      visited
      startedAt
      endedAt
      definition {
        id
        version
        xml
        name {
          zh
          en
        }
      }
      incidents {
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
      }
      openTasks {
        id
        node
        name {
          zh
          en
        }
        candidateRole
        assigneeName {
          zh
          en
        }
        dueOn
        isOverdue
      }
      timers {
        id
        token
        node
        dueAt
      }
      subscriptions {
        id
        token
        node
        kind
        message
        correlationKey
      }
      jobs {
        id
        token
        node
        task
        attempts
        retriesLeft
        runAfter
      }
      called {
        id
        businessKey
        status
        definition {
          id
          name {
            zh
            en
          }
        }
      }
      caller {
        id
        businessKey
        definition {
          id
          name {
            zh
            en
          }
        }
      }
      operations {
        id
        at
        by {
          zh
          en
        }
        operation
        node
        reason
      }
    }
  }
`)

export const VARIABLES = graphql(`
  query ProcessInstanceVariables($businessKey: String!, $id: UUID) {
    processInstance(businessKey: $businessKey, id: $id) {
      id
      version
      variables {
        token
        node
        name
        type
        declared
        value
        maySet
      }
    }
  }
`)

export type Running = NonNullable<ProcessInstanceQuery['processInstance']>
export type StandingToken = Running['tokens'][number]

/** The address of an instance, which a business key alone does not tell from those it calls. */
export const placeOf = ({ businessKey, id }: { readonly businessKey: string; readonly id: string }) =>
  `/processes/instances/${encodeURIComponent(businessKey)}?of=${id}`
