import { graphql } from '../../generated/gql.ts'
import type { EntryQuery } from '../../generated/graphql.ts'

export const ENTRY = graphql(`
  query Entry($id: UUID!) {
    entry(id: $id) {
      id
      code
      name
      kind
      classPath
      unit
      summary
      keywords
      format
      formatType
      sharingType
      sharingCondition
      sharingMethod
      open
      openCondition
      updateCycle
      relatedCodes
      custodian
      contact
      system
      matters
      status
      registeredAt
      publishedOn
      updatedAt
      volume
      level
      updateState
      dueAt
      confirmedAt
      confirmationDue
      remark
      mayChange
      mayReview
      mayAdminister
      sharingBasis {
        document
        clause
      }
      dataset {
        id
        title
      }
      provider {
        id
        creditCode
        name {
          zh
          en
        }
      }
      items {
        name
        elementCode
        dataType
        length
        level
        personal
        duplicateReason
      }
      collectedElsewhere {
        elementCode
        organisation {
          name {
            zh
            en
          }
        }
        entries {
          id
          code
          name
        }
      }
    }
  }
`)

export type EntryData = EntryQuery['entry']
