import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, errors, readConfig } from '../../core/config.ts'
import { anyAccount } from '../../core/identity/index.ts'
import { type Kernel, PLATFORM } from '../../core/kernel.ts'
import { type CliCommand, EXIT, type Io, readArguments, readInteger } from './command.ts'

export const start: CliCommand = {
  name: 'start',
  summary: 'Start the server and the portal; stop it with Ctrl-C',
  usage: 'gdbos start [--demo] [--port N] [--data DIR]',
  examples: [
    'gdbos start --demo',
    'gdbos start --port 8090 --data ./data',
    'GDBOS_MODE=production DATABASE_URL=postgres://gdbos@db/gdbos gdbos start',
  ],
  async run(args, io) {
    const { values } = readArguments(args, {
      demo: { type: 'boolean' },
      port: { type: 'string' },
      data: { type: 'string' },
    })
    const config = readConfig({
      ...(values.port !== undefined && { port: readInteger('port', values.port, 0, 65_535) }),
      ...(values.data !== undefined && { dataFolder: values.data }),
    })
    if (values.demo === true) requireDemoAllowed(config)
    warnOfNode(io)

    const { startServer, stopOnSignals } = await import('../main.ts')
    let demo: Demo | undefined
    const server = await startServer(config, {
      async prepare(kernel) {
        if (values.demo === true) demo = await prepareDemo(kernel, io)
      },
    })
    stopOnSignals(server)
    io.stdout.write(await greeting(server.kernel, server.url, demo))
    // The server keeps the process; a signal ends it.
    return EXIT.done
  },
}

/** @throws CONFIG_SETTING_INVALID in production, and where others than this machine could sign in (AUT3) */
function requireDemoAllowed({ mode, host }: Config): void {
  if (mode === 'production')
    throw errors.SETTING_INVALID({
      setting: 'GDBOS_MODE',
      reason: 'production has no demo accounts; leave out --demo',
    })
  if (!['127.0.0.1', 'localhost', '::1'].includes(host))
    throw errors.SETTING_INVALID({ setting: 'GDBOS_HOST', reason: 'demo accounts are for this machine only' })
}

interface Demo {
  readonly accounts: readonly {
    readonly login: string
    readonly name: { readonly zh: string; readonly en: string }
  }[]
  readonly password: string | undefined
}

/** Fills an empty platform; one that has accounts stays as it is. The password is kept beside the demo's data. */
async function prepareDemo(kernel: Kernel, io: Io): Promise<Demo> {
  const { loadDemo, accounts } = await import('../demo/index.ts')
  const file = join(kernel.config.dataFolder, 'demo-password')
  if (await anyAccount(kernel.contextFor(PLATFORM))) {
    io.stderr.write('The data folder is in use already; the demo is not loaded again.\n')
    return { accounts, password: await readFile(file, 'utf8').catch(() => undefined) }
  }
  // Kept before the first account has it: a start broken off must not leave accounts nobody can use.
  const password = randomBytes(12).toString('base64url')
  await writeFile(file, password, { mode: 0o600 })
  await loadDemo(kernel, password)
  return { accounts, password }
}

/** An empty platform has nobody who could sign in. */
function firstSteps({ database, config }: Pick<Kernel, 'database' | 'config'>): string[] {
  const place = database.kind === 'embedded' ? ` --data '${config.dataFolder}'` : ''
  return [
    'Nobody can sign in yet: stop the server, establish a body, open an account, and start it again;',
    'or begin with demo data in another folder: gdbos start --demo --data DIR',
    '还没有可以登录的账户：请停止服务，设立单位、开立账户后再启动；或另选文件夹用演示数据试用：gdbos start --demo --data DIR',
    `  gdbos organisation establish county --kind government --zh 示例县人民政府 --en "Sample county"${place}`,
    `  gdbos account open wang.fang --zh 王芳 --en "Wang Fang" --organisation county --role system-admin${place}`,
  ]
}

async function greeting(kernel: Kernel, url: string, demo: Demo | undefined): Promise<string> {
  const { config, database } = kernel
  const lines = [`GDBOS  ${url}`, `       ready after ${(performance.now() / 1000).toFixed(1)} s`]
  lines.push(`data   ${config.dataFolder}`)
  if (database.kind === 'embedded')
    lines.push(
      '',
      'Trial mode: the embedded database may lose the last changes in a power cut. For real work set DATABASE_URL.',
      '试用模式：内置数据库不保证断电后不丢数据，正式使用请设置 DATABASE_URL。',
    )
  if (!(await anyAccount(kernel.contextFor(PLATFORM)))) lines.push('', ...firstSteps(kernel))
  if (demo) {
    const width = Math.max(...demo.accounts.map(({ login }) => login.length)) + 2
    lines.push('', `Demo accounts, password ${demo.password ?? 'as printed at the first start'}`)
    for (const { login, name } of demo.accounts) lines.push(`  ${login.padEnd(width)}${name.zh}  ${name.en}`)
  }
  return `${lines.join('\n')}\n`
}

/** Node 20 starts, but its support has ended (K22). */
function warnOfNode(io: Io): void {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major < 22)
    io.stderr.write(`Node ${process.versions.node} is out of support; use 22 or 24 for real work.\n`)
}
