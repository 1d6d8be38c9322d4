import { graphql } from '../../generated/gql.ts'
import type { TypedDocumentString } from '../../generated/graphql.ts'

const RETRY = graphql(`
  mutation RetryIncident($commandId: UUID!, $id: UUID!) {
    retryIncident(commandId: $commandId, id: $id) {
      id
    }
  }
`)
const SKIP = graphql(`
  mutation SkipToken(
    $commandId: UUID!
    $id: UUID!
    $expectedVersion: Int!
    $token: Int!
    $reason: String!
    $output: JSON
  ) {
    skipToken(
      commandId: $commandId
      id: $id
      expectedVersion: $expectedVersion
      token: $token
      reason: $reason
      output: $output
    ) {
      id
    }
  }
`)
const CANCEL = graphql(`
  mutation CancelToken(
    $commandId: UUID!
    $id: UUID!
    $expectedVersion: Int!
    $token: Int!
    $reason: String!
  ) {
    cancelToken(
      commandId: $commandId
      id: $id
      expectedVersion: $expectedVersion
      token: $token
      reason: $reason
    ) {
      id
    }
  }
`)
const MOVE = graphql(`
  mutation MoveToken(
    $commandId: UUID!
    $id: UUID!
    $expectedVersion: Int!
    $token: Int!
    $to: String!
    $reason: String!
  ) {
    moveToken(
      commandId: $commandId
      id: $id
      expectedVersion: $expectedVersion
      token: $token
      to: $to
      reason: $reason
    ) {
      id
    }
  }
`)
const SUSPEND = graphql(`
  mutation SuspendInstance($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $reason: String!) {
    suspendInstance(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, reason: $reason) {
      id
    }
  }
`)
const RESUME = graphql(`
  mutation ResumeInstance($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $reason: String!) {
    resumeInstance(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, reason: $reason) {
      id
    }
  }
`)
const TERMINATE = graphql(`
  mutation TerminateInstance($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $reason: String!) {
    terminateInstance(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, reason: $reason) {
      id
    }
  }
`)
const BEGIN = graphql(`
  mutation BeginActivity($commandId: UUID!, $id: UUID!, $token: Int!, $node: String) {
    beginActivity(commandId: $commandId, id: $id, token: $token, node: $node) {
      id
    }
  }
`)

export const SET_VARIABLES = graphql(`
  mutation SetProcessVariables(
    $commandId: UUID!
    $id: UUID!
    $expectedVersion: Int!
    $token: Int
    $values: JSON!
    $reason: String!
  ) {
    setProcessVariables(
      commandId: $commandId
      id: $id
      expectedVersion: $expectedVersion
      token: $token
      values: $values
      reason: $reason
    ) {
      id
      version
    }
  }
`)

/** An operation that is asked about before it is done. */
export type Operation =
  | { readonly kind: 'retry'; readonly node: string; readonly incident: string }
  | { readonly kind: 'skip' | 'cancel'; readonly node: string; readonly token: number }
  | {
      readonly kind: 'move'
      readonly node: string
      readonly token: number
      readonly targets: readonly string[]
    }
  /** A null activity says that all of the ad-hoc sub-process is over. */
  | {
      readonly kind: 'begin'
      readonly node: string
      readonly token: number
      readonly targets: readonly string[]
    }
  | { readonly kind: 'suspend' | 'resume' | 'terminate' }

interface Given {
  readonly id: string
  readonly expectedVersion: number
  readonly reason: string
  /** Where a token is moved, or which activity begins; empty for none. */
  readonly to: string
  /** What a skipped step would have given. */
  readonly output: object
}

type Sent = { readonly commandId: string }
type Command = readonly [document: TypedDocumentString<object, Sent>, variables: object]

const command = <Data extends object, Variables extends Sent>(
  document: TypedDocumentString<Data, Variables>,
  variables: Omit<Variables, 'commandId'>,
): Command => [document as unknown as TypedDocumentString<object, Sent>, variables]

/** The mutation of an operation with what it is given. */
export function commandOf(operation: Operation, { to, output, ...at }: Given): Command {
  const { id } = at
  switch (operation.kind) {
    case 'retry':
      return command(RETRY, { id: operation.incident })
    case 'skip':
      return command(SKIP, { ...at, token: operation.token, output })
    case 'cancel':
      return command(CANCEL, { ...at, token: operation.token })
    case 'move':
      return command(MOVE, { ...at, token: operation.token, to })
    case 'begin':
      return command(BEGIN, { id, token: operation.token, node: to || null })
    case 'suspend':
      return command(SUSPEND, at)
    case 'resume':
      return command(RESUME, at)
    case 'terminate':
      return command(TERMINATE, at)
  }
}
