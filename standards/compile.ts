import type { Calendar, CompiledColumn, DataType } from '../core/text/column.ts'
import type { CodeSpan } from '../core/text/code-validity.ts'
import { NULL_WORDS } from '../core/text/normalise.ts'
import { type CodeValue, endOfValidity } from './codelist.ts'
import type { ElementContent } from './element.ts'
import { present } from './present.ts'
import type { SchemaColumn } from './schema.ts'

/** A code of a list with its validity; one that is in force twice stands there twice. */
export type ListedCode = Pick<CodeValue, 'code' | 'validFrom' | 'validTo' | 'precision'>

type Versioned = ElementContent & { readonly code: string; readonly version: string }

/** A column made of an element alone: for its examples, for a form field, for `gdbos value check`. */
export function compileElement(element: Versioned, codes?: readonly ListedCode[]): CompiledColumn {
  return compileColumn(
    {
      name: element.shortName,
      elementCode: element.code,
      elementRange: element.version,
      required: false,
      role: 'attribute',
      synonyms: [],
    },
    element,
    codes,
  )
}

/**
 * The column as the plane, forms and exports use it: everything of its element, tightened by what the
 * schema says. `codes` are those of the element's list.
 */
export function compileColumn(
  column: SchemaColumn,
  element: Versioned,
  codes?: readonly ListedCode[],
): CompiledColumn {
  const allowed = column.codes ?? (codes && [...new Set(codes.map(({ code }) => code))])
  return {
    name: column.name,
    elementCode: element.code,
    elementVersion: element.version,
    label: column.label ?? element.name,
    synonyms: synonymsOf(column, element),
    dataType: element.dataType,
    required: column.required,
    role: column.role,
    severity: column.severity ?? 'reject',
    ...(element.dataType === 'date' ? { calendar: column.calendar ?? DEFAULT_CALENDAR } : {}),
    normalisers: element.normalisers,
    ...present({
      minLength: column.minLength ?? element.minLength,
      maxLength: column.maxLength ?? element.maxLength,
      scale: element.scale,
      minimum: element.minimum,
      maximum: element.maximum,
      pattern: element.pattern,
      check: element.check,
      codeListId: element.codeListId,
      codes: allowed,
      spans: spansOf(codes, allowed),
      currency: element.dataType === 'money' ? element.unit : undefined,
    }),
    placeholders: element.placeholders,
    nullWords: element.normalisers.includes('null-words') ? [...NULL_WORDS, ...element.nullWords] : [],
    sqlType: SQL_TYPES[element.dataType],
  }
}

const DEFAULT_CALENDAR: Calendar = 'gregorian'

/** Of the codes that do not hold on every day; undefined where all do. */
function spansOf(
  codes: readonly ListedCode[] | undefined,
  allowed: readonly string[] | undefined,
): CodeSpan[] | undefined {
  const permitted = new Set(allowed)
  const spans = (codes ?? []).flatMap((value): CodeSpan[] =>
    permitted.has(value.code) && (value.validFrom !== null || value.validTo !== null)
      ? [{ code: value.code, from: value.validFrom, to: endOfValidity(value) }]
      : [],
  )
  return spans.length === 0 ? undefined : spans
}

function synonymsOf(column: SchemaColumn, element: ElementContent): string[] {
  const own = [...column.synonyms, element.name.zh, element.name.en, element.shortName, ...element.synonyms]
  const label = column.label ?? element.name
  return [...new Set(own)].filter((name) => name !== label.zh && name !== label.en)
}

/** Names that PostgreSQL and DuckDB both know. Money is in minor units. */
const SQL_TYPES: Record<DataType, string> = {
  text: 'varchar',
  'long-text': 'varchar',
  code: 'varchar',
  number: 'float8',
  integer: 'bigint',
  money: 'bigint',
  date: 'date',
  datetime: 'timestamp',
  boolean: 'boolean',
  binary: 'bytea',
}
