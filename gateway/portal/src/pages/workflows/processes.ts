import { graphql } from '../../generated/gql.ts'

export const DEFINITIONS = graphql(`
  query ProcessDefinitions {
    processDefinitions {
      id
      key
      version
      deployedAt
      xml
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
      findings {
        rule
        element
        zh
        en
      }
    }
  }
`)
