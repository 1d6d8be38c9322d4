import { actingAs, transaction } from '../../core/context.ts'
import type { Poller } from '../../core/jobs.ts'
import * as catalog from '../catalog/index.ts'
import { queuePull } from './pull.service.ts'

/**
 * Queues a pull of a source whose time has come, one source a look. One that is still being read is passed over
 * until its next time; a platform that was away reads once, not once for each time it missed.
 */
export const pullDue: Poller = {
  name: 'ingest.pull-due',
  poll: (ctx) =>
    transaction(ctx, async (ctx) => {
      const source = await catalog.claimDue(ctx)
      if (!source) return 0
      const { organisationId } = source
      const asBody = actingAs(ctx, { ...ctx.actor, organisationId })
      if (source.reading !== null) await queuePull(asBody, source, source.reading)
      return 1
    }),
}
