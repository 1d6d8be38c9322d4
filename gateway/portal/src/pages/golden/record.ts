import { graphql } from '../../generated/gql.ts'

export const RECORD = graphql(`
  query OrganisationRecord($key: String!, $purpose: String!) {
    organisationRecord(key: $key, purpose: $purpose) {
      key
      name
      asOfAt
      formerNames {
        name
        validFrom
        validTo
        source {
          ...SourceParts
        }
      }
      fields {
        name
        value
        rule
        label {
          zh
          en
        }
        source {
          ...SourceParts
        }
        runnersUp {
          ...SourceParts
        }
        explanation {
          text {
            zh
            en
          }
          lost {
            reason
            text {
              zh
              en
            }
          }
        }
        overriddenBy {
          id
          expiresOn
          organisation {
            name {
              zh
              en
            }
          }
        }
      }
    }
  }
`)

export const SOURCE = graphql(`
  fragment SourceParts on FieldSource {
    datasetId
    datasetTitle
    version
    asOfAt
    line
    rowId
    value
    trust
    organisation {
      id
      name {
        zh
        en
      }
    }
  }
`)

export const ESTABLISHMENTS = graphql(`
  query Establishments($partOf: String!, $purpose: String!, $after: String) {
    establishments(partOf: $partOf, purpose: $purpose, after: $after) {
      edges {
        node {
          number
          name
          address
          viaTitle
          datasetId
          datasetTitle
          version
          line
          asOfAt
          organisation {
            name {
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
`)
