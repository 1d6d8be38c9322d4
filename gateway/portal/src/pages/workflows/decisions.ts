import { graphql } from '../../generated/gql.ts'
import type { DecisionQuery, EvaluateDecisionQuery } from '../../generated/graphql.ts'

export const DECISIONS = graphql(`
  query Decisions {
    processDefinitions {
      id
      key
      version
      name {
        zh
        en
      }
      decisions {
        name
        label
        model
        kind
        findings {
          severity
        }
      }
    }
  }
`)

export const DECISION = graphql(`
  query Decision($id: UUID!) {
    processDefinition(id: $id) {
      id
      key
      version
      name {
        zh
        en
      }
      decisions {
        name
        label
        model
        kind
        inputs {
          name
          type
        }
        table
        findings {
          rule
          severity
          rules
          zh
          en
        }
      }
    }
  }
`)

export const EVALUATE = graphql(`
  query EvaluateDecision($key: String!, $version: Int, $decision: String!, $input: JSON!) {
    evaluateDecision(key: $key, version: $version, decision: $decision, input: $input) {
      result
      rules {
        decision
        rule
        inputs
        outputs
        annotations
      }
      warnings {
        code
        at
        zh
        en
      }
    }
  }
`)

export const MADE_DECISIONS = graphql(`
  query MadeDecisions($businessKey: String!, $id: UUID) {
    processInstance(businessKey: $businessKey, id: $id) {
      id
      madeDecisions {
        at
        node
        decision
        result
        rules {
          decision
          rule
          inputs
          outputs
          annotations
        }
        warnings {
          code
          at
          zh
          en
        }
      }
    }
  }
`)

export type Decision = DecisionQuery['processDefinition']['decisions'][number]
export type DecisionAnswer = EvaluateDecisionQuery['evaluateDecision']
export type FiredRule = DecisionAnswer['rules'][number]

/** A decision table as the server tells it (workflows/decisions/model.ts). */
export interface Table {
  readonly hitPolicy: string
  readonly aggregation?: string
  readonly inputs: readonly { readonly label?: string; readonly expression: string }[]
  readonly outputs: readonly { readonly name?: string; readonly label?: string }[]
  readonly rules: readonly {
    readonly when: readonly string[]
    readonly then: readonly string[]
    readonly annotations: readonly string[]
  }[]
}

/** A text without its quotes, anything else as JSON. */
export const plain = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

/** Where a decision is read; its name may hold anything. */
export const decisionPath = (id: string, name: string) => `/decisions/${id}/${encodeURIComponent(name)}`
