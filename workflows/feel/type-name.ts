import { Scanner, Vocabulary } from './scanner.ts'
import type { TypeName } from './syntax.ts'

/** FEEL's own types, as written. */
export const TYPE_NAMES = [
  ...['Any', 'Null', 'number', 'string', 'boolean', 'date', 'time', 'date and time'],
  ...['days and time duration', 'years and months duration', 'list', 'context', 'function', 'range'],
  ...['dateTime', 'dayTimeDuration', 'yearMonthDuration'],
]

/** The type that comes next, taken. @throws FEEL_SYNTAX_INVALID */
export function typeName(scanner: Scanner, depth = 0): TypeName {
  if (depth > 20) throw scanner.wrong('a simpler type', '更简单的类型')
  let name = scanner.name()
  if (name === undefined) throw scanner.wrong('a type', '类型')
  while (scanner.sees('.') && !scanner.sees('..')) {
    scanner.needs('.')
    name = `${name}.${scanner.name() ?? ''}`
  }
  if (!scanner.sees('<') || !['list', 'range', 'context', 'function'].includes(name)) return { name }
  scanner.needs('<')
  if (name === 'context') return { name, fields: fieldsOf(scanner, depth) }
  const of: TypeName[] = []
  if (!scanner.takes('>')) {
    do of.push(typeName(scanner, depth + 1))
    while (scanner.takes(','))
    scanner.needs('>')
  }
  if (name !== 'function') return { name, of }
  scanner.needs('->')
  return { name, of, result: typeName(scanner, depth + 1) }
}

function fieldsOf(scanner: Scanner, depth: number): [string, TypeName][] {
  const fields: [string, TypeName][] = []
  if (scanner.takes('>')) return fields
  do {
    const name = scanner.nameUntil(/:/g)
    if (name === undefined) throw scanner.wrong('a name', '名称')
    scanner.needs(':')
    fields.push([name, typeName(scanner, depth + 1)])
  } while (scanner.takes(','))
  scanner.needs('>')
  return fields
}

/** The type a typeRef names; a name of several words, or of an import, as it stands. */
export function parseTypeName(text: string): TypeName {
  const written = text.trim()
  if (!written.includes('<')) return { name: written.replace(/^feel[.:]/, '') }
  return typeName(new Scanner(written, new Vocabulary(TYPE_NAMES)))
}
