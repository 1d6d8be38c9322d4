import { readConfig } from '../../core/config.ts'
import type { Actor, Context } from '../../core/context.ts'
import { type Kernel, openKernel, PLATFORM } from '../../core/kernel.ts'
import { manifests } from '../platform.ts'
import { seed } from '../seed.ts'

/** Who runs commands beside the server, for the commands that read as somebody. */
export const OPERATOR: Actor = {
  id: 'operator',
  organisationId: 'platform',
  roles: ['data-steward', 'system'],
}

interface Wish {
  /** The platform itself unless said. */
  readonly actor?: Actor
  /** Whether what ships is loaded first. */
  readonly shipped?: boolean
}

/**
 * Runs `work` on the database of a folder, or of DATABASE_URL; on a running server's own while one holds the folder.
 *
 * @throws CONFIG_FOLDER_IN_USE, CONFIG_SCHEMA_NEWER, DATABASE_SERVER_UNAVAILABLE
 */
export async function onDatabase<T>(
  dataFolder: string | undefined,
  work: (ctx: Context, kernel: Kernel) => Promise<T>,
  { actor = PLATFORM, shipped = false }: Wish = {},
): Promise<T> {
  const config = readConfig({ logLevel: 'error', ...(dataFolder !== undefined && { dataFolder }) })
  const kernel = await openKernel(config, manifests, { shareFolder: true })
  try {
    if (shipped) await seed(kernel.contextFor(PLATFORM))
    return await work(kernel.contextFor(actor), kernel)
  } finally {
    await kernel.close()
  }
}
