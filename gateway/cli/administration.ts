import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { transaction } from '../../core/context.ts'
import { openAccount } from '../../core/identity/index.ts'
import * as organisations from '../../modules/organisation/index.ts'
import { publishItem } from '../../modules/service/index.ts'
import { type CliCommand, EXIT, printJson, readArguments, UsageError } from './command.ts'
import { onDatabase } from './database.ts'

const KINDS = ['government', 'body', 'enterprise'] as const

const COMMON = { data: { type: 'string' }, json: { type: 'boolean' } } as const
const COMMON_HELP = [
  '  --data DIR          data folder (default GDBOS_DATA), or DATABASE_URL',
  '  --json              print the result as JSON',
]

/** How whoever runs the server sets up what people need before anybody can sign in. */
export const organisation: CliCommand = {
  name: 'organisation',
  summary: 'Establish a government, a department or a firm',
  usage: [
    'gdbos organisation establish ID --kind KIND --zh NAME --en NAME [OPTIONS]',
    '',
    `  --kind KIND         ${KINDS.join(', ')}`,
    '  --parent ID         what it stands under',
    '  --credit-code CODE  unified social credit code (GB 32100); firms need one',
    '  --region CODE       division (GB/T 2260), six digits',
    ...COMMON_HELP,
  ].join('\n'),
  examples: [
    'gdbos organisation establish county --kind government --zh 示例县人民政府 --en "Sample county"',
    'gdbos organisation establish market --kind body --parent county --zh 市场监督管理局 --en "Market bureau"',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(
      args,
      {
        kind: { type: 'string' },
        zh: { type: 'string' },
        en: { type: 'string' },
        parent: { type: 'string' },
        'credit-code': { type: 'string' },
        region: { type: 'string' },
        ...COMMON,
      },
      ['“establish”', 'ID'],
    )
    const [verb, id = ''] = positionals
    requireVerb('organisation', verb, 'establish')
    const kind = KINDS.find((known) => known === values.kind)
    if (kind === undefined) throw new UsageError(`--kind must be one of ${KINDS.join(', ')}`)
    const established = await onDatabase(values.data, (ctx) =>
      organisations.establish(ctx, {
        id,
        kind,
        name: { zh: needed('zh', values.zh), en: needed('en', values.en) },
        parentId: values.parent ?? null,
        creditCode: values['credit-code'] ?? null,
        regionCode: values.region ?? null,
      }),
    )
    if (values.json === true) printJson(io, { id: established.id, kind })
    else io.stderr.write(`${established.name.zh} (${established.id}) is established.\n`)
    return EXIT.done
  },
}

export const account: CliCommand = {
  name: 'account',
  summary: 'Open the account of a person, with a post where one is named',
  usage: [
    'gdbos account open LOGIN --zh NAME --en NAME [OPTIONS]',
    '',
    '  --organisation ID   where the person has a post; without, the person is a citizen',
    '  --role ROLE         of the post; may be given several times',
    ...COMMON_HELP,
    '',
    'The password is made here and printed once, on stdout.',
  ].join('\n'),
  examples: ['gdbos account open wang.fang --zh 王芳 --en "Wang Fang" --organisation market --role clerk'],
  async run(args, io) {
    const { values, positionals } = readArguments(
      args,
      {
        zh: { type: 'string' },
        en: { type: 'string' },
        organisation: { type: 'string' },
        role: { type: 'string', multiple: true },
        ...COMMON,
      },
      ['“open”', 'LOGIN'],
    )
    const [verb, login = ''] = positionals
    requireVerb('account', verb, 'open')
    const { organisation: organisationId, role: roles = [] } = values
    if ((organisationId === undefined) !== (roles.length === 0))
      throw new UsageError('--organisation and --role go together')
    const name = { zh: needed('zh', values.zh), en: needed('en', values.en) }
    const isPublic = roles.every((role) => role.startsWith('enterprise-'))
    const password = randomBytes(12).toString('base64url')
    await onDatabase(values.data, (ctx) =>
      transaction(ctx, async (ctx) => {
        const { id: personId } = await organisations.registerPerson(ctx, { name })
        if (organisationId !== undefined) await organisations.employ(ctx, { personId, organisationId, roles })
        await openAccount(ctx, { login, password, personId, audience: isPublic ? 'public' : 'staff' })
      }),
    )
    if (values.json === true) printJson(io, { login, password })
    else io.stdout.write(`${password}\n`)
    return EXIT.done
  },
}

export const item: CliCommand = {
  name: 'item',
  summary: 'Publish a service item in the directory',
  usage: ['gdbos item publish FILE.json [OPTIONS]', '', ...COMMON_HELP].join('\n'),
  examples: ['gdbos item publish workflows/packs/food-business-licence/item.json'],
  async run(args, io) {
    const { values, positionals } = readArguments(args, COMMON, ['“publish”', 'FILE'])
    const [verb, file = ''] = positionals
    requireVerb('item', verb, 'publish')
    const content = await readJsonFile(file)
    const published = await onDatabase(values.data, (ctx) => publishItem(ctx, content))
    if (values.json === true) printJson(io, { id: published.id, itemCode: published.itemCode })
    else io.stderr.write(`${published.itemCode} is published.\n`)
    return EXIT.done
  },
}

async function readJsonFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

function requireVerb(command: string, given: string | undefined, verb: string): void {
  if (given !== verb)
    throw new UsageError(`there is no “${command} ${given}”; did you mean “${command} ${verb}”?`)
}

function needed(option: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`--${option} is missing`)
  return value
}
