import { graphql } from '../../generated/gql.ts'
import type { WorkbenchQuery, WorkbenchRowsQuery } from '../../generated/graphql.ts'

export const WORKBENCH = graphql(`
  query Workbench($id: UUID!) {
    batch(id: $id) {
      id
      fileName
      status
      createdAt
      header
      maySettle
      publishedVersion
      dataset {
        id
        title
      }
      replayOf {
        id
        createdAt
      }
      rowStates {
        open
        corrected
        fixed
        waived
        expired
      }
      reasons {
        code
        column
        reason
        count
        severity
        messages {
          zh
          en
        }
      }
    }
  }
`)

export const ROWS = graphql(`
  query WorkbenchRows($id: UUID!, $reason: String, $column: String, $after: String) {
    batch(id: $id) {
      id
      quarantine(first: 20, after: $after, reason: $reason, column: $column) {
        edges {
          node {
            line
            raw
            cells
            corrected
            status
            explanation
            failures {
              column
              code
              value
              messages {
                zh
                en
              }
            }
            remaining {
              column
              code
              messages {
                zh
                en
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
  }
`)

/** Earlier loads of the same dataset, for what went wrong over time. */
export const HISTORY = graphql(`
  query WorkbenchHistory($datasetId: UUID!) {
    batches(datasetId: $datasetId, first: 10) {
      edges {
        node {
          id
          createdAt
          counts {
            read
            rejected
          }
          reasons {
            code
            column
            reason
            count
            severity
            messages {
              zh
              en
            }
          }
        }
      }
    }
  }
`)

export const QUARANTINED = graphql(`
  query QuarantinedBatches($after: String) {
    quarantinedBatches(first: 20, after: $after) {
      edges {
        node {
          id
          fileName
          status
          createdAt
          dataset {
            id
            title
          }
          rowStates {
            open
            corrected
            fixed
            waived
            expired
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

export const CORRECT = graphql(`
  mutation CorrectRow($commandId: UUID!, $batchId: UUID!, $line: Int!, $cells: [CellInput!]!) {
    correctRow(commandId: $commandId, batchId: $batchId, line: $line, cells: $cells) {
      line
      remaining {
        code
      }
    }
  }
`)

export const WAIVE = graphql(`
  mutation WaiveRow($commandId: UUID!, $batchId: UUID!, $line: Int!, $explanation: String!) {
    waiveRow(commandId: $commandId, batchId: $batchId, line: $line, explanation: $explanation) {
      line
    }
  }
`)

export const REPLAY = graphql(`
  mutation ReplayBatch($commandId: UUID!, $batchId: UUID!) {
    replayBatch(commandId: $commandId, batchId: $batchId) {
      id
    }
  }
`)

export type WorkbenchBatch = WorkbenchQuery['batch']
export type WorkbenchRow = WorkbenchRowsQuery['batch']['quarantine']['edges'][number]['node']
export type Reason = WorkbenchBatch['reasons'][number]
