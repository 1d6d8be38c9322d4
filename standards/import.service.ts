import { type Context, transaction } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { authorize } from '../core/policy.ts'
import { codeListId, type CodeListContent } from './codelist.ts'
import { valuesOf } from './codelist.repository.ts'
import { changeCodeList, CODE_LIST, draftCodeList, codesInForce } from './codelist.service.ts'
import { changeElement, draftElement, ELEMENT } from './element.service.ts'
import { contentOf } from './export.service.ts'
import { elementsInForce } from './export.repository.ts'
import { ELEMENT_COLUMNS } from './exports/element-sheet.ts'
import { errors, readCells } from './exports/import.ts'
import {
  changedElements,
  codesIn,
  elementsIn,
  type ImportOutcome,
  isElementTable,
  isSameEdition,
  listIn,
  outcomeOf,
} from './exports/read.ts'
import { namedRows } from './exports/sheet.ts'
import { inForceOf } from './in-force.service.ts'
import { can } from './policy.ts'
import type { StandardOf } from './standard.ts'
import * as standards from './standard.service.ts'

export interface CodeListFile {
  /** Reads the CSV or XLSX, once it is known that the actor may import. */
  readonly read: () => Promise<Buffer>
  /** The head of the list; that of its published version unless said. */
  readonly list?: CodeListContent | undefined
  /** Only tells what an import would do. */
  readonly dryRun: boolean
}

/**
 * Drafts an edition of a code list from a table of its codes, or changes the organisation's own draft of it. Spellings
 * and local codes of the published version are kept.
 *
 * @throws POLICY_FORBIDDEN, STANDARDS_IMPORT_UNREADABLE, STANDARDS_IMPORT_TOO_LARGE, STANDARDS_IMPORT_LIST_UNKNOWN, and
 * as the draft of a code list
 */
export async function importCodeList(ctx: Context, file: CodeListFile): Promise<ImportOutcome> {
  await authorize(ctx, can.draftStandard, { organisationId: ctx.actor.organisationId })
  return draftList(ctx, await readCells(await file.read()), file)
}

type Cells = Awaited<ReturnType<typeof readCells>>

function draftList(ctx: Context, cells: Cells, file: Omit<CodeListFile, 'read'>): Promise<ImportOutcome> {
  return transaction(ctx, async (ctx) => {
    const id = file.list ? codeListId(file.list) : (listIn(cells) ?? '')
    const versions = await standards.versionsOf(ctx, CODE_LIST, id)
    const published = (await inForceOf<CodeListContent>(ctx, 'code-list', [id])).get(id)
    const list = file.list ?? (published && contentOf<CodeListContent>(published))
    if (!list) throw errors.IMPORT_LIST_UNKNOWN({ code: id })
    const known = published ? await valuesOf(ctx, published.id) : []

    const { values, findings } = codesIn(cells, list, known)
    const same = published !== undefined && isSameEdition(list, values, contentOf(published), known)
    const outcome = outcomeOf(values.length, same ? values.length : 0, findings)
    if (findings.length > 0 || same || file.dryRun) return outcome

    const all = [...values, ...known.filter(({ owner }) => owner !== null)]
    const draft = ownDraft(ctx, versions)
    const { code, version } = draft
      ? await changeCodeList(ctx, draft.version, list, all)
      : await draftCodeList(ctx, list, all)
    return { ...outcome, drafts: [{ code, version }] }
  })
}

const ownDraft = <Content>({ actor }: Context, versions: readonly StandardOf<Content>[]) =>
  versions.find(({ status, organisationId }) => status === 'draft' && organisationId === actor.organisationId)

/**
 * {@link importElements} or {@link importCodeList}, by what the table holds.
 *
 * @throws as either
 */
export async function importTable(ctx: Context, file: CodeListFile): Promise<ImportOutcome> {
  await authorize(ctx, can.draftStandard, { organisationId: ctx.actor.organisationId })
  const cells = await readCells(await file.read())
  return file.list === undefined && isElementTable(cells)
    ? draftElements(ctx, cells, file.dryRun)
    : draftList(ctx, cells, file)
}

export interface ElementFile {
  /** Reads the CSV or XLSX, once it is known that the actor may import. */
  readonly read: () => Promise<Buffer>
  readonly dryRun: boolean
}

/**
 * Drafts the data elements of a table that differ from what is published, all or none; an own draft is changed. Their
 * versions follow the size of the change, whatever the table says.
 *
 * @throws POLICY_FORBIDDEN, STANDARDS_IMPORT_UNREADABLE, STANDARDS_IMPORT_TOO_LARGE, and as the draft of an element
 */
export async function importElements(ctx: Context, { read, dryRun }: ElementFile): Promise<ImportOutcome> {
  await authorize(ctx, can.draftStandard, { organisationId: ctx.actor.organisationId })
  return draftElements(ctx, await readCells(await read()), dryRun)
}

function draftElements(ctx: Context, cells: Cells, dryRun: boolean): Promise<ImportOutcome> {
  return transaction(ctx, async (ctx) => {
    const { rows } = namedRows(cells, ELEMENT_COLUMNS, [])
    const lists = await codesInForce(
      ctx,
      rows.flatMap((row) => row.cells['codeListId'] || []),
    )
    const published = await elementsInForce(ctx, dayOf(ctx.now()))

    const reading = { codesOf: (id: string) => lists.get(id), today: dayOf(ctx.now()) }
    const { elements, findings } = elementsIn(cells, reading)
    const changed = changedElements(elements, published)
    const outcome = outcomeOf(elements.length, elements.length - changed.length, findings)
    if (findings.length > 0 || dryRun) return outcome

    const drafts: { code: string; version: string }[] = []
    for (const { code, ...content } of changed) {
      const draft = ownDraft(ctx, await standards.versionsOf(ctx, ELEMENT, code))
      const { version } = draft
        ? await changeElement(ctx, code, draft.version, content)
        : await draftElement(ctx, code, content)
      drafts.push({ code, version })
    }
    return { ...outcome, drafts }
  })
}
