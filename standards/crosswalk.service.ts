import type { Context } from '../core/context.ts'
import * as codeLists from './codelist.service.ts'
import {
  checkCrosswalk,
  type Crosswalk,
  crosswalkCode,
  type CrosswalkContent,
  errors as crosswalkErrors,
  translate,
  type Translation,
} from './crosswalk.ts'
import { dayOf } from '../core/day.ts'
import type { Binding } from './standard.ts'
import * as repository from './standard.repository.ts'
import * as standards from './standard.service.ts'
import type { Wish } from './wish.ts'

export const CROSSWALK: standards.Kind<CrosswalkContent> = {
  kind: 'crosswalk',
  notFound(code) {
    const [from = '', to = ''] = code.split(' > ')
    return crosswalkErrors.CROSSWALK_NOT_FOUND({ from, to })
  },
  check(code, content) {
    if (code !== crosswalkCode(content)) throw crosswalkErrors.CROSSWALK_INVALID({ code, reason: 'from, to' })
    checkCrosswalk(content)
  },
  bindings: ({ from, to, rows }) => [
    sideOf(
      'from',
      from,
      rows.map(({ fromCode }) => fromCode),
    ),
    sideOf(
      'to',
      to,
      rows.map(({ toCode }) => toCode),
    ),
  ],
  judge: judgeCrosswalk,
  step: (before, after) => (sameRows(before, after) ? 'patch' : 'major'),
  searchText: (code, { name }) => [code, name.zh, name.en].join(' '),
}

const sideOf = (place: string, code: string, values: readonly string[]): Binding => ({
  kind: 'code-list',
  code,
  range: null,
  place,
  historical: true,
  values,
})

const sameRows = (before: CrosswalkContent, after: CrosswalkContent) =>
  JSON.stringify(before.rows) === JSON.stringify(after.rows)

/** Both lists know the codes. @throws STANDARDS_CROSSWALK_INVALID */
async function judgeCrosswalk(ctx: Context, { code, from, to, rows }: Crosswalk): Promise<void> {
  const lists = await codeLists.codesOfLists(ctx, await codeLists.settledLists(ctx, [from, to]))
  const codesOf = (list: string) => new Set(lists.get(list)?.map(({ code }) => code))
  const [known, wanted] = [codesOf(from), codesOf(to)]
  const odd = rows.find(({ fromCode, toCode }) => !known.has(fromCode) || !wanted.has(toCode))
  if (odd) throw crosswalkErrors.CROSSWALK_INVALID({ code, reason: `${odd.fromCode} ${odd.toCode}` })
}

/** @throws STANDARDS_CROSSWALK_NOT_FOUND */
export const crosswalk = (ctx: Context, from: string, to: string) =>
  standards.read(ctx, CROSSWALK, crosswalkCode({ from, to }))

export const listCrosswalks = (ctx: Context, request: standards.ListRequest) =>
  standards.list(ctx, CROSSWALK, request)

/**
 * What a code of one list is in another, by the newest crosswalk in force. Codes of two editions are never compared
 * without one.
 *
 * @throws STANDARDS_CROSSWALK_NOT_FOUND
 */
export async function translateCode(
  ctx: Context,
  from: string,
  to: string,
  code: string,
): Promise<Translation> {
  const id = crosswalkCode({ from, to })
  const today = dayOf(ctx.now())
  const [inForce] = await repository.versionsInForce<CrosswalkContent>(ctx, 'crosswalk', [id], today)
  if (!inForce) throw crosswalkErrors.CROSSWALK_NOT_FOUND({ from, to })
  return translate(inForce.rows, code)
}

export const draftCrosswalk = (ctx: Context, content: CrosswalkContent, wish?: Wish) =>
  standards.draft(ctx, CROSSWALK, crosswalkCode(content), content, wish)

export const changeCrosswalk = (ctx: Context, version: string, content: CrosswalkContent, wish?: Wish) =>
  standards.change(ctx, CROSSWALK, crosswalkCode(content), version, content, wish)
