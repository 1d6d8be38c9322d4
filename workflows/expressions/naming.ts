import { children, nameAt, parsed, type Syntax } from './syntax.ts'

/** A name in an expression and the texts it is held against. */
export interface Naming {
  readonly name: string
  /** Null where it is not just compared with texts that are written out: whatever it holds matters then. */
  readonly texts: readonly string[] | null
}

/**
 * The names that an expression reads, each time it does, with what it compares them with: of
 * `region = "990121" and age > 60` the text of `region`, and no text of `age`.
 *
 * @throws EXPRESSION_TEXT_INVALID, EXPRESSION_TEXT_TOO_COMPLEX
 */
export function namings(text: string): Naming[] {
  const found: Naming[] = []
  const open = [parsed(text)]
  for (let node = open.pop(); node; node = open.pop()) {
    if (compares(text, node)) {
      const { names, texts, isPlain, nested } = operandsOf(text, node)
      const held = isPlain && names.length === 1 && texts.length > 0 ? texts : null
      for (const name of names) found.push({ name, texts: held })
      open.push(...nested)
    } else if (node.name === 'VariableName') found.push({ name: nameAt(text, node), texts: null })
    else open.push(...children(node).slice(node.name === 'FunctionInvocation' ? 1 : 0))
  }
  return found
}

/** `=`, `!=`, `in` and `list contains`; what is less or greater names no texts. */
function compares(text: string, node: Syntax): boolean {
  const parts = children(node)
  if (node.name === 'FunctionInvocation') return parts[0] !== undefined && isContains(text, parts[0])
  if (node.name !== 'Comparison') return false
  const operator = parts.find(({ name }) => name === 'CompareOp')
  return operator ? ['=', '!='].includes(nameAt(text, operator)) : parts.some(({ name }) => name === 'in')
}

const isContains = (text: string, node: Syntax) => nameAt(text, node) === 'list contains'

/** What stands in a comparison itself, and the comparisons inside it. */
function operandsOf(text: string, comparison: Syntax) {
  const found = { names: [] as string[], texts: [] as string[], isPlain: true, nested: [] as Syntax[] }
  const open = children(comparison).slice(comparison.name === 'FunctionInvocation' ? 1 : 0)
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.name === 'Comparison') found.nested.push(node)
    else if (node.name === 'VariableName') found.names.push(nameAt(text, node))
    else if (node.name === 'StringLiteral') found.texts.push(textOf(text.slice(node.from, node.to)))
    else {
      if (!PLAIN.has(node.name) && /^[A-Z]/.test(node.name)) found.isPlain = false
      const called = node.name === 'FunctionInvocation'
      open.push(...children(node).slice(called ? 1 : 0))
    }
  }
  return found
}

/** What may stand around a text without making another of it. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['Identifier', 'CompareOp', 'List', 'ParenthesizedExpression', 'PositionalParameters'],
  ...['PositiveUnaryTests', 'PositiveUnaryTest', 'Conjunction', 'Disjunction'],
])

function textOf(literal: string): string {
  try {
    return String(JSON.parse(literal))
  } catch {
    return literal.slice(1, -1)
  }
}
