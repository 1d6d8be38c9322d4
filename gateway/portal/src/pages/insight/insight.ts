import { graphql } from '../../generated/gql.ts'

export const INSIGHT = graphql(`
  query ProcessInsight($key: String!, $version: Int, $since: Date, $until: Date) {
    processInsight(key: $key, version: $version, since: $since, until: $until) {
      ownCasesOnly
      versions
      definition {
        version
        xml
        deployedAt
        name {
          zh
          en
        }
      }
      cases {
        running
        completed
        terminated
        steps
        touches
        people
        waiting
        p50
        p90
        mean
      }
      nodes {
        node
        visits
        cancelled
        now
        repeats
        p50
        p90
        mean
      }
      flows {
        flow
        passages
        p50
        p90
        mean
      }
      bottlenecks(first: 10) {
        node
        share
        visits
        p50
        p90
        mean
        untilClaimed
      }
      variants(first: 10) {
        count
        top {
          variant
          path
          cases
          p50
          p90
        }
      }
    }
  }
`)

export const COMPARISON = graphql(`
  query PerformanceComparison($key: String!, $from: Int!, $to: Int!) {
    performanceComparison(key: $key, from: $from, to: $to) {
      enough
      from {
        completed
        steps
        touches
        waiting
        p50
        p90
        mean
      }
      to {
        completed
        steps
        touches
        waiting
        p50
        p90
        mean
      }
      change {
        steps
        touches
        waiting
        p50
        mean
      }
    }
  }
`)

export const REPLAYS = graphql(`
  query ProcessReplays($key: String!) {
    processReplays(key: $key) {
      id
      from
      to
      status
      total
      createdAt
    }
  }
`)

export const REPLAY = graphql(`
  query ProcessReplay($id: UUID!) {
    processReplay(id: $id) {
      id
      from
      to
      status
      failure
      total
      steps
      counts {
        same
        otherPath
        otherEnd
        needsAnswer
        stopped
        unreproduced
      }
      places {
        outcome
        node
        recorded
        code
        cases
      }
      cases(first: 50) {
        instanceId
        businessKey
        outcome
        node
        recorded
      }
    }
  }
`)

export const BEGIN = graphql(`
  mutation ReplayProcess($commandId: UUID!, $key: String!, $from: Int!, $to: Int, $xml: String) {
    replayProcess(commandId: $commandId, key: $key, from: $from, to: $to, xml: $xml) {
      id
    }
  }
`)

export const CANCEL = graphql(`
  mutation CancelReplay($commandId: UUID!, $id: UUID!) {
    cancelReplay(commandId: $commandId, id: $id) {
      id
      status
    }
  }
`)
