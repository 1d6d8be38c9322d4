import { executeNow } from '../../workflows/index.ts'
import { openNode, type Place, platformOn } from './crash-node.ts'

/** A node that takes one batch of a migration over, says so, and is killed while the next is to come. */
const { place, migrationId } = JSON.parse(process.argv[2] ?? '') as { place: Place; migrationId: string }
const kernel = await openNode(place)
await executeNow(platformOn(kernel), migrationId, {
  signal: new AbortController().signal,
  async progress(state) {
    process.stdout.write(`${JSON.stringify(state)}\n`)
    // Held here between two batches, as long as the process lives.
    await new Promise(() => undefined)
  },
})
