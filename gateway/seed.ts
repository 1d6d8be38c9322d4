import { type Context, transaction } from '../core/context.ts'
import { loadCalendars } from '../modules/clock/index.ts'
import { loadPacks, registerFields } from '../standards/index.ts'
import { deployPacks } from '../workflows/index.ts'
import { boundFields } from './graphql/bound-fields.ts'
import { manifests } from './platform.ts'

/**
 * Loads what ships with the platform: standards packs, calendars, process packs, and what elements the fields of the
 * GraphQL schema give. Running it again changes nothing.
 *
 * @param packs which standards; all that ship unless said
 */
export async function seed(ctx: Context, packs?: readonly string[]): Promise<void> {
  await loadPacks(ctx, packs)
  await loadCalendars(ctx)
  await deployPacks(ctx, manifests)
  await transaction(ctx, (ctx) => registerFields(ctx, boundFields(manifests)))
}
