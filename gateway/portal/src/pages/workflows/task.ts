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
      output
      createdAt
      completedAt
      dueOn
      followUpOn
      priority
      draft {
        answers
        savedAt
      }
      mayClaim
      mayComplete
      mayRelease
      mayDelegate
      mayResolve
      mayRecall
      mayHandOver
      mayPlan
      mayPrioritise
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

export const DELEGATE = graphql(`
  mutation DelegateTask($commandId: UUID!, $id: UUID!, $personId: UUID!) {
    delegateTask(commandId: $commandId, id: $id, personId: $personId) {
      id
    }
  }
`)

export const HAND_OVER = graphql(`
  mutation HandOverTask($commandId: UUID!, $id: UUID!, $personId: UUID!) {
    handOverTask(commandId: $commandId, id: $id, personId: $personId) {
      id
    }
  }
`)

export const RESOLVE = graphql(`
  mutation ResolveTask($commandId: UUID!, $id: UUID!, $output: JSON) {
    resolveTask(commandId: $commandId, id: $id, output: $output) {
      id
    }
  }
`)

export const RECALL = graphql(`
  mutation RecallTask($commandId: UUID!, $id: UUID!) {
    recallTask(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const FOLLOW_UP = graphql(`
  mutation SetFollowUp($commandId: UUID!, $id: UUID!, $on: Date) {
    setFollowUp(commandId: $commandId, id: $id, on: $on) {
      id
    }
  }
`)

export const PRIORITISE = graphql(`
  mutation PrioritiseTask($commandId: UUID!, $id: UUID!, $priority: Int!) {
    prioritiseTask(commandId: $commandId, id: $id, priority: $priority) {
      id
    }
  }
`)

export const SAVE_DRAFT = graphql(`
  mutation SaveAnswerDraft($commandId: UUID!, $id: UUID!, $answers: JSON!) {
    saveAnswerDraft(commandId: $commandId, id: $id, answers: $answers) {
      savedAt
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
