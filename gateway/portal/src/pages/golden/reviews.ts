import { graphql } from '../../generated/gql.ts'
import type { LinkReviewQuery } from '../../generated/graphql.ts'

export const REVIEWS = graphql(`
  query LinkReviews($after: String) {
    linkReviews(first: 30, after: $after) {
      edges {
        node {
          datasetId
          datasetTitle
          rowId
          line
          key
          decision
          weight
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const REVIEW = graphql(`
  query LinkReview($datasetId: UUID!, $rowId: String!, $key: String!, $purpose: String!) {
    linkReview(datasetId: $datasetId, rowId: $rowId, key: $key, purpose: $purpose) {
      name
      link {
        datasetId
        datasetTitle
        rowId
        line
        key
        method
        decision
        weight
        prior
        parts {
          field
          level
          weight
        }
      }
      fields {
        name
        row
        record
        label {
          zh
          en
        }
      }
      ruling {
        id
        answer
        status
        reason
        mine
      }
    }
  }
`)

export const RULINGS = graphql(`
  query LinkRulings($after: String) {
    linkRulings(first: 30, after: $after) {
      edges {
        node {
          id
          datasetId
          datasetTitle
          line
          key
          answer
          reason
          status
          mine
          decidedAt
          undoAskedAt
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const DECIDE = graphql(`
  mutation DecideLink($commandId: UUID!, $input: LinkRulingInput!) {
    decideLink(commandId: $commandId, input: $input) {
      id
      status
    }
  }
`)

export const CONFIRM_RULING = graphql(`
  mutation ConfirmRuling($commandId: UUID!, $id: UUID!) {
    confirmRuling(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const UNDO_RULING = graphql(`
  mutation UndoRuling($commandId: UUID!, $id: UUID!) {
    undoRuling(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export type ShownReview = LinkReviewQuery['linkReview']

/** The address of one row beside one entity. */
export function reviewPath({ datasetId, rowId, key }: { datasetId: string; rowId: string; key: string }) {
  return `/data/reviews/${datasetId}/${encodeURIComponent(rowId)}/${encodeURIComponent(key)}`
}
