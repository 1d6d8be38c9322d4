import { countsAll, holdings } from '../../modules/catalog/index.ts'
import { impact, type StandardKind } from '../../standards/index.ts'
import { EXIT, type Io, printJson, readArguments } from './command.ts'
import { onDatabase } from './database.ts'

const OPTIONS = {
  code: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `gdbos standard impact`: who refers to a standard, and how many rows hold it. */
export async function printImpact(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS, ['CODE|LIST'])
  const [code = ''] = positionals
  const answer = await onDatabase(values.data, async (ctx) => {
    const found = await impact(ctx, { kind: kindOf(code), code, value: values.code })
    return { ...found, holdings: await holdings(ctx, found) }
  })
  const users = answer.dependencies.map(({ user: { readers: _, ...user }, ...use }) => ({ ...user, ...use }))
  const rows = answer.holdings.map(({ dataset, ...held }) => ({
    datasetId: dataset.id,
    title: dataset.title,
    ...held,
  }))
  const { kind, value, complete } = answer
  if (values.json === true) printJson(io, { kind, code, value, complete, users, rows })
  else {
    for (const { depth, kind, code, version, place, name, values, live } of users) {
      const named = values === null ? '' : `  [${values.join(' ')}]`
      io.stdout.write(
        `${depth}  ${kind}  ${code}  ${version}  ${place}${named}  ${name.zh}${live ? '' : '  (–)'}\n`,
      )
    }
    for (const { title, version, column, rows: count } of rows)
      io.stdout.write(`rows  ${count}  ${title}  v${version}  ${column}\n`)
    if (!complete || !countsAll(answer)) io.stderr.write('gdbos: there are more than are listed\n')
  }
  return EXIT.done
}

/** An element is known by its code, a list by the edition in its name; all else is a record schema. */
function kindOf(code: string): StandardKind {
  if (/^DE\d{8}$/.test(code)) return 'element'
  return code.includes('@') ? 'code-list' : 'schema'
}
