import { graphql } from '../../generated/gql.ts'
import type { CaseQuery } from '../../generated/graphql.ts'

export const CASE = graphql(`
  query Case($id: UUID!) {
    case(id: $id) {
      id
      number
      status
      version
      submittedAt
      acceptedOn
      outcome
      outcomeReason
      outcomeClause
      competentBody
      mayResubmit
      mayWithdraw
      publicStatus {
        zh
        en
      }
      flags {
        name
        since
        text {
          zh
          en
        }
      }
      item {
        id
        name {
          zh
          en
        }
        materials {
          ...MaterialDefinitionParts
        }
      }
      applicant {
        name {
          zh
          en
        }
        creditCode
      }
      organisation {
        id
        name {
          zh
          en
        }
      }
      responsible {
        name {
          zh
          en
        }
      }
      clocks {
        ...ClockParts
      }
      correction {
        issuedOn
        dueOn
        points {
          kind
          target
          remark
          answered
          label {
            zh
            en
          }
        }
      }
      notices {
        number
        kind
        preparedAt
        servedAt
        body {
          zh
          en
        }
      }
      branches {
        name
        result
        note
        endedAt
        organisation {
          name {
            zh
            en
          }
        }
      }
      history {
        at
        event
        actor
        note
        text {
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
      answers {
        ...AnswerParts
      }
      form {
        ...FormFieldParts
      }
      materials {
        ...MaterialParts
      }
      application {
        id
        version
      }
      certificate {
        id
        number
        issuedOn
        validUntil
        status
        token
        ready
        title {
          zh
          en
        }
      }
      tasks {
        id
        status
        createdAt
        completedAt
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
      }
      visits {
        at
        score
        passed
        note
      }
    }
  }
`)

export type Case = CaseQuery['case']

const SHOWN = ['PROMISED', 'LEGAL', 'INTAKE', 'CORRECTION', 'DELIVERY']

/** The clocks a person should see: those that run or are paused, both due dates first; without any, the last ones. */
export function clocksToShow({ clocks }: Pick<Case, 'clocks'>): Case['clocks'] {
  const ordered = clocks
    .filter(({ kind }) => SHOWN.includes(kind))
    .sort((a, b) => SHOWN.indexOf(a.kind) - SHOWN.indexOf(b.kind))
  const open = ordered.filter(({ state }) => state !== 'STOPPED')
  return open.length ? open : ordered.filter(({ kind }) => kind === 'PROMISED' || kind === 'LEGAL')
}
