import type { Context } from '../core/context.ts'
import { authorize } from '../core/policy.ts'
import { type Comparison, compare } from './comparison.ts'
import * as repository from './definition.repository.ts'
import type { Deployed } from './deployed.ts'
import { type Draft, errors } from './draft.ts'
import { filesOf } from './pack.files.ts'
import { can } from './policy.ts'

/** One version, not only the latest. @throws WORKFLOW_DEFINITION_NOT_FOUND, POLICY_FORBIDDEN */
export async function version(ctx: Context, id: string): Promise<Deployed> {
  await authorize(ctx, can.readDefinition)
  const found = await repository.find(ctx, id)
  if (!found) throw errors.DEFINITION_NOT_FOUND({ id })
  return found
}

/** All versions of a process, the newest first. @throws POLICY_FORBIDDEN */
export async function versions(ctx: Context, key: string): Promise<Deployed[]> {
  await authorize(ctx, can.readDefinition)
  return repository.versionsOf(ctx, key)
}

/** @throws WORKFLOW_DEFINITION_NOT_FOUND, POLICY_FORBIDDEN */
export async function compareVersions(ctx: Context, before: string, after: string): Promise<Comparison> {
  const [old, young] = [await version(ctx, before), await version(ctx, after)]
  return compare(filesOf(old), filesOf(young))
}

/** What the draft would change, beside the latest version; the draft was read with its own permission. */
export async function compareDraft(ctx: Context, { key, files }: Draft): Promise<Comparison> {
  const current = await repository.latest(ctx, key)
  return compare(current ? filesOf(current) : {}, files)
}
