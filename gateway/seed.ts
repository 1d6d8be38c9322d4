import type { Context } from '../core/context.ts'
import { loadCalendars } from '../modules/clock/index.ts'
import { loadPacks } from '../standards/index.ts'
import { deployPacks } from '../workflows/index.ts'
import { manifests } from './platform.ts'

/** Loads what ships with the platform: standards packs, calendars, process packs. Running it again changes nothing. */
export async function seed(ctx: Context): Promise<void> {
  await loadPacks(ctx)
  await loadCalendars(ctx)
  await deployPacks(ctx, manifests)
}
