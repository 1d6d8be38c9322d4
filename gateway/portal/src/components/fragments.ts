import { graphql } from '../generated/gql.ts'

// Named parts of the API that several pages read; a document spreads them by name.

export const FORM_FIELD = graphql(`
  fragment FormFieldParts on FormField {
    name
    label {
      zh
      en
    }
    widget
    required
    readOnly
    options {
      value
      text {
        zh
        en
      }
    }
    hint {
      zh
      en
    }
    section {
      zh
      en
    }
  }
`)

export const ANSWER = graphql(`
  fragment AnswerParts on Answer {
    field
    value
    origin
    sourceTitle
    sourceOrganisation {
      name {
        zh
        en
      }
    }
    asOfAt
  }
`)

export const MATERIAL = graphql(`
  fragment MaterialParts on MaterialInstance {
    id
    code
    fileName
    mediaType
    sizeBytes
    obtainedBy
    verdict
    verdictNote
    createdAt
  }
`)

export const MATERIAL_DEFINITION = graphql(`
  fragment MaterialDefinitionParts on MaterialDefinition {
    code
    name {
      zh
      en
    }
    necessity
    accepts
    maxBytes
    maxFiles
    instructions {
      zh
      en
    }
    obtainBy
  }
`)

export const CLOCK = graphql(`
  fragment ClockParts on Clock {
    id
    kind
    state
    startedOn
    dueOn
    estimatedOn
    remainingDays
    usedDays
    pausedDays
    provisional
    overdue
    calendarVersion
    limit {
      amount
      unit
    }
    steps {
      on
      counted
      why {
        zh
        en
      }
    }
  }
`)
