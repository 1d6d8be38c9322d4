import type { Context } from '../../core/context.ts'
import * as standards from '../../standards/index.ts'
import type { StandardKind } from '../../standards/index.ts'

export const submit = (ctx: Context, kind: StandardKind, code: string, version: string) =>
  standards.submit(ctx, standards.kindOf(kind), code, version)

/** Publishes the submission that the actor sees; of what is hidden, one that never was. */
export async function approve(ctx: Context, kind: StandardKind, code: string, version: string) {
  return standards.publish(ctx, standards.kindOf(kind), code, version, await seen(ctx, kind, code, version))
}

/** Returns the submission that the actor sees, as {@link approve} publishes it. */
export async function sendBack(
  ctx: Context,
  kind: StandardKind,
  code: string,
  version: string,
  remark: string,
) {
  const reviewed = await seen(ctx, kind, code, version)
  return standards.sendBack(ctx, standards.kindOf(kind), code, version, remark, reviewed)
}

async function seen(ctx: Context, kind: StandardKind, code: string, version: string) {
  const versions = await standards.versionsOf(ctx, standards.kindOf(kind), code)
  return { reviewId: versions.find((each) => each.version === version)?.reviewId ?? '' }
}
