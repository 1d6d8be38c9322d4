import { parse } from 'csv-parse/sync'
import { readFile } from 'node:fs/promises'
import {
  type DiffCode,
  diffEditions,
  type EditionDiff,
  parentsByPrefix,
  shippedCodeList,
} from '../../standards/index.ts'
import { EXIT, type Io, printJson, readArguments, UsageError } from './command.ts'

const OPTIONS = { json: { type: 'boolean' } } as const

/** `gdbos standard diff`: what changed from one edition to another. */
export async function printDiff(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, ['OLD', 'NEW'])
  const [before = '', after = ''] = positionals
  const diff = diffEditions(await codesOf(before), await codesOf(after))
  if (values.json === true) printJson(io, diff)
  else io.stdout.write(inWords(diff))
  return EXIT.done
}

async function codesOf(source: string): Promise<DiffCode[]> {
  const text = await readFile(source, 'utf8').catch(() => undefined)
  if (text !== undefined) return codesInFile(source, text)
  if (!source.includes('@')) throw new UsageError(`there is no file “${source}”`)
  const { values } = shippedCodeList(source)
  return values.map(({ code, name, parent, successors }) => ({ code, name: name.zh, parent, successors }))
}

type Row = Readonly<Record<string, string>>

function codesInFile(source: string, text: string): DiffCode[] {
  const rows = rowsOf(source, text)
  const first = rows[0] ?? {}
  const column = (...names: string[]) =>
    Object.keys(first).find((name) => names.includes(name.trim().toLowerCase()))
  const code = column('code', '代码')
  const name = column('name', 'namezh', '名称')
  const parent = column('parent', '上级')
  if (code === undefined || name === undefined)
    throw new UsageError(`the header of “${source}” must name code and name`)
  const codes = rows.map((row) => ({ code: row[code] ?? '', name: row[name] ?? '' }))
  if (parent === undefined) return parentsByPrefix(codes)
  return codes.map((each, index) => ({ ...each, parent: rows[index]?.[parent] || null }))
}

function rowsOf(source: string, text: string): Row[] {
  const delimiter = (text.split('\n', 1)[0] ?? '').includes('\t') ? '\t' : ','
  try {
    return parse<Row>(text, { columns: true, bom: true, delimiter, skip_empty_lines: true })
  } catch (error) {
    throw new UsageError(`“${source}” is no table of codes: ${error instanceof Error ? error.message : ''}`)
  }
}

function inWords({ counts, changes, notes }: EditionDiff): string {
  const lines = Object.entries(counts).map(([name, count]) => `${name.padEnd(10)}${count}`)
  for (const { kind, code, oldName, newName } of changes)
    if (kind !== 'unchanged')
      lines.push(`${kind}  ${code}  ${[oldName, newName].filter(Boolean).join(' → ')}`)
  for (const { kind, from, to, declared } of notes)
    lines.push(`${kind}  ${from.join(' ')} → ${to.join(' ')}${declared ? '' : '  (proposed 建议)'}`)
  return `${lines.join('\n')}\n`
}
