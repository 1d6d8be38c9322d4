import { graphql } from '../../generated/gql.ts'
import type { DraftCheckQuery, ProcessDraftQuery } from '../../generated/graphql.ts'

export const DRAFTS = graphql(`
  query ProcessDrafts {
    processDrafts {
      id
      key
      version
      changedAt
      name {
        zh
        en
      }
      basedOn {
        id
        version
      }
    }
  }
`)

export const DRAFT = graphql(`
  query ProcessDraft($id: UUID!) {
    processDraft(id: $id) {
      id
      key
      version
      changedAt
      name {
        zh
        en
      }
      files {
        path
        text
      }
      deployed {
        id
        version
        xml
      }
    }
    processVocabulary {
      extension
      tasks
      commands
    }
  }
`)

export const CREATE = graphql(`
  mutation CreateProcessDraft($commandId: UUID!, $key: String!, $definitionId: UUID) {
    createProcessDraft(commandId: $commandId, key: $key, definitionId: $definitionId) {
      id
    }
  }
`)

export const SAVE = graphql(`
  mutation SaveProcessDraft($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $changes: [FileChange!]!) {
    saveProcessDraft(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, changes: $changes) {
      id
      version
      changedAt
    }
  }
`)

export const DISCARD = graphql(`
  mutation DiscardProcessDraft($commandId: UUID!, $id: UUID!, $expectedVersion: Int!) {
    discardProcessDraft(commandId: $commandId, id: $id, expectedVersion: $expectedVersion)
  }
`)

export const CHECK = graphql(`
  query DraftCheck($id: UUID!, $changes: [FileChange!]) {
    processDraftCheck(id: $id, changes: $changes) {
      valid
      findings {
        severity
        rule
        element
        zh
        en
      }
    }
  }
`)

export const PLAYABLE = graphql(`
  fragment PlayableChoice on SimulationChoice {
    kind
    token
    node
    message
    dueAt
    targets
    codes
  }
`)

export const SIMULATION = graphql(`
  query DraftSimulation($id: UUID!, $commands: [JSON!]!) {
    processDraftSimulation(id: $id, commands: $commands) {
      command
      at
      status
      tokens {
        id
        node
        trouble
      }
      variables
      effects
      choices {
        ...PlayableChoice
      }
      operations {
        ...PlayableChoice
      }
    }
  }
`)

export const REHEARSAL = graphql(`
  query DraftRehearsal($id: UUID!) {
    processDraftRehearsal(id: $id)
  }
`)

export const DRAFT_COMPARISON = graphql(`
  query DraftComparison($id: UUID!) {
    processDraft(id: $id) {
      id
      comparison {
        ...Comparison
      }
    }
  }
`)

export const DEPLOY = graphql(`
  mutation DeployProcessDraft($id: UUID!, $expectedVersion: Int!, $overVersion: Int!) {
    deployProcessDraft(id: $id, expectedVersion: $expectedVersion, overVersion: $overVersion) {
      id
      version
    }
  }
`)

export type Draft = ProcessDraftQuery['processDraft']
export type DraftFinding = DraftCheckQuery['processDraftCheck']['findings'][number]

/** The place of the process model among the files: what pack.json names, else the only BPMN file. */
export function modelOf(files: Readonly<Record<string, string>>): string | undefined {
  const { bpmn } = parsed(files['pack.json']) as { bpmn?: unknown }
  if (typeof bpmn === 'string' && bpmn in files) return bpmn
  return Object.keys(files).find((path) => path.endsWith('.bpmn'))
}

/** The members of a JSON object; none of what is no JSON object. */
export function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
