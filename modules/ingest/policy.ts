import type { Context } from '../../core/context.ts'
import { authorize, definePermissions } from '../../core/policy.ts'

export const can = definePermissions('ingest', {
  /** Batches and their quarantine, for the department whose rows they are. */
  readBatch: {
    action: { zh: '查看数据批次及其隔离区', en: 'read batches and their quarantine' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  loadBatch: {
    action: { zh: '加载数据批次', en: 'load batches' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** Correct, explain and replay rejected rows of one's own department. */
  settleRow: {
    action: { zh: '处理隔离区中的数据行', en: 'settle rows in quarantine' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** Publish what a threshold stopped, as the second person. */
  overrideBatch: {
    action: { zh: '发布超过阈值而停止的批次', en: 'publish a batch that its threshold stopped' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  /** The platform's own operator, on the command line. */
  loadAnyBatch: {
    action: { zh: '代各单位加载数据批次', en: 'load batches for any body' },
    roles: ['system'],
  },
})

interface Owned {
  readonly organisationId: string
}

/** Batches and quarantine are seen by their own department, and by the platform itself. */
export async function maySee(ctx: Context, owned: Owned): Promise<boolean> {
  return (await ctx.policy.allows(ctx, can.loadAnyBatch)) || ctx.policy.allows(ctx, can.readBatch, owned)
}

/** Operators load for any department, stewards for their own. @throws POLICY_FORBIDDEN */
export async function authorizeLoad(ctx: Context, owned: Owned): Promise<void> {
  if (await ctx.policy.allows(ctx, can.loadAnyBatch)) return
  await authorize(ctx, can.loadBatch, owned)
}
