import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import type { Day } from '../core/day.ts'
import { connection, type Connection } from '../core/page.ts'
import { emit } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import {
  checkCodeList,
  type CodeList,
  codeListId,
  type CodeListContent,
  type CodeValue,
  codesStep,
  errors as codeListErrors,
  fitsExtension,
  inScope,
  type Scope,
} from './codelist.ts'
import * as values from './codelist.repository.ts'
import type { ListedCode } from './compile.ts'
import { crosswalkCode, type CrosswalkContent } from './crosswalk.ts'
import { diffEditions, type EditionDiff } from './diff.ts'
import { inForceOf } from './in-force.service.ts'
import { can } from './policy.ts'
import { requireRowsMoved } from './row-migration.service.ts'
import { errors } from './standard.ts'
import * as repository from './standard.repository.ts'
import * as standards from './standard.service.ts'
import { compareVersions } from './version.ts'
import type { Wish } from './wish.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'standards.code-list.extended': {
      code: string
      version: string
      organisationId: string
      codes: string[]
    }
  }
}

export const CODE_LIST: standards.Kind<CodeListContent> = {
  kind: 'code-list',
  notFound: (code) => errors.CODE_LIST_NOT_FOUND({ code }),
  check(code, content) {
    if (code !== codeListId(content))
      throw codeListErrors.CODE_LIST_INVALID({ code, reason: 'standardNumber, edition' })
  },
  bindings: ({ previousEdition }) =>
    previousEdition === undefined
      ? []
      : [
          {
            kind: 'code-list',
            code: previousEdition,
            range: null,
            place: 'previousEdition',
            historical: true,
          },
        ],
  inherit: async (ctx, list) => {
    const before = await versionBefore(ctx, list)
    // So that no local code is added there meanwhile.
    if (before) await repository.lock(ctx, 'code-list', before.code, before.version)
    const known = await values.valuesOf(ctx, list.id)
    await values.insertValues(ctx, list.id, await inherited(ctx, list, known), known.length)
  },
  async judge(ctx, list) {
    const known = await values.valuesOf(ctx, list.id)
    checkCodeList(list, [...known, ...(await inherited(ctx, list, known))])
    if (list.status === 'published') await requireRowsMoved(ctx, list)
  },
  // Of the words alone; the values lie beside them and have a step of their own.
  step: () => 'patch',
  searchText: (code, { name, standardNumber }) => [code, standardNumber, name.zh, name.en].join(' '),
}

async function versionBefore(ctx: Context, { id, code }: CodeList): Promise<CodeList | undefined> {
  const settled = await repository.settledVersions<CodeListContent>(ctx, 'code-list', [code])
  return settled.find((each) => each.id !== id)
}

/**
 * The local codes of the version before that a version has not yet.
 *
 * @throws STANDARDS_CODE_EXTENSION_CLASH when the version has such a code of the standard, or no room for local ones
 */
async function inherited(ctx: Context, list: CodeList, known: readonly CodeValue[]): Promise<CodeValue[]> {
  const before = await versionBefore(ctx, list)
  const own = new Set(known.filter(({ owner }) => owner !== null).map(({ code }) => code))
  const all = before ? await values.valuesOf(ctx, before.id) : []
  const local = all.filter(({ code, owner }) => owner !== null && !own.has(code))
  const standard = new Set(standardCodes(known).map(({ code }) => code))
  const fault = local.find(({ code }) => standard.has(code) || !fitsExtension(list, code))
  if (fault) throw codeListErrors.CODE_EXTENSION_CLASH({ code: fault.code })
  return local
}

/** @throws STANDARDS_CODE_LIST_NOT_FOUND */
export function codeList(ctx: Context, id: string): Promise<CodeList> {
  return standards.read(ctx, CODE_LIST, id)
}

/** The newest version of each list that the actor may see. */
export const listCodeLists = (ctx: Context, request: standards.ListRequest) =>
  standards.list(ctx, CODE_LIST, request)

