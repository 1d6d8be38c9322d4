import { graphql } from '../../generated/gql.ts'
import type { BatchQuery } from '../../generated/graphql.ts'

export const BATCH = graphql(`
  query Batch($id: UUID!) {
    batch(id: $id) {
      id
      fileName
      sizeBytes
      status
      encoding
      createdAt
      publishedVersion
      preview
      mayCancel
      mayRetry
      mayOverride
      form {
        kind
        isGzip
        table
        hiddenRows
        tables {
          name
          isEmpty
        }
      }
      encodingPreviews {
        encoding
        score
        lines
      }
      drift {
        added
        missing
        missingRequired
        retyped
        renamed {
          from
          to
        }
      }
      override {
        by
        reason
        at
      }
      dataset {
        id
        title
        schemaCode
        mayLoad
      }
      encodingGuesses {
        encoding
        score
      }
      columns {
        index
        name
        samples
        target
        suggestions {
          column
          elementCode
          score
          reason
          parts {
            name
            type
            values
            history
          }
          name {
            zh
            en
          }
        }
      }
      counts {
        read
        accepted
        rejected
        duplicate
        filtered
      }
      progress {
        phase
        rows
        bytes
        rangesDone
        ranges
        share
        elapsedMs
      }
      reasons {
        code
        column
        count
        severity
        messages {
          zh
          en
        }
      }
      refusal {
        code
        params
        messages {
          zh
          en
        }
      }
    }
  }
`)

export const QUARANTINE = graphql(`
  query Quarantine($id: UUID!, $after: String) {
    batch(id: $id) {
      id
      quarantine(first: 20, after: $after) {
        edges {
          node {
            line
            raw
            status
            failures {
              column
              code
              value
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

export const SCHEMA_COLUMNS = graphql(`
  query SchemaColumns($code: String!) {
    recordSchema(code: $code) {
      code
      version
      primaryKey
      columns {
        name
        required
        calendar
        element {
          code
          dataType
          name {
            zh
            en
          }
        }
      }
    }
  }
`)

export const CONFIRM = graphql(`
  mutation ConfirmMapping(
    $commandId: UUID!
    $batchId: UUID!
    $encoding: String!
    $columns: [ColumnMappingInput!]!
  ) {
    confirmMapping(commandId: $commandId, batchId: $batchId, encoding: $encoding, columns: $columns) {
      id
    }
  }
`)

export const CANCEL = graphql(`
  mutation CancelBatch($commandId: UUID!, $batchId: UUID!) {
    cancelBatch(commandId: $commandId, batchId: $batchId) {
      id
    }
  }
`)

export const RETRY = graphql(`
  mutation RetryBatch($commandId: UUID!, $batchId: UUID!) {
    retryBatch(commandId: $commandId, batchId: $batchId) {
      id
    }
  }
`)

export const OVERRIDE = graphql(`
  mutation OverrideBatch($commandId: UUID!, $batchId: UUID!, $reason: String!) {
    overrideBatch(commandId: $commandId, batchId: $batchId, reason: $reason) {
      id
    }
  }
`)

export const CHOOSE_TABLE = graphql(`
  mutation ChooseTable($batchId: UUID!, $table: String!, $headerConfirmed: Boolean) {
    chooseTable(batchId: $batchId, table: $table, headerConfirmed: $headerConfirmed) {
      id
    }
  }
`)

export type Batch = BatchQuery['batch']
