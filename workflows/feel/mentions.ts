import { type Expression, walk } from './syntax.ts'

/** Whether the expression reads the name anywhere. */
export function mentions(expression: Expression, name: string): boolean {
  for (const part of walk(expression)) if (part.kind === 'name' && part.name === name) return true
  return false
}
