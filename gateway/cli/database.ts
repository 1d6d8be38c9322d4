import { readConfig } from '../../core/config.ts'
import type { Actor, Context } from '../../core/context.ts'
import { openKernel, PLATFORM } from '../../core/kernel.ts'
import { manifests } from '../platform.ts'
import { seed } from '../seed.ts'

/** Runs `work` as an actor on the database, seeded, or on the server's own while one holds the folder. */
export async function onDatabase<T>(
  dataFolder: string | undefined,
  actor: Actor,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const config = readConfig({ logLevel: 'error', ...(dataFolder !== undefined && { dataFolder }) })
  const kernel = await openKernel(config, manifests, { shareFolder: true })
  try {
    await seed(kernel.contextFor(PLATFORM))
    return await work(kernel.contextFor(actor))
  } finally {
    await kernel.close()
  }
}
