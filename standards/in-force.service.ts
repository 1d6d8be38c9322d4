import type { Context } from '../core/context.ts'
import { type Day, dayOf } from '../core/day.ts'
import type { StandardKind, StandardOf } from './standard.ts'
import * as repository from './standard.repository.ts'

/**
 * The version to use of each code: the newest that is in force on the day, today unless said, deprecated or not. A
 * code that has none is absent.
 */
export async function inForceOf<Content>(
  ctx: Context,
  kind: StandardKind,
  codes: readonly string[],
  day: Day = dayOf(ctx.now()),
): Promise<Map<string, StandardOf<Content>>> {
  const versions = await repository.versionsInForce<Content>(ctx, kind, codes, day)
  // Oldest first, so that the newest stays.
  return new Map(versions.reverse().map((each) => [each.code, each]))
}
