import type { CompiledColumn, DataType } from '../../core/text/column.ts'
import { constraintsOf, type Described } from './constraints.ts'

const TYPES: Record<DataType, string> = {
  text: 'xsd:string',
  'long-text': 'xsd:string',
  code: 'xsd:string',
  number: 'xsd:double',
  integer: 'xsd:integer',
  money: 'xsd:integer',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  boolean: 'xsd:boolean',
  binary: 'xsd:base64Binary',
}

/** The class of records of a schema, whatever its version. */
export const recordClass = (code: string) => `urn:gdbos:record-schema:${code}`

/** The property that a column of it is. */
export const columnProperty = (code: string, column: string) => `${recordClass(code)}#${column}`

/**
 * The schema as a closed SHACL node shape in Turtle, over records as they are stored: days as xsd:date, money in
 * minor units. Check digits are beyond SHACL Core: only their shape is asked for.
 */
export function shaclOf({ code, version, name, columns }: Described): string {
  const shape = `<${recordClass(code)}:${version}>`
  const head = [
    '@prefix sh: <http://www.w3.org/ns/shacl#> .',
    '@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .',
    '@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .',
    '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .',
    '',
    `${shape} a sh:NodeShape ;`,
    `  rdfs:label ${literal(name.zh)}@zh, ${literal(name.en)}@en ;`,
    `  sh:targetClass <${recordClass(code)}> ;`,
    '  sh:closed true ;',
    '  sh:ignoredProperties ( rdf:type ) ;',
  ]
  const properties = columns.map((column, order) => propertyShape(code, column, order))
  return `${head.join('\n')}\n${properties.join(' ;\n')} .\n`
}

function propertyShape(code: string, column: CompiledColumn, order: number): string {
  const { required, minLength, maxLength, minimum, maximum, pattern, codes, placeholders } =
    constraintsOf(column)
  const lines = [
    `sh:path <${columnProperty(code, column.name)}>`,
    `sh:order ${order}`,
    `sh:name ${literal(column.label.zh)}@zh, ${literal(column.label.en)}@en`,
    `sh:description ${literal(`${column.elementCode} ${column.elementVersion}`)}`,
    `sh:datatype ${TYPES[column.dataType]}`,
    'sh:maxCount 1',
    ...(required ? ['sh:minCount 1'] : []),
    ...(minLength === undefined ? [] : [`sh:minLength ${minLength}`]),
    ...(maxLength === undefined ? [] : [`sh:maxLength ${maxLength}`]),
    ...(minimum === undefined ? [] : [`sh:minInclusive ${number(column, minimum)}`]),
    ...(maximum === undefined ? [] : [`sh:maxInclusive ${number(column, maximum)}`]),
    ...(pattern === undefined ? [] : [`sh:pattern ${literal(pattern)}`]),
    ...(codes === undefined ? [] : [`sh:in ( ${codes.map(literal).join(' ')} )`]),
    ...(placeholders === undefined ? [] : [`sh:not [ sh:in ( ${placeholders.map(literal).join(' ')} ) ]`]),
  ]
  return `  sh:property [\n${lines.map((line) => `    ${line} ;\n`).join('')}  ]`
}

/** In Turtle a number without point or exponent is an integer, one with an exponent a double. */
const number = ({ dataType }: CompiledColumn, value: number) =>
  dataType === 'number' ? value.toExponential() : String(value)

/** JSON's escapes are among Turtle's. */
const literal = (text: string) => JSON.stringify(text)
