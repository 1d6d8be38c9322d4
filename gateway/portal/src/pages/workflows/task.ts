import { graphql } from '../../generated/gql.ts'
import type { TaskQuery } from '../../generated/graphql.ts'
import type { LocalText } from '../../i18n.ts'

export const TASK = graphql(`
  query Task($id: UUID!) {
    task(id: $id) {
      id
      name {
        zh
        en
      }
      node
      status
      version
      assignee
      assignedToMe
      candidateRole
      businessKey
      variables
      output
      createdAt
      completedAt
      dueOn
      mayClaim
      mayComplete
      organisation {
        name {
          zh
          en
        }
      }
      form {
        ...FormFieldParts
      }
      case {
        id
      }
    }
  }
`)

export const CLAIM = graphql(`
  mutation ClaimOpenTask($commandId: UUID!, $id: UUID!) {
    claimTask(commandId: $commandId, id: $id) {
      id
      version
    }
  }
`)

export const RELEASE = graphql(`
  mutation ReleaseTask($commandId: UUID!, $id: UUID!) {
    releaseTask(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const COMPLETE = graphql(`
  mutation CompleteTask($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $output: JSON!) {
    completeTask(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, output: $output) {
      id
      status
    }
  }
`)

export type Task = TaskQuery['task']

export interface Reviewed {
  readonly kind: string
  readonly code: string
  readonly version: string
  readonly name: LocalText
}

/** The standard that a task is about, by the variables of its process; undefined for any other task. */
export function reviewedStandard(variables: unknown): Reviewed | undefined {
  const { standardKind, standardCode, standardVersion, standardName } = (variables ?? {}) as Partial<{
    standardKind: string
    standardCode: string
    standardVersion: string
    standardName: LocalText
  }>
  if (!standardKind || !standardCode || !standardVersion || !standardName) return undefined
  return { kind: standardKind, code: standardCode, version: standardVersion, name: standardName }
}
