import { graphql } from '../../generated/gql.ts'
import type { SourceQuery } from '../../generated/graphql.ts'

export const SOURCE = graphql(`
  query Source($id: UUID!) {
    source(id: $id) {
      id
      title
      kind
      hosts
      prefix
      permittedNetworks
      hasSecret
      watermark
      mayManage
      mayPermitNetworks
      organisation {
        name {
          zh
          en
        }
      }
      reading {
        collection
        keyColumns
        cursorColumn
        overlap
        dataset {
          id
          title
        }
      }
      schedule {
        every
        at
        weekday
        day
      }
      dueAt
      mayDeliver
      deliveries {
        id
        collection
        keyColumns
        mayManage
        dataset {
          id
          title
        }
        runs {
          id
          status
          version
          createdAt
          mayCancel
          progress {
            version
            rows
          }
          refusal {
            messages {
              zh
              en
            }
          }
        }
      }
      pulls {
        id
        status
        createdAt
        mayCancel
        progress {
          rows
          bytes
          elapsedMs
        }
        refusal {
          code
          messages {
            zh
            en
          }
        }
        batch {
          id
          status
          publishedVersion
        }
        files {
          found
          unchanged
          received
          refused
        }
      }
      files {
        name
        sizeBytes
        placedAt
        batch {
          id
          status
        }
        refusal {
          code
          messages {
            zh
            en
          }
        }
      }
    }
  }
`)

export const TEST = graphql(`
  query SourceTest($id: UUID!) {
    sourceTest(id: $id) {
      collections
      steps {
        step
        passed
        refusal {
          code
          messages {
            zh
            en
          }
        }
      }
    }
  }
`)

export const DISCOVERY = graphql(`
  query SourceDiscovery($id: UUID!, $collection: String!) {
    sourceDiscovery(id: $id, collection: $collection) {
      collection
      sampledRows
      columns {
        name
        declaredType
        observedType
        nullRate
        distinct
        samples
        candidateKey
      }
    }
  }
`)

export const OWN_DATASETS = graphql(`
  query LoadableDatasets {
    datasets(first: 100) {
      edges {
        node {
          id
          title
          mayLoad
        }
      }
    }
  }
`)

export const CONFIGURE = graphql(`
  mutation ConfigureSource($id: UUID!, $input: SourceReadingInput!) {
    configureSource(id: $id, input: $input) {
      id
    }
  }
`)

export const SCHEDULE = graphql(`
  mutation ScheduleSource($commandId: UUID!, $id: UUID!, $input: SourceScheduleInput!) {
    scheduleSource(commandId: $commandId, id: $id, input: $input) {
      id
    }
  }
`)

export const SET_DELIVERY = graphql(`
  mutation SetDelivery($input: DeliveryInput!) {
    setDelivery(input: $input) {
      id
    }
  }
`)

export const DELIVER = graphql(`
  mutation RunDelivery($commandId: UUID!, $id: UUID!) {
    runDelivery(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const CANCEL_RUN = graphql(`
  mutation CancelDeliveryRun($commandId: UUID!, $id: UUID!) {
    cancelDeliveryRun(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const END_DELIVERY = graphql(`
  mutation EndDelivery($commandId: UUID!, $id: UUID!) {
    endDelivery(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export const PERMIT = graphql(`
  mutation PermitSourceNetworks($commandId: UUID!, $id: UUID!, $networks: [String!]!) {
    permitSourceNetworks(commandId: $commandId, id: $id, networks: $networks) {
      id
    }
  }
`)

export const PULL = graphql(`
  mutation PullSource($commandId: UUID!, $sourceId: UUID!) {
    pullSource(commandId: $commandId, sourceId: $sourceId) {
      id
    }
  }
`)

export const CANCEL_PULL = graphql(`
  mutation CancelPull($commandId: UUID!, $id: UUID!) {
    cancelPull(commandId: $commandId, id: $id) {
      id
    }
  }
`)

export type Source = SourceQuery['source']