/** The newest version of each published edition of the list's standard, the newest edition first. */
export async function editionsOf(ctx: Context, { standardNumber }: CodeList): Promise<CodeList[]> {
  const ids = await repository.editionsOf(ctx, standardNumber)
  const versions = await repository.settledVersions<CodeListContent>(ctx, 'code-list', ids)
  const newest = ids.flatMap((id) => versions.find(({ code }) => code === id) ?? [])
  return newest.sort((a, b) => (a.edition < b.edition ? 1 : -1))
}

export interface ValuesRequest extends Omit<values.ValueFilter, 'owners'> {
  /** `standard-region` unless said. */
  readonly scope?: Scope | null
}

/** A page of the list's values, in its order. */
export async function pageOfValues(
  ctx: Context,
  list: CodeList,
  { scope, ...request }: ValuesRequest,
): Promise<Connection<CodeValue>> {
  const rows = await values.list(ctx, list.id, { ...request, owners: ownersOf(ctx, list, scope) })
  return connection('code-value', rows, request, ({ ordinal }) => [ordinal])
}

/** Whose local codes a scope shows beside the standard's; undefined shows all. */
function ownersOf(ctx: Context, list: CodeList, scope: Scope | null | undefined): string[] | undefined {
  if (scope === 'standard') return []
  const isOpen = scope == null || list.extensible === 'region'
  return scope === 'standard-own' || !isOpen ? [ctx.actor.organisationId] : undefined
}

/**
 * Codes of the version of each list that is in force on a day, today unless said, by `number@edition`; a list that has
 * none is absent.
 */
export async function codesInForce(
  ctx: Context,
  ids: readonly string[],
  day?: Day,
): Promise<Map<string, ListedCode[]>> {
  return codesOfLists(ctx, await listsInForce(ctx, ids, day))
}

/** By list, of the rows given. */
export async function codesOfLists(
  ctx: Context,
  lists: ReadonlyMap<string, string>,
): Promise<Map<string, ListedCode[]>> {
  const codes = await values.codesOf(ctx, [...lists.values()])
  return new Map([...lists].map(([id, listId]) => [id, codes.get(listId) ?? []]))
}

/** The row of the version of each list that is in force on a day, today unless said. */
export async function listsInForce(
  ctx: Context,
  ids: readonly string[],
  day?: Day,
): Promise<Map<string, string>> {
  const lists = await inForceOf<CodeListContent>(ctx, 'code-list', ids, day)
  return new Map([...lists].map(([code, { id }]) => [code, id]))
}

/** The row of the newest version of each list that was ever published. */
export async function settledLists(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const lists = await repository.settledVersions<CodeListContent>(ctx, 'code-list', ids)
  // Oldest first, so that the newest stays.
  return new Map(lists.reverse().map(({ code, id }) => [code, id]))
}

/**
 * Begins a list with its values; a later version of the edition gets the smallest step its values need.
 *
 * @throws as the draft of any standard, and what checkCodeList throws
 */
export async function draftCodeList(
  ctx: Context,
  content: CodeListContent,
  codes: readonly CodeValue[],
  wish?: Wish,
): Promise<CodeList> {
  return transaction(ctx, async (ctx) => {
    const kind = await stepping(ctx, codeListId(content), codes)
    const list = await standards.draft(ctx, kind, codeListId(content), content, wish)
    checkCodeList(content, codes)
    await values.insertValues(ctx, list.id, codes)
    return list
  })
}

/** @throws as the change of any standard, and what {@link draftCodeList} throws */
export async function changeCodeList(
  ctx: Context,
  version: string,
  content: CodeListContent,
  codes: readonly CodeValue[],
  wish?: Wish,
): Promise<CodeList> {
  return transaction(ctx, async (ctx) => {
    const kind = await stepping(ctx, codeListId(content), codes)
    const list = await standards.change(ctx, kind, codeListId(content), version, content, wish)
    checkCodeList(content, codes)
    await values.deleteValues(ctx, list.id)
    await values.insertValues(ctx, list.id, codes)
    return list
  })
}

