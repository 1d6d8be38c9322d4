import { graphql } from '../../generated/gql.ts'

export const ORDERS = graphql(`
  query CorrectionOrders($after: String) {
    correctionOrders(first: 20, after: $after) {
      edges {
        node {
          id
          openedAt
          answer
          answerText
          override {
            id
            key
            name
            value
            reason
            basis
            evidence
            label {
              zh
              en
            }
            organisation {
              name {
                zh
                en
              }
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
`)

export const OVERRIDES = graphql(`
  query RecordOverrides($after: String) {
    recordOverrides(first: 20, after: $after) {
      edges {
        node {
          id
          key
          name
          value
          reason
          basis
          evidence
          expiresOn
          status
          mine
          withdrawalAskedAt
          label {
            zh
            en
          }
          order {
            id
            answer
            answerText
            organisation {
              name {
                zh
                en
              }
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
`)

export const ANSWER = graphql(`
  mutation AnswerCorrectionOrder($commandId: UUID!, $id: UUID!, $answer: CorrectionAnswer!, $text: String!) {
    answerCorrectionOrder(commandId: $commandId, id: $id, answer: $answer, text: $text) {
      id
    }
  }
`)

export const CONFIRM = graphql(`
  mutation ConfirmOverride($commandId: UUID!, $id: UUID!) {
    confirmOverride(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const WITHDRAW = graphql(`
  mutation WithdrawOverride($commandId: UUID!, $id: UUID!) {
    withdrawOverride(commandId: $commandId, id: $id) {
      id
    }
  }
`)
