import { readFileSync } from 'node:fs'
import { ConverterFactory } from 'opencc-js/core'
import { from, to } from 'opencc-js/preset/cn2t'
import { parseAst } from 'rolldown/parseAst'
import type { Plugin } from 'vite'
import { withWords } from '../src/traditional.words.ts'

const WORDS = new URL('../src/zh-TW.words.json', import.meta.url)

/** The name of the object that holds a module's texts; its `zh` half is the source of the Taiwanese one. */
const TEXT = /\bconst \w*TEXT = \{/

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/**
 * Adds a `'zh-TW'` third to every TEXT object, made from its `zh` half at build time by OpenCC's phrase tables
 * (s2twp) below our own reviewed words. Code holds no Chinese outside strings, so the half is converted as source.
 */
export function traditional(): Plugin {
  const words = JSON.parse(readFileSync(WORDS, 'utf8')) as Record<string, string>
  const convert = withWords(words, ConverterFactory(from.cn!, to.twp!))
  return {
    name: 'gdbos-traditional',
    enforce: 'pre',
    transform(code, id) {
      const path = id.split('?')[0] ?? id
      if (!/\.tsx?$/.test(path) || path.includes('node_modules') || !TEXT.test(code)) return null
      let result = code
      for (const { start, end } of halves(parseAst(code, { lang: 'tsx' }) as unknown as Node).reverse())
        result = `${result.slice(0, end)}, 'zh-TW': ${convert(result.slice(start, end))}${result.slice(end)}`
      return { code: result, map: null }
    },
  }
}

/** Where the values of `zh` stand in the module's TEXT objects, in order. */
function halves(program: Node): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const statement of program['body'] as Node[]) {
    const declaration = (
      statement.type === 'ExportNamedDeclaration' ? statement['declaration'] : statement
    ) as Node | null
    if (declaration?.type !== 'VariableDeclaration') continue
    for (const declarator of declaration['declarations'] as Node[]) {
      const name = (declarator['id'] as { name?: string }).name
      if (!name?.endsWith('TEXT')) continue
      const object = withoutAssertion(declarator['init'] as Node)
      for (const property of object['properties'] as Node[]) {
        const value = property['value'] as Node | undefined
        if ((property['key'] as { name?: string } | undefined)?.name === 'zh' && value)
          found.push({ start: value.start, end: value.end })
      }
    }
  }
  return found
}

function withoutAssertion(node: Node): Node {
  return node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression'
    ? withoutAssertion(node['expression'] as Node)
    : node
}
