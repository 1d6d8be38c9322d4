import { parseExpression } from 'feelin'
import { defineErrors, DomainError } from '../../core/errors.ts'

export const errors = defineErrors('EXPRESSION', {
  FUNCTION_FORBIDDEN: {
    kind: 'invalid',
    zh: '表达式不允许使用“{name}”',
    en: 'An expression may not use “{name}”',
  },
  TEXT_TOO_COMPLEX: {
    kind: 'invalid',
    zh: '表达式超出上限：{limit}',
    en: 'The expression is over a limit: {limit}',
  },
  EVALUATION_FAILED: {
    kind: 'invalid',
    zh: '表达式“{text}”无法求值',
    en: 'The expression “{text}” could not be evaluated',
  },
})

export type Syntax = ReturnType<typeof parseExpression>['topNode']

const MAX_BYTES = 4_096
const MAX_NODES = 200
const MAX_DEPTH = 32
/** Lists an expression may walk, and how many walks may stand inside one another. */
export const MAX_LIST = 1_000
const MAX_WALKS = 2

const WALKS = new Set(['ForExpression', 'QuantifiedExpression', 'FilterExpression'])
/** Words of the grammar's own, not operations of the author's. */
const UNCOUNTED = new Set([
  'Expression',
  'Identifier',
  'Name',
  'PathName',
  'CompareOp',
  'ArithOp',
  'LineComment',
])

/** The expression's syntax tree. @throws EXPRESSION_TEXT_INVALID, EXPRESSION_TEXT_TOO_COMPLEX */
export function parsed(text: string): Syntax {
  if (Buffer.byteLength(text) > MAX_BYTES) throw errors.TEXT_TOO_COMPLEX({ limit: `${MAX_BYTES} B` })
  const top = parseExpression(text, {}, undefined).topNode
  measure(top)
  for (const node of descendants(top)) if (node.type.isError) throw syntaxError(text, node.from)
  return top
}

function measure(top: Syntax): void {
  let nodes = 0
  const open: { node: Syntax; depth: number; walks: number }[] = [{ node: top, depth: 0, walks: 0 }]
  for (let at = open.pop(); at; at = open.pop()) {
    const { node } = at
    const counts = isOperation(node)
    if (counts) nodes += 1
    const depth = at.depth + (counts ? 1 : 0)
    const walks = at.walks + (WALKS.has(node.name) ? Math.max(1, walkedLists(node)) : 0)
    if (nodes > MAX_NODES) throw errors.TEXT_TOO_COMPLEX({ limit: `${MAX_NODES} nodes` })
    if (depth > MAX_DEPTH) throw errors.TEXT_TOO_COMPLEX({ limit: `depth ${MAX_DEPTH}` })
    if (walks > MAX_WALKS) throw errors.TEXT_TOO_COMPLEX({ limit: `${MAX_WALKS} nested lists` })
    for (const child of children(node)) open.push({ node: child, depth, walks })
  }
}

const isOperation = (node: Syntax) => /^[A-Z]/.test(node.name) && !UNCOUNTED.has(node.name)

const walkedLists = (node: Syntax) =>
  children(node)
    .filter(({ name }) => name === 'InExpressions')
    .flatMap(children)
    .filter(({ name }) => name === 'InExpression').length

export function syntaxError(text: string, position: number): DomainError {
  return invalid(text, position, 'the FEEL grammar expects something else here', '不符合FEEL语法')
}

/** EXPRESSION_TEXT_INVALID with the reason in both languages; `position` counts from 0. */
export function invalid(text: string, position: number, reason: string, reasonZh: string): DomainError {
  const template = {
    kind: 'invalid' as const,
    zh: `表达式“{text}”无效（第{position}个字符）：${reasonZh}`,
    en: `The expression “{text}” is not valid at character {position}: ${reason}`,
  }
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return new DomainError('EXPRESSION_TEXT_INVALID', template, { text: shown, position: position + 1 })
}

export function children(node: Syntax): Syntax[] {
  const found: Syntax[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

function* descendants(top: Syntax): Generator<Syntax> {
  const open = [top]
  for (let node = open.pop(); node; node = open.pop()) {
    yield node
    open.push(...children(node).reverse())
  }
}

/** A name as written, with single blanks between its words. */
export const nameAt = (text: string, node: Syntax) => text.slice(node.from, node.to).replace(/\s+/g, ' ')
