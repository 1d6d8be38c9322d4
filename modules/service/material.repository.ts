import type { Context, TransactionContext } from '../../core/context.ts'
import type { MaterialInstance, MaterialVerdict } from './material.ts'
import './case.table.ts'

const COLUMNS = [
  'id',
  'applicationId',
  'code',
  'fileName',
  'mediaType',
  'sizeBytes',
  'sha256',
  'obtainedBy',
  'verdict',
  'verdictNote',
  'createdAt',
] as const

function select(ctx: Context) {
  return ctx.db.selectFrom('service.material').select(COLUMNS).where('removedAt', 'is', null)
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>

const materialOf = (row: Row) => ({ ...row, sizeBytes: Number(row.sizeBytes) }) as MaterialInstance

export async function find(ctx: Context, id: string): Promise<MaterialInstance | undefined> {
  const row = await select(ctx).where('id', '=', id).executeTakeFirst()
  return row && materialOf(row)
}

/** The materials of each application in its place, by code and age; for loaders. */
export async function byApplications(
  ctx: Context,
  applicationIds: readonly string[],
): Promise<MaterialInstance[][]> {
  const rows = await select(ctx)
    .where('applicationId', 'in', [...new Set(applicationIds)])
    .orderBy('code')
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  const materials = rows.map(materialOf)
  return applicationIds.map((id) => materials.filter((each) => each.applicationId === id))
}

export async function insert(
  ctx: TransactionContext,
  material: Omit<MaterialInstance, 'id' | 'verdict' | 'verdictNote' | 'createdAt'>,
): Promise<MaterialInstance> {
  const row = await ctx.db
    .insertInto('service.material')
    .values({
      ...material,
      sizeBytes: String(material.sizeBytes),
      verdict: null,
      verdictNote: null,
      verdictBy: null,
      createdAt: ctx.now(),
      createdBy: ctx.actor.id,
      removedAt: null,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow()
  return materialOf(row)
}

/** Drops the link; the object stays as long as anything may still refer to its content. */
export async function remove(ctx: TransactionContext, id: string): Promise<void> {
  await ctx.db.updateTable('service.material').set({ removedAt: ctx.now() }).where('id', '=', id).execute()
}

export async function judge(
  ctx: TransactionContext,
  input: {
    readonly applicationId: string
    readonly code: string
    readonly verdict: MaterialVerdict
    readonly note: string | null
  },
): Promise<void> {
  await ctx.db
    .updateTable('service.material')
    .set({ verdict: input.verdict, verdictNote: input.note, verdictBy: ctx.actor.id })
    .where('applicationId', '=', input.applicationId)
    .where('code', '=', input.code)
    .where('removedAt', 'is', null)
    .execute()
}
