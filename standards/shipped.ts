import type { Day } from '../core/day.ts'
import { validatorSql } from '../core/plane/emitter/index.ts'
import type { CompiledColumn } from '../core/text/column.ts'
import { codeListId, type CodeListContent, type CodeValue, MAX_LISTED } from './codelist.ts'
import { compileColumn, compileElement } from './compile.ts'
import type { ElementContent } from './element.ts'
import { errors as importErrors, readCells } from './exports/import.ts'
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
import { fieldOf } from './form.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { type Coded, loadPack, type Pack, type PackCodeList, packIds } from './pack.ts'
import { contentOf } from './schema.ts'
import type { CompiledSchema } from './schema.service.ts'
import { errors } from './standard.ts'
import { PLATFORM_ORGANISATION } from './standard.service.ts'

// The shipped packs used without a database: for `gdbos value check` and trial loads.

const packs = (): Pack[] => packIds().map(loadPack)

interface Shipped {
  readonly elements: readonly Coded<ElementContent>[]
  readonly values: ReadonlyMap<string, readonly CodeValue[]>
}

function shipped(all: readonly Pack[]): Shipped {
  return {
    elements: all.flatMap(({ elements }) => elements),
    values: new Map(all.flatMap(({ codeLists }) => codeLists.map(({ code, values }) => [code, values]))),
  }
}

const codesOf = ({ values }: Shipped, codeListId: string | undefined) => values.get(codeListId ?? '')

/** A shipped element as a column of its own, by code, short name or Chinese name. @throws STANDARDS_ELEMENT_NOT_FOUND */
export function shippedElement(name: string): CompiledColumn {
  const all = shipped(packs())
  const element = all.elements.find(
    ({ code, shortName, name: { zh } }) => code === name || shortName === name || zh === name,
  )
  if (!element) throw errors.ELEMENT_NOT_FOUND({ code: name })
  return compileElement(element, codesOf(all, element.codeListId))
}

/** A shipped code list by `number@edition`. @throws STANDARDS_CODE_LIST_NOT_FOUND */
export function shippedCodeList(id: string): PackCodeList {
  const list = packs()
    .flatMap(({ codeLists }) => codeLists)
    .find(({ code }) => code === id)
  if (!list) throw errors.CODE_LIST_NOT_FOUND({ code: id })
  return list
}

/** A shipped schema, compiled as its publication would be. @throws STANDARDS_SCHEMA_NOT_FOUND */
export function shippedSchema(code: string): CompiledSchema {
  const every = packs()
  const schema = every.flatMap(({ schemas }) => schemas).find((each) => each.code === code)
  if (!schema) throw errors.SCHEMA_NOT_FOUND({ code })
  const all = shipped(every)
  const byShortName = new Map(all.elements.map((element) => [element.shortName, element]))
  const content = contentOf(schema.input, (shortName) => byShortName.get(shortName))
  const columns = content.columns.map((column) => {
    const element = byShortName.get(column.elementCode)
    if (!element) throw errors.ELEMENT_NOT_FOUND({ code: column.elementCode })
    return compileColumn({ ...column, elementCode: element.code }, element, codesOf(all, element.codeListId))
  })
  const { name, primaryKey, maxRejectedRate, entity } = content
  const { version } = schema
  return {
    code,
    version,
    name,
    organisationId: PLATFORM_ORGANISATION,
    columns,
    primaryKey,
    maxRejectedRate,
    ...(entity && { entity }),
    jsonSchema: jsonSchemaOf({ code, version, name }, columns),
    formFields: columns.map((column) => fieldOf(column, shortValues(all, column))),
    validatorSql: validatorSql(columns),
  }
}

/**
 * What is wrong with a table of codes, its list being `list` or the shipped one that it names, or with one of elements.
 *
 * @throws STANDARDS_IMPORT_UNREADABLE, STANDARDS_IMPORT_TOO_LARGE, STANDARDS_IMPORT_LIST_UNKNOWN,
 * STANDARDS_CODE_LIST_INVALID
 */
export async function tryTable(
  bytes: Buffer,
  list: CodeListContent | undefined,
  today: Day,
): Promise<ImportOutcome> {
  const cells = await readCells(bytes)
  const every = packs()
  const all = shipped(every)
  if (isElementTable(cells)) {
    const reading = { codesOf: (id: string) => codesOf(all, id), today }
    const { elements, findings } = elementsIn(cells, reading)
    const changed = changedElements(elements, all.elements)
    return outcomeOf(elements.length, elements.length - changed.length, findings)
  }
  const id = list ? codeListId(list) : (listIn(cells) ?? '')
  const known = every.flatMap(({ codeLists }) => codeLists).find(({ code }) => code === id)
  const head = list ?? known?.content
  if (!head) throw importErrors.IMPORT_LIST_UNKNOWN({ code: id })
  const { values, findings } = codesIn(cells, head, known?.values ?? [])
  const same = known !== undefined && isSameEdition(head, values, known.content, known.values)
  return outcomeOf(values.length, same ? values.length : 0, findings)
}

function shortValues({ values }: Shipped, { codeListId }: CompiledColumn): readonly CodeValue[] {
  const listed = values.get(codeListId ?? '') ?? []
  return listed.length > MAX_LISTED ? [] : listed
}
