import type { Context } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import type { Connection, PageRequest } from '../../core/page.ts'
import { selectAll } from '../../core/plane/plane.ts'
import { authorize } from '../../core/policy.ts'
import type { Link } from './link.ts'
import * as links from './link.repository.ts'
import { numberedPage } from './numbered.ts'
import { planFrom } from './plan.service.ts'
import { rowsOf } from './plan.ts'
import { can } from './policy.ts'
import { accessSubject, errors as recordErrors } from './record.ts'
import * as records from './record.repository.ts'
import type { Review, ReviewField } from './review.ts'
import { errors } from './ruling.ts'
import * as rulings from './ruling.repository.ts'
import * as runs from './run.repository.ts'
import { asWritten } from './sound.ts'

/**
 * Rows of one's own registers whose entity people must decide, the surest first.
 *
 * @throws POLICY_FORBIDDEN, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function linkReviews(ctx: Context, page: PageRequest): Promise<Connection<Link>> {
  const { organisationId } = ctx.actor
  await authorize(ctx, can.decideLink, { organisationId })
  return numberedPage('linkReviews', page, (page) => links.waiting(ctx, organisationId, page))
}

/**
 * One row beside the record of an entity. The read is logged with its purpose before the answer.
 *
 * @throws GOLDEN_LINK_NOT_FOUND, POLICY_FORBIDDEN, GOLDEN_PURPOSE_MISSING
 */
export async function linkReview(
  ctx: Context,
  input: Pick<Link, 'datasetId' | 'rowId' | 'key'> & { readonly purpose: string },
): Promise<Review> {
  const link = await links.find(ctx, input)
  if (!link) throw errors.LINK_NOT_FOUND({ key: input.key })
  await authorize(ctx, can.decideLink, link)
  const purpose = input.purpose.trim()
  if (purpose === '') throw recordErrors.PURPOSE_MISSING()

  const found = await records.find(ctx, link.key)
  const record = found?.entities === 1 ? found : undefined
  const said = await rowFields(ctx, link)
  const fields = said.map((field): ReviewField => {
    const value = record?.fields.find(({ name }) => name === field.name)?.value
    return { ...field, record: value ?? null }
  })
  const names = fields.map(({ name }) => name)
  await recordAccess(ctx, { kind: 'read', subject: accessSubject(link.key), purpose, fields: names })
  const standing = await rulings.standing(ctx, link)
  const ruling = standing.find(({ key }) => key === link.key) ?? null
  return { link, ruling, name: record?.name ?? link.key, fields }
}

/** What the row itself says, of the version the records served were made from. */
async function rowFields(ctx: Context, { datasetId, rowId }: Link): Promise<Omit<ReviewField, 'record'>[]> {
  const run = await runs.servedRun(ctx)
  const inputs = run?.inputs.filter((each) => each.datasetId === datasetId) ?? []
  const plan = await planFrom(ctx, { inputs, fields: run?.fields ?? [], overrides: [], rulings: [] })
  const spec = { sources: rowsOf(plan).sources }
  const [source] = plan.sources
  if (!source || spec.sources.length === 0) return []
  const [row] = await selectAll(ctx.plane, {
    ...spec,
    where: [{ column: 'row_id', operator: '=', values: [rowId] }],
    limit: 1,
  })
  return plan.fields.map(({ name, label }, index) => {
    const cell = row?.[`f${index}`] ?? null
    const column = source.columns.get(name)
    const text = cell === null || cell === '' || !column ? null : asWritten(String(cell), column)
    return { name, label, row: text }
  })
}
