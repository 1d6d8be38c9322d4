import type { Context } from '../core/context.ts'
import type { Texts } from '../core/errors.ts'
import { loadThrough } from '../core/loader.ts'
import { isUuid } from '../core/text/uuid.ts'
import { personsByIds } from '../modules/organisation/index.ts'

/** What a person on the record is called; null for a process, a job, or one who is gone. */
export const nameOfActor = async (ctx: Context, actorId: string): Promise<Texts | null> =>
  isUuid(actorId) ? ((await loadThrough(ctx, personsByIds, actorId))?.name ?? null) : null