/** The kind whose step is that of these values: they lie beside the content. */
async function stepping(ctx: Context, id: string, codes: readonly CodeValue[]): Promise<typeof CODE_LIST> {
  const latest = (await settledLists(ctx, [id])).get(id)
  if (latest === undefined) return CODE_LIST
  const step = codesStep(standardCodes(await values.valuesOf(ctx, latest)), standardCodes(codes))
  return { ...CODE_LIST, step: () => step }
}

const standardCodes = (codes: readonly CodeValue[]) => codes.filter(({ owner }) => owner === null)

/**
 * Adds codes of the actor's organisation beside those of the version in force and of any later published one. Answers
 * the version in force, or the first to come where none is yet.
 *
 * @throws STANDARDS_CODE_LIST_NOT_FOUND, POLICY_FORBIDDEN, and what checkCodeList throws
 */
export async function extendCodeList(
  ctx: Context,
  id: string,
  codes: readonly CodeValue[],
): Promise<CodeList> {
  return transaction(ctx, async (ctx) => {
    const lists = await lockCurrent(ctx, id)
    const [current] = lists
    if (!current) throw errors.CODE_LIST_NOT_FOUND({ code: id })
    const { organisationId } = ctx.actor

    await authorize(ctx, can.extendCodeList, { organisationId })
    const own = codes.map((value) => ({ ...value, owner: organisationId }))
    for (const list of lists) {
      const known = await values.valuesOf(ctx, list.id)
      checkCodeList(list, [...known, ...own])
      await values.insertValues(ctx, list.id, own, known.length)
      await emit(ctx, 'standards.code-list.extended', {
        code: id,
        version: list.version,
        organisationId,
        codes: own.map(({ code }) => code),
      })
    }
    return current
  })
}

/** The version in force and those published after it, in their order, held until the transaction ends. */
async function lockCurrent(ctx: TransactionContext, id: string): Promise<CodeList[]> {
  const inForce = (await inForceOf<CodeListContent>(ctx, 'code-list', [id])).get(id)
  // A publication holds the version before it: read after that what is published.
  if (inForce) await repository.lock(ctx, 'code-list', id, inForce.version)
  const published = await repository.publishedVersions<CodeListContent>(ctx, 'code-list', [id])
  const later = published.filter(({ version }) => !inForce || compareVersions(version, inForce.version) > 0)
  for (const { version } of later.reverse()) await repository.lock(ctx, 'code-list', id, version)
  return inForce ? [inForce, ...later] : later
}

/** All values of a list in its order, the standard's and those local ones that the scope names. */
export async function valuesInScope(ctx: Context, list: CodeList, scope: Scope): Promise<CodeValue[]> {
  return inScope(list, await values.valuesOf(ctx, list.id), scope, ctx.actor.organisationId)
}

/**
 * What changed from one edition to another: the standard's own codes, with the crosswalk in force between them.
 *
 * @throws STANDARDS_CODE_LIST_NOT_FOUND
 */
export async function diffCodeLists(ctx: Context, from: string, to: string): Promise<EditionDiff> {
  const [before, after] = [await codeList(ctx, from), await codeList(ctx, to)]
  const code = crosswalkCode({ from, to })
  const crosswalk = (await inForceOf<CrosswalkContent>(ctx, 'crosswalk', [code])).get(code)
  return diffEditions(
    diffable(await valuesInScope(ctx, before, 'standard')),
    diffable(await valuesInScope(ctx, after, 'standard')),
    crosswalk?.rows,
  )
}

const diffable = (codes: readonly CodeValue[]) =>
  codes.map(({ code, name, parent, successors }) => ({ code, name: name.zh, parent, successors }))
