import { type Context, transaction } from '../core/context.ts'
import { connection, type Connection } from '../core/page.ts'
import {
  checkCodeList,
  type CodeList,
  codeListId,
  type CodeListContent,
  type CodeValue,
  errors as codeListErrors,
} from './codelist.ts'
import * as values from './codelist.repository.ts'
import { errors } from './standard.ts'
import * as repository from './standard.repository.ts'
import * as standards from './standard.service.ts'

export const CODE_LIST: standards.Kind<CodeListContent> = {
  kind: 'code-list',
  notFound: (code) => errors.CODE_LIST_NOT_FOUND({ code }),
  check(code, content) {
    if (code !== codeListId(content))
      throw codeListErrors.CODE_LIST_INVALID({ code, reason: 'standardNumber, edition' })
  },
  async judge(ctx, list) {
    checkCodeList(list, await values.valuesOf(ctx, list.id))
  },
  // An edition is a list of its own; within one, values are only added.
  step: () => 'minor',
  searchText: (code, { name, standardNumber }) => [code, standardNumber, name.zh, name.en].join(' '),
}

/** @throws STANDARDS_CODE_LIST_NOT_FOUND */
export function codeList(ctx: Context, id: string): Promise<CodeList> {
  return standards.read(ctx, CODE_LIST, id)
}

/** The newest version of each list that the actor may see. */
export const listCodeLists = (ctx: Context, request: standards.ListRequest) =>
  standards.list(ctx, CODE_LIST, request)

/** A page of the list's values, in its order. */
export async function pageOfValues(
  ctx: Context,
  list: CodeList,
  request: values.ValueFilter,
): Promise<Connection<CodeValue>> {
  const rows = await values.list(ctx, list.id, request)
  return connection('code-value', rows, request, ({ ordinal }) => [ordinal])
}

/** Codes of the newest published version of each list, by `number@edition`; a list that has none is absent. */
export async function publishedCodes(ctx: Context, ids: readonly string[]): Promise<Map<string, string[]>> {
  const lists = await newestLists(ctx, ids)
  const codes = await values.codesOf(ctx, [...lists.values()])
  return new Map([...lists].map(([id, listId]) => [id, codes.get(listId) ?? []]))
}

/** The row of the newest published version of each list. */
export async function newestLists(ctx: Context, ids: readonly string[]): Promise<Map<string, string>> {
  const lists = await repository.publishedVersions<CodeListContent>(ctx, 'code-list', ids)
  const newest = new Map<string, string>()
  for (const { code, id } of lists) if (!newest.has(code)) newest.set(code, id)
  return newest
}

/**
 * Begins a list with its values.
 *
 * @throws as the draft of any standard, STANDARDS_CODE_LIST_INVALID, STANDARDS_CODE_PARENT_UNKNOWN,
 * STANDARDS_CODE_EXTENSION_CLASH
 */
export async function draftCodeList(
  ctx: Context,
  content: CodeListContent,
  codes: readonly CodeValue[],
): Promise<CodeList> {
  return transaction(ctx, async (ctx) => {
    const list = await standards.draft(ctx, CODE_LIST, codeListId(content), content)
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
): Promise<CodeList> {
  return transaction(ctx, async (ctx) => {
    const list = await standards.change(ctx, CODE_LIST, codeListId(content), version, content)
    checkCodeList(content, codes)
    await values.deleteValues(ctx, list.id)
    await values.insertValues(ctx, list.id, codes)
    return list
  })
}

export const submitCodeList = (ctx: Context, id: string, version: string) =>
  standards.submit(ctx, CODE_LIST, id, version)

export const publishCodeList = (ctx: Context, id: string, version: string) =>
  standards.publish(ctx, CODE_LIST, id, version)

export const returnCodeList = (ctx: Context, id: string, version: string, remark: string) =>
  standards.sendBack(ctx, CODE_LIST, id, version, remark)
