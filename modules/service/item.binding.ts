import type { TransactionContext } from '../../core/context.ts'
import { type Binding, bindingTo, registerUser } from '../../standards/index.ts'
import type { FormFieldDefinition, ItemContent } from './item.ts'

/** 行政区划代码, of which an item's region is a value. */
const DIVISION_CODE = 'DE00000025'

interface Version {
  readonly versionId: string
  readonly version: number
  readonly content: ItemContent
}

/**
 * Tells the registry of standards what a version of an item uses (2.6): the elements of its form with the codes it
 * offers, what its certificate states, what its materials prove, the code of its region.
 *
 * @throws STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED
 */
export async function bindItem(
  ctx: TransactionContext,
  { versionId, version, content }: Version,
): Promise<void> {
  const { itemCode: code, organisationId, name } = content
  const user = { kind: 'item' as const, id: versionId, code, version: String(version), name, organisationId }
  await registerUser(ctx, user, bindingsOf(content))
}

/**
 * The same of its right to receive data: the golden fields that it is filled in from, for the purpose of this item
 * and while it is offered.
 *
 * @throws STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED
 */
export async function bindReading(
  ctx: TransactionContext,
  { version, content, isOffered }: Omit<Version, 'versionId'> & { readonly isOffered: boolean },
): Promise<void> {
  const { itemCode, organisationId, name, form } = content
  const id = `prefill:${itemCode}`
  const reading = { zh: `${name.zh}（按用途预填）`, en: `${name.en} (prefill for this purpose)` }
  const fields = form.flatMap(({ prefill, elementCode }) =>
    prefill === null ? [] : [bindingTo('element', elementCode, prefill)],
  )
  await registerUser(
    ctx,
    { kind: 'grant', id, code: id, version: String(version), name: reading, organisationId },
    isOffered ? fields : [],
  )
}

function bindingsOf({ form, results, materials, regionCode }: ItemContent): Binding[] {
  const fields = new Map(form.map((field) => [field.name, field]))
  return [
    ...form.map((field) => boundTo(field, field.name)),
    ...results.flatMap(({ certificateType, kind, claims }) =>
      claims.flatMap((claim) => {
        const field = fields.get(claim)
        return field ? [boundTo(field, `results.${certificateType ?? kind}.${claim}`)] : []
      }),
    ),
    ...materials.flatMap(({ code, elements = [] }) =>
      elements.map((element) => bindingTo('element', element, `materials.${code}`)),
    ),
    bindingTo('element', DIVISION_CODE, 'regionCode', [regionCode]),
  ]
}

function boundTo({ elementCode, options }: FormFieldDefinition, place: string): Binding {
  const offered = options.map(({ value }) => value)
  return bindingTo('element', elementCode, place, offered.length === 0 ? undefined : offered)
}
