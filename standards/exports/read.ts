import type { Day } from '../../core/day.ts'
import { DomainError, type Texts } from '../../core/errors.ts'
import { canonical } from '../../core/text/canonical.ts'
import { checkHead, codeFaults, codeListId, type CodeListContent, type CodeValue } from '../codelist.ts'
import type { ListedCode } from '../compile.ts'
import {
  checkElement,
  ELEMENT_CODE,
  type ElementContent,
  errors as elementErrors,
  runExamples,
} from '../element.ts'
import { FIRST_VERSION } from '../version.ts'
import { CODE_COLUMNS, codeListDocument, codeValueOf } from './code-sheet.ts'
import { ELEMENT_COLUMNS, elementDocument, elementOfRow, type ExportedElement } from './element-sheet.ts'
import { errors } from './import.ts'
import { type Finding, namedRows, type NumberedRow } from './sheet.ts'

/** What is wrong with a cell of a file, as it is told to people. */
export interface CellFinding {
  /** As a spreadsheet counts, the header is 1. */
  readonly row: number
  readonly column: string
  readonly value: string
  readonly code: string
  readonly message: Texts
}

/** Findings that are told; the number of all is told beside them. */
const MAX_TOLD = 500

/** The first findings, in words. */
export const toldFindings = (findings: readonly Finding[]): CellFinding[] =>
  findings.slice(0, MAX_TOLD).map(({ row, column, value, refusal: { code, messages } }) => ({
    row,
    column,
    value: value.slice(0, 200),
    code,
    message: messages,
  }))

/** What an import did, or would do. */
export interface ImportOutcome {
  /** Values or elements in the file. */
  readonly read: number
  /** Of them those that are published like this already. */
  readonly unchanged: number
  readonly drafts: readonly { readonly code: string; readonly version: string }[]
  /** The first of them; with any, nothing is drafted. */
  readonly findings: readonly CellFinding[]
  readonly findingCount: number
}

/** The outcome before anything is drafted. */
export const outcomeOf = (read: number, unchanged: number, findings: readonly Finding[]): ImportOutcome => ({
  read,
  unchanged,
  drafts: [],
  findings: toldFindings(findings),
  findingCount: findings.length,
})

type Grid = readonly (readonly string[])[]

/** Whether a table holds data elements; codes have no short names. */
export const isElementTable = ([header = []]: Grid) =>
  header.some((cell) => ['shortname', ELEMENT_COLUMNS.shortName].includes(cell.trim().toLowerCase()))

/** The list that a table of codes names, as `number@edition`; undefined where it names none. */
export function listIn(cells: Grid): string | undefined {
  const { rows } = namedRows(cells, CODE_COLUMNS, [])
  return rows.map((row) => row.cells['list'] ?? '').find((list) => list !== '')
}

/**
 * The values in a table of codes of this list. Spellings are those of `known` where the table has no column for them.
 *
 * @throws STANDARDS_CODE_LIST_INVALID for a list without values, or whose head is unsound
 */
export function codesIn(
  cells: Grid,
  list: CodeListContent,
  known: readonly CodeValue[],
): { readonly values: CodeValue[]; readonly findings: Finding[] } {
  const { rows, findings } = namedRows(cells, CODE_COLUMNS, ['code', 'nameZh'])
  if (findings.length > 0) return { values: [], findings }
  const id = codeListId(list)
  const faultsIn = faultsInto(findings)
  const spellings = new Map(known.map((value) => [keyOf(value), value.spellings]))
  const values = rows.map((row) => {
    const named = row.cells['list'] ?? ''
    const fault = faultsIn(row)
    if (named !== '' && named !== id) fault('list', errors.IMPORT_LIST_DIFFERS({ code: named, expected: id }))
    const value = codeValueOf(row.cells, fault)
    if (row.cells['spellings'] !== undefined) return value
    return { ...value, spellings: spellings.get(keyOf(value)) ?? [] }
  })
  checkHead(list, values)
  for (const { at, field, refusal } of codeFaults(list, values)) {
    const row = rows[at]
    if (row) faultsIn(row)(field === 'name' ? 'nameZh' : field, refusal)
  }
  return { values, findings }
}

const keyOf = ({ code, validFrom }: CodeValue) => `${code} ${validFrom ?? ''}`

/** Tells what is wrong with the cells of a row, of each cell the first. */
function faultsInto(findings: Finding[]) {
  const told = new Set<string>()
  return ({ at, cells }: NumberedRow) =>
    (column: string, refusal: DomainError) => {
      if (told.size === told.add(`${at} ${column}`).size) return
      findings.push({ row: at, column, value: cells[column] ?? '', refusal })
    }
}

export type CodedElement = ElementContent & { readonly code: string }

export interface ElementReading {
  /** Codes of a list, for examples; undefined for a list that is not published. */
  codesOf(listId: string): readonly ListedCode[] | undefined
  readonly today: Day
}

/** The elements in a table, each judged as its publication would be. */
export function elementsIn(
  cells: Grid,
  { codesOf, today }: ElementReading,
): { readonly elements: CodedElement[]; readonly findings: Finding[] } {
  const needed = ['code', 'nameZh', 'nameEn', 'shortName', 'definition', 'dataType', 'format']
  const { rows, findings } = namedRows(cells, ELEMENT_COLUMNS, needed)
  if (findings.length > 0) return { elements: [], findings }
  const faultsIn = faultsInto(findings)
  const seen = new Set<string>()
  const elements = rows.map((row) => {
    const fault = faultsIn(row)
    const code = row.cells['code'] ?? ''
    if (seen.size === seen.add(code).size) fault('code', errors.IMPORT_CODE_TWICE({ code }))
    const element = { ...elementOfRow(row.cells, fault), code }
    const refusal = refusalOf(element, codesOf(element.codeListId ?? ''), today)
    if (refusal) fault(columnOf(refusal, row), refusal)
    return element
  })
  return { elements, findings }
}

function refusalOf(
  element: CodedElement,
  codes: readonly ListedCode[] | undefined,
  today: Day,
): DomainError | undefined {
  try {
    if (!ELEMENT_CODE.test(element.code))
      throw elementErrors.ELEMENT_INVALID({ name: element.name.zh, field: 'code' })
    checkElement(element)
    runExamples({ ...element, version: FIRST_VERSION }, codes, today)
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

/** The column that a refusal of an element speaks of. */
function columnOf({ code, params }: DomainError, { cells }: NumberedRow): string {
  if (code === 'STANDARDS_ELEMENT_PATTERN_UNSAFE') return 'pattern'
  if (code === 'STANDARDS_ELEMENT_EXAMPLE_FAILED')
    return (cells['good'] ?? '').includes(String(params['value'])) ? 'good' : 'bad'
  const field = String(params['field'])
  if (field === 'name') return (cells['nameZh'] ?? '').trim() === '' ? 'nameZh' : 'nameEn'
  return field
}

/** The elements that are not published like this. */
export function changedElements(
  elements: readonly CodedElement[],
  published: readonly ExportedElement[],
): CodedElement[] {
  const known = new Map(published.map((element) => [element.code, element]))
  return elements.filter((element) => {
    const before = known.get(element.code)
    if (!before) return true
    const now = elementDocument({ ...element, version: before.version })
    return canonical(now) !== canonical(elementDocument(before))
  })
}

/** Whether two editions are the same but for spellings and local codes. */
export const isSameEdition = (
  list: CodeListContent,
  values: readonly CodeValue[],
  published: CodeListContent,
  known: readonly CodeValue[],
) => canonical(codeListDocument(list, values)) === canonical(codeListDocument(published, known))
