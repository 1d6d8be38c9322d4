import type { TransactionContext } from '../../core/context.ts'
import * as standards from '../../standards/index.ts'
import type { Entry } from './entry.ts'

/**
 * Tells the registry of standards which elements an entry lists, and that everybody may receive what is open to the
 * public; a withdrawn one uses nothing. Until it is published, only its own organisation knows of it.
 *
 * @throws STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED
 */
export async function bindEntry(ctx: TransactionContext, entry: Entry): Promise<void> {
  const { id, code, name, organisationId, status } = entry
  const items = entry.items.flatMap(({ name, elementCode }) =>
    elementCode === null ? [] : [standards.bindingTo('element', elementCode, name)],
  )
  const isPublished = status === 'published'
  const user = {
    id,
    code,
    version: '',
    name: { zh: name, en: name },
    organisationId,
    readers: isPublished ? null : [organisationId],
  }
  await standards.registerUser(ctx, { ...user, kind: 'entry' }, status === 'withdrawn' ? [] : items)
  await standards.registerUser(
    ctx,
    {
      ...user,
      kind: 'grant',
      id: `open:${id}`,
      code: `open:${code}`,
      name: { zh: `${name}（向社会开放）`, en: `${name} (open to the public)` },
    },
    isPublished && entry.open ? items : [],
  )
}
