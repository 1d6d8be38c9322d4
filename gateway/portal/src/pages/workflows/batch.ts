import { graphql } from '../../generated/gql.ts'

export const BATCH = graphql(`
  query BatchOperation($id: UUID!, $outcome: BatchOutcome, $after: Int) {
    batchOperation(id: $id) {
      id
      operation
      status
      reason
      requestedByName {
        zh
        en
      }
      createdAt
      endedAt
      total
      done
      refused
      items(outcome: $outcome, first: 50, after: $after) {
        place
        instanceId
        businessKey
        outcome
        code
        refusal {
          zh
          en
        }
      }
    }
  }
`)

export const BATCHES = graphql(`
  query BatchOperations {
    batchOperations {
      id
      operation
      status
      reason
      requestedByName {
        zh
        en
      }
      createdAt
      endedAt
      total
      done
      refused
    }
  }
`)

export const CANCEL_BATCH = graphql(`
  mutation CancelBatchOperation($commandId: UUID!, $id: UUID!, $reason: String!) {
    cancelBatchOperation(commandId: $commandId, id: $id, reason: $reason) {
      id
    }
  }
`)

export const INSTANCE_SELECTION = graphql(`
  query InstanceSelection($choice: InstanceChoice!) {
    instanceSelection(choice: $choice) {
      count
      places {
        key
        version
        count
      }
    }
  }
`)

export const OPERATE_INSTANCES = graphql(`
  mutation OperateInstances(
    $commandId: UUID!
    $operation: InstanceOperation!
    $choice: InstanceChoice!
    $reason: String!
  ) {
    operateInstances(commandId: $commandId, operation: $operation, choice: $choice, reason: $reason) {
      id
    }
  }
`)
