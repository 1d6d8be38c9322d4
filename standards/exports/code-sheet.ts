import { isDay } from '../../core/day.ts'
import type { DomainError } from '../../core/errors.ts'
import { type CodeListContent, type CodeValue, codeValue, PRECISIONS, type Successor } from '../codelist.ts'
import { errors } from './import.ts'
import { type Cells, cellsOf, joinItems, type Row, type Sheet } from './sheet.ts'

/** The columns of a table of codes, each with the Chinese name that may stand for it. */
export const CODE_COLUMNS = {
  list: '代码集',
  code: '代码',
  parent: '上级',
  level: '层级',
  nameZh: '名称',
  nameEn: '英文名称',
  validFrom: '有效期起',
  validTo: '有效期止',
  precision: '日期精度',
  definition: '说明',
  includes: '包括',
  excludes: '不包括',
  successors: '替代代码',
  spellings: '别名',
} as const

const EXPORTED = Object.keys(CODE_COLUMNS).filter((name) => name !== 'spellings')

/** The standard's own codes without their spellings, which are for matching only (2.2). */
const exported = (values: readonly CodeValue[]) => values.filter(({ owner }) => owner === null)

export function codeSheet(id: string, values: readonly CodeValue[]): Sheet {
  return {
    name: 'codes',
    header: EXPORTED,
    rows: exported(values).map((value) => [
      id,
      value.code,
      value.parent ?? '',
      String(value.level),
      value.name.zh,
      value.name.en,
      value.validFrom ?? '',
      value.validTo ?? '',
      value.precision,
      value.definition ?? '',
      value.includes ?? '',
      value.excludes ?? '',
      joinItems(value.successors.map(({ code, kind, weight }) => `${code}:${kind}:${weight}`)),
    ]),
  }
}

/** An edition as JSON; {@link codeSheet} read again gives the same values. */
export function codeListDocument(list: CodeListContent, values: readonly CodeValue[]) {
  return {
    list,
    values: exported(values).map(({ code, parent, level, name, validFrom, validTo, precision, ...more }) => ({
      code,
      parent,
      level,
      name,
      validFrom,
      validTo,
      precision,
      definition: more.definition || null,
      includes: more.includes || null,
      excludes: more.excludes || null,
      successors: more.successors,
    })),
  }
}

/** The value of a row; a level that is not said is the first. */
export function codeValueOf(row: Row, fault: (column: string, refusal: DomainError) => void): CodeValue {
  const cells = cellsOf(row, fault)
  const invalid = (column: string) =>
    fault(column, errors.IMPORT_CELL_INVALID({ value: cells.text(column), column }))
  const day = (column: string) => {
    const text = cells.text(column).trim()
    if (text !== '' && !isDay(text)) invalid(column)
    return isDay(text) ? text : null
  }
  if (cells.text('nameZh').trim() === '') invalid('nameZh')
  return codeValue({
    code: cells.text('code'),
    parent: cells.optional('parent') ?? null,
    level: cells.integer('level') ?? 1,
    name: { zh: cells.text('nameZh'), en: cells.optional('nameEn') ?? cells.text('nameZh') },
    spellings: cells.items('spellings'),
    owner: cells.optional('owner') ?? null,
    validFrom: day('validFrom'),
    validTo: day('validTo'),
    precision: cells.word('precision', PRECISIONS, 'day'),
    definition: cells.optional('definition') ?? null,
    includes: cells.optional('includes') ?? null,
    excludes: cells.optional('excludes') ?? null,
    successors: successorsOf(cells, () => invalid('successors')),
  })
}

const SUCCESSOR = /^(.+):(same|renamed|split|merged|partly):(\d+(?:\.\d+)?(?:e-?\d+)?)$/s

function successorsOf(cells: Cells, fault: () => void): Successor[] {
  const items = cells.items('successors').map((item) => SUCCESSOR.exec(item))
  if (items.includes(null)) fault()
  return items.flatMap((match) =>
    // The pattern lets no other word through.
    match ? [{ code: match[1] ?? '', kind: match[2] as Successor['kind'], weight: Number(match[3]) }] : [],
  )
}
