import { isDeepStrictEqual } from 'node:util'
import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { emit } from '../core/events.ts'
import * as codeValues from './codelist.repository.ts'
import { bind } from './binding.service.ts'
import * as codeLists from './codelist.service.ts'
import { CODE_LIST } from './codelist.service.ts'
import { type DataElement, type ElementContent, runExamples } from './element.ts'
import { ELEMENT } from './element.service.ts'
import { loadPack, type Pack, packDigest, packIds } from './pack.ts'
import { checkTightened, contentOf } from './schema.ts'
import { SCHEMA } from './schema.service.ts'
import { begun, errors, lifeOf } from './standard.ts'
import * as repository from './standard.repository.ts'
import { type Kind, type Named, PLATFORM_ORGANISATION } from './standard.service.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'standards.pack.loaded': { packId: string; sha256: string; changes: number }
  }
}

/**
 * Publishes what ships with the platform, in the name of the platform; a pack loaded before changes nothing.
 * Answers how many standards were added.
 *
 * @param ids which packs; all of them unless said
 *
 * @throws STANDARDS_VERSION_IMMUTABLE when a shipped version differs from the published one of that number
 */
export async function loadPacks(
  ctx: Context,
  ids: readonly string[] = packIds(),
): Promise<{ readonly changes: number }> {
  const known = await repository.packDigests(ctx)
  const unknown = ids.filter((id) => known.get(id) !== packDigest(id))
  const fresh = unknown.map(loadPack).filter(({ kind }) => kind === 'standard')
  if (fresh.length === 0) return { changes: 0 }
  return transaction(ctx, async (ctx) => {
    await repository.lockAll(ctx)
    let changes = 0
    // Lists before the elements over them, elements before the schemas over those, whatever pack they are in.
    for (const add of [addCodeLists, addElements, addSchemas])
      for (const pack of fresh) changes += await add(ctx, pack)
    for (const { id, sha256 } of fresh) {
      await repository.savePack(ctx, id, sha256)
      await emit(ctx, 'standards.pack.loaded', { packId: id, sha256, changes })
    }
    return { changes }
  })
}

async function addCodeLists(ctx: TransactionContext, pack: Pack): Promise<number> {
  let changes = 0
  for (const { code, version, content, values } of pack.codeLists) {
    const listId = await begin(ctx, pack, CODE_LIST, code, version, content)
    if (listId === undefined) continue
    await codeValues.insertValues(ctx, listId, values)
    await publish(ctx, CODE_LIST, code, version)
    changes += 1
  }
  return changes
}

async function addElements(ctx: TransactionContext, pack: Pack): Promise<number> {
  const ids = pack.elements.flatMap(({ codeListId }) => codeListId ?? [])
  const codes = await codeLists.codesInForce(ctx, ids)
  let changes = 0
  for (const { code, version, ...content } of pack.elements) {
    const { codeListId } = content
    if (codeListId !== undefined && !codes.has(codeListId))
      throw errors.REFERENCE_UNPUBLISHED({ code, references: codeListId })
    runExamples({ ...content, code, version }, codes.get(codeListId ?? ''), dayOf(ctx.now()))
    if ((await begin(ctx, pack, ELEMENT, code, version, content)) === undefined) continue
    await publish(ctx, ELEMENT, code, version)
    changes += 1
  }
  return changes
}

async function addSchemas(ctx: TransactionContext, pack: Pack): Promise<number> {
  const elements = await elementsByShortName(ctx, pack)
  const byCode = new Map([...elements.values()].map((element) => [element.code, element]))
  let changes = 0
  for (const { code, version, input } of pack.schemas) {
    const columns = input.columns.map((column) => {
      const element = elements.get(column.elementCode)
      if (!element) throw errors.ELEMENT_NOT_FOUND({ code: column.elementCode })
      return { ...column, elementCode: element.code }
    })
    const content = contentOf({ ...input, columns }, (elementCode) => byCode.get(elementCode))
    for (const column of content.columns) {
      const element = byCode.get(column.elementCode)
      if (element) checkTightened(column, element)
    }
    if ((await begin(ctx, pack, SCHEMA, code, version, content)) === undefined) continue
    await publish(ctx, SCHEMA, code, version)
    changes += 1
  }
  return changes
}

/** The newest published element of each short name that the pack's schemas use. */
async function elementsByShortName(ctx: Context, pack: Pack): Promise<Map<string, DataElement>> {
  const names = new Set(
    pack.schemas.flatMap(({ input }) => input.columns.map(({ elementCode }) => elementCode)),
  )
  const versions = await repository.elementsNamed<ElementContent>(ctx, [...names])
  const published = versions.filter(({ status }) => status === 'published')
  // Oldest first, so that the newest stays.
  return new Map(published.reverse().map((element) => [element.shortName, element]))
}

/** Writes the version unless it is there; answers its row, undefined when it was there with this content. */
async function begin<Content extends Named>(
  ctx: TransactionContext,
  pack: Pack,
  kind: Kind<Content>,
  code: string,
  version: string,
  content: Content,
): Promise<string | undefined> {
  kind.check(code, content)
  const existing = await repository.find<Content>(ctx, kind.kind, code, version)
  if (existing) {
    const life = Object.keys(lifeOf(existing))
    const stored = Object.fromEntries(Object.entries(existing).filter(([name]) => !life.includes(name)))
    if (!isDeepStrictEqual(stored, JSON.parse(JSON.stringify(content))))
      throw errors.VERSION_IMMUTABLE({ code, version })
    return undefined
  }
  const by = `pack:${pack.id}`
  const start = { kind: kind.kind, code, version, organisationId: PLATFORM_ORGANISATION, draftedBy: by }
  const row = { ...begun({ ...start, draftedAt: ctx.now() }), status: 'review' as const, submittedBy: by }
  const standard = await repository.insert(ctx, row, content, kind.searchText(code, content))
  await bind(ctx, kind, standard)
  return standard.id
}

async function publish<Content extends Named>(
  ctx: TransactionContext,
  kind: Kind<Content>,
  code: string,
  version: string,
): Promise<void> {
  const standard = await repository.lock<Content>(ctx, kind.kind, code, version)
  if (!standard) throw kind.notFound(code)
  await kind.inherit?.(ctx, standard)
  await repository.update(ctx, {
    ...standard,
    status: 'published',
    approvedBy: ctx.actor.id,
    publishedAt: ctx.now(),
  })
}
