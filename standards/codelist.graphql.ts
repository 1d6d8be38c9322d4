import { loadThrough } from '../core/loader.ts'
import type { Resolvers } from '../core/module.ts'
import { connection, type Connection, type PageRequest, readCursor, rowsToRead } from '../core/page.ts'
import { type CodeList, type CodeListContent, type CodeValue, codeValue } from './codelist.ts'
import { countsOf } from './codelist.repository.ts'
import * as codeLists from './codelist.service.ts'
import { typeDefs as listTypes } from './codelist.sdl.ts'
import type { Crosswalk, CrosswalkContent } from './crosswalk.ts'
import * as crosswalks from './crosswalk.service.ts'
import type { ChangeKind, CodeChange, EditionDiff } from './diff.ts'
import { typeDefs as diffTypes } from './diff.sdl.ts'
import { present } from './present.ts'
import { type Wishes, wished } from './wish.ts'

export const typeDefs = listTypes + diffTypes

type Search = PageRequest & { readonly search?: string | null }
interface Edition {
  readonly id: string
  readonly version: string
}
interface Pair {
  readonly from: string
  readonly to: string
}
type Absent<T> = { readonly [K in keyof T]?: T[K] | null }
type Needed = 'name' | 'standardNumber' | 'edition' | 'issuer' | 'levels' | 'licence' | 'extensible'
/** The head of a list as it is sent. */
export type HeadInput = Pick<CodeListContent, Needed> & Absent<Omit<CodeListContent, Needed>>
type ValueInput = Pick<CodeValue, 'code' | 'name'> & Absent<Omit<CodeValue, 'code' | 'name'>>
interface ListInput {
  readonly list: HeadInput
  readonly values: readonly ValueInput[]
}

// A local code gets its owner from who adds it, never from what was sent.
const valuesOf = (inputs: readonly ValueInput[]): CodeValue[] =>
  inputs.map((input) => codeValue({ ...present(input), owner: null }))

export const resolvers: Resolvers = {
  Query: {
    codeLists: (_, request: Search, ctx) => codeLists.listCodeLists(ctx, request),
    codeList: (_, { id }: Edition, ctx) => codeLists.codeList(ctx, id),
    codeListDiff: (_, { from, to }: Pair, ctx) => codeLists.diffCodeLists(ctx, from, to),
    crosswalks: (_, request: Search, ctx) => crosswalks.listCrosswalks(ctx, request),
    crosswalk: (_, { from, to }: Pair, ctx) => crosswalks.crosswalk(ctx, from, to),
    translateCode: (_, { from, to, code }: Pair & { code: string }, ctx) =>
      crosswalks.translateCode(ctx, from, to, code),
  },
  Mutation: {
    draftCodeList: (_, { input: { list, values }, ...wish }: Wishes & { input: ListInput }, ctx) =>
      codeLists.draftCodeList(ctx, present(list), valuesOf(values), wished(wish)),
    changeCodeList: (
      _,
      { version, input: { list, values }, ...wish }: Edition & Wishes & { input: ListInput },
      ctx,
    ) => codeLists.changeCodeList(ctx, version, present(list), valuesOf(values), wished(wish)),
    extendCodeList: (_, { id, values }: { id: string; values: readonly ValueInput[] }, ctx) =>
      codeLists.extendCodeList(ctx, id, valuesOf(values)),
    draftCrosswalk: (_, { input, ...wish }: Wishes & { input: CrosswalkContent }, ctx) =>
      crosswalks.draftCrosswalk(ctx, input, wished(wish)),
    changeCrosswalk: (
      _,
      { version, input, ...wish }: Wishes & { version: string; input: CrosswalkContent },
      ctx,
    ) => crosswalks.changeCrosswalk(ctx, version, input, wished(wish)),
  },
  CodeList: {
    id: ({ code }: CodeList) => code,
    editions: (list: CodeList, _, ctx) => codeLists.editionsOf(ctx, list),
    valueCount: ({ id }: CodeList, _, ctx) => loadThrough(ctx, countsOf, id),
    values: (list: CodeList, request: codeLists.ValuesRequest, ctx) =>
      codeLists.pageOfValues(ctx, list, request),
  },
  Crosswalk: {
    rows: ({ rows }: Crosswalk, request: PageRequest) => pageOf('crosswalk-row', rows, request),
  },
  EditionDiff: {
    changes: (
      { changes }: EditionDiff,
      { kinds, ...request }: PageRequest & { kinds: readonly ChangeKind[] },
    ) =>
      pageOf<CodeChange>(
        'code-change',
        changes.filter(({ kind }) => kinds.includes(kind)),
        request,
      ),
  },
  CodeScope: { STANDARD: 'standard', STANDARD_OWN: 'standard-own', STANDARD_REGION: 'standard-region' },
  CodeChangeKind: {
    UNCHANGED: 'unchanged',
    RENAMED: 'renamed',
    MOVED: 'moved',
    ADDED: 'added',
    REMOVED: 'removed',
  },
  CodeNoteKind: { RECODED: 'recoded', SPLIT: 'split', MERGED: 'merged' },
  DatePrecision: { YEAR: 'year', MONTH: 'month', DAY: 'day' },
  SuccessorKind: { SAME: 'same', RENAMED: 'renamed', SPLIT: 'split', MERGED: 'merged', PARTLY: 'partly' },
  CodeRelation: { EXACT: 'exact', BROADER: 'broader', NARROWER: 'narrower', RELATED: 'related' },
}

/** A page of what is there whole, by place. */
function pageOf<T>(name: string, all: readonly T[], request: PageRequest): Connection<T> {
  const start = Number(readCursor(name, ['number'], request)?.[0] ?? -1) + 1
  const rows = all
    .slice(start, start + rowsToRead(request))
    .map((node, index) => ({ node, at: start + index }))
  const { edges, pageInfo } = connection(name, rows, request, ({ at }) => [at])
  return { edges: edges.map(({ node, cursor }) => ({ node: node.node, cursor })), pageInfo }
}
