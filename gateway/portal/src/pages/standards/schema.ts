import { graphql } from '../../generated/gql.ts'
import type { RecordSchemaQuery } from '../../generated/graphql.ts'

export const SCHEMA = graphql(`
  query RecordSchema($code: String!, $version: String) {
    recordSchema(code: $code, version: $version) {
      revision
      code
      version
      status
      publishedAt
      primaryKey
      maxRejectedRate
      entity
      jsonSchema
      formFields
      validatorSql
      versions {
        version
        status
      }
      mayEdit
      name {
        zh
        en
      }
      organisation {
        name {
          zh
          en
        }
      }
      columns {
        name
        elementRange
        required
        role
        calendar
        severity
        synonyms
        label {
          zh
          en
        }
        element {
          code
          version
          dataType
          format
          check
          codeListId
          personal
          name {
            zh
            en
          }
        }
      }
    }
  }
`)

export const DRAFT = graphql(`
  mutation DraftRecordSchema($commandId: UUID!, $input: RecordSchemaInput!) {
    draftRecordSchema(commandId: $commandId, input: $input) {
      code
      version
    }
  }
`)

export const CHANGE = graphql(`
  mutation ChangeRecordSchema(
    $commandId: UUID!
    $code: String!
    $version: String!
    $input: RecordSchemaInput!
    $expectedRevision: Int
  ) {
    changeRecordSchema(
      commandId: $commandId
      code: $code
      version: $version
      input: $input
      expectedRevision: $expectedRevision
    ) {
      code
      version
    }
  }
`)

export type RecordSchema = RecordSchemaQuery['recordSchema']
