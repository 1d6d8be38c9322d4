import { useState } from 'react'
import { type ApiError, request, useQuery } from '../../api.ts'
import type { ConfigureSourceMutationVariables, SourceDiscoveryQuery } from '../../generated/graphql.ts'
import { CONFIGURE, DISCOVERY, OWN_DATASETS, type Source } from './source.ts'

export type Discovery = SourceDiscoveryQuery['sourceDiscovery']

/** What setting the reading of any source takes: the dataset it goes into, a look at its structure, and the saving. */
export function useReading({ id, reading }: Source, reload: () => void) {
  const datasets = useQuery(OWN_DATASETS, {})
  const [datasetId, setDatasetId] = useState(reading?.dataset.id)
  const [discovery, setDiscovery] = useState<Discovery>()
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<ApiError>()

  async function attempt<Done>(work: () => Promise<Done>): Promise<Done | undefined> {
    setRunning(true)
    setError(undefined)
    try {
      return await work()
    } catch (refusal) {
      setError(refusal as ApiError)
      return undefined
    } finally {
      setRunning(false)
    }
  }

  return {
    datasets,
    datasetId,
    setDatasetId,
    /** Of the datasets the viewer may load into. */
    options:
      datasets.state === 'ready'
        ? datasets.data.datasets.edges
            .filter(({ node }) => node.mayLoad)
            .map(({ node }) => ({ value: node.id, label: node.title }))
        : [],
    discovery,
    running,
    error,
    look: (collection: string) =>
      attempt(async () => {
        const { sourceDiscovery } = await request(DISCOVERY, { id, collection })
        setDiscovery(sourceDiscovery)
        return sourceDiscovery
      }),
    save: (input: ConfigureSourceMutationVariables['input']) =>
      attempt(async () => {
        await request(CONFIGURE, { id, input })
        reload()
      }),
  }
}
