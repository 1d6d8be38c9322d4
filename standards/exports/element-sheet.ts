import type { DomainError } from '../../core/errors.ts'
import { CHECK_ALGORITHMS } from '../../core/text/check.ts'
import type { DataType, NormaliserName } from '../../core/text/column.ts'
import type { ElementContent } from '../element.ts'
import { present } from '../present.ts'
import { cellsOf, joinItems, type Row, type Sheet } from './sheet.ts'

/** The columns of a table of data elements, each with the Chinese name that may stand for it. */
export const ELEMENT_COLUMNS = {
  code: '内部标识符',
  version: '版本',
  nameZh: '中文名称',
  nameEn: '英文名称',
  shortName: '短名',
  synonyms: '同义名称',
  definition: '定义',
  objectClass: '对象类词',
  property: '特性词',
  representation: '表示词',
  dataType: '数据类型',
  format: '表示格式',
  minLength: '最小长度',
  maxLength: '最大长度',
  scale: '小数位',
  minimum: '最小值',
  maximum: '最大值',
  unit: '单位',
  pattern: '正则',
  codeListId: '值域代码集',
  check: '校验算法',
  placeholders: '占位值',
  nullWords: '空值词',
  normalisers: '规范化',
  level: '分级',
  personal: '个人信息',
  sensitive: '敏感',
  mask: '脱敏',
  good: '正确示例',
  bad: '错误示例',
  basis: '依据',
} as const

export type ExportedElement = ElementContent & { readonly code: string; readonly version: string }

export function elementSheet(elements: readonly ExportedElement[]): Sheet {
  return {
    name: 'elements',
    header: Object.keys(ELEMENT_COLUMNS),
    rows: elements.map((element) => {
      const cells = cellTexts(element)
      return Object.keys(ELEMENT_COLUMNS).map((column) => cells[column] ?? '')
    }),
  }
}

function cellTexts(element: ExportedElement): Record<string, string> {
  const { name, examples, synonyms, placeholders, nullWords, normalisers, basis, ...plain } = element
  const named = (good: boolean) =>
    joinItems(examples.filter((example) => example.good === good).map(({ value }) => value))
  return {
    ...Object.fromEntries(
      Object.entries(plain).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ),
    nameZh: name.zh,
    nameEn: name.en,
    synonyms: joinItems(synonyms),
    placeholders: joinItems(placeholders),
    nullWords: joinItems(nullWords),
    normalisers: joinItems(normalisers),
    good: named(true),
    bad: named(false),
    basis: joinItems(basis),
  }
}

/** An element as JSON, its good examples before the bad ones; {@link elementSheet} read again gives the same. */
export function elementDocument(element: ExportedElement): ExportedElement {
  const examples = [true, false].flatMap((good) => element.examples.filter((each) => each.good === good))
  return { ...element, examples }
}

/** What a row says of an element, whether or not it is sound. */
export function elementOfRow(
  row: Row,
  fault: (column: string, refusal: DomainError) => void,
): ElementContent {
  const { text, optional, items, integer, number, boolean, word } = cellsOf(row, fault)
  const check = text('check') === '' ? undefined : word('check', CHECK_ALGORITHMS, 'luhn')
  const optionals = {
    minLength: integer('minLength'),
    maxLength: integer('maxLength'),
    scale: integer('scale'),
    minimum: number('minimum'),
    maximum: number('maximum'),
    unit: optional('unit'),
    pattern: optional('pattern'),
    codeListId: optional('codeListId'),
    check,
    mask: optional('mask'),
  }
  return {
    name: { zh: text('nameZh'), en: text('nameEn') },
    shortName: text('shortName'),
    synonyms: items('synonyms'),
    definition: text('definition'),
    objectClass: text('objectClass'),
    property: text('property'),
    representation: text('representation'),
    // Words from outside; checkElement refuses those that are none of the types'.
    dataType: text('dataType') as DataType,
    format: text('format'),
    ...present(optionals),
    placeholders: items('placeholders'),
    nullWords: items('nullWords'),
    normalisers: items('normalisers') as NormaliserName[],
    level: integer('level') ?? 1,
    personal: boolean('personal'),
    sensitive: boolean('sensitive'),
    examples: [
      ...items('good').map((value) => ({ value, good: true })),
      ...items('bad').map((value) => ({ value, good: false })),
    ],
    basis: items('basis'),
  }
}
