import { createServer } from 'node:net'
import { existsSync } from 'node:fs'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, readConfig } from '../../core/config.ts'
import { inspectDatabase } from '../../core/database/inspect.ts'
import type { Texts } from '../../core/errors.ts'
import { openObjects } from '../../core/objects/open.ts'
import { refusalOf } from '../refusals.ts'
import { type CliCommand, EXIT, printJson, readArguments } from './command.ts'

/** What was looked at; `warning` is worth knowing and does not fail. */
interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly found: string
  /** What to do about it. */
  readonly remedy?: Texts
}

export const doctor: CliCommand = {
  name: 'doctor',
  summary: 'Look at Node, disk, database, objects, clock and port, and say what to do',
  usage: 'gdbos doctor [--data DIR] [--json]',
  examples: ['gdbos doctor', 'gdbos doctor --data ./data --json'],
  async run(args, io) {
    const { values } = readArguments(args, { data: { type: 'string' }, json: { type: 'boolean' } })
    const config = readConfig({
      logLevel: 'silent',
      ...(values.data !== undefined && { dataFolder: values.data }),
    })
    const findings = [
      node(),
      await folder(config),
      await disk(config),
      ...(await database(config)),
      await objects(config),
      await port(config),
    ]
    const healthy = findings.every(({ state }) => state !== 'failed')
    if (values.json === true) printJson(io, { healthy, findings })
    else for (const finding of findings) io.stdout.write(lineOf(finding))
    return healthy ? EXIT.done : EXIT.refused
  },
}

function lineOf({ check, state, found, remedy }: Finding): string {
  const mark = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' }[state]
  return `${mark} ${check}: ${found}\n${remedy ? `        → ${remedy.en}\n        → ${remedy.zh}\n` : ''}`
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const found = process.versions.node
  if (major > 20) return { check: 'node', state: 'ok', found }
  const remedy = { zh: '生产环境请使用Node 22或24', en: 'Use Node 22 or 24 in production' }
  return { check: 'node', state: major === 20 && minor >= 19 ? 'warning' : 'failed', found, remedy }
}

async function folder({ dataFolder }: Config): Promise<Finding> {
  try {
    await mkdir(dataFolder, { recursive: true })
    await access(dataFolder, constants.W_OK)
    return { check: 'data folder', state: 'ok', found: dataFolder }
  } catch {
    const remedy = {
      zh: '请让运行本程序的用户可写此目录',
      en: 'Let the user who runs gdbos write to this folder',
    }
    return { check: 'data folder', state: 'failed', found: `${dataFolder} cannot be written`, remedy }
  }
}

async function disk({ dataFolder }: Config): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(existsSync(dataFolder) ? dataFolder : '/')
  const free = bavail * bsize
  const share = bavail / blocks
  const found = `${Math.floor(free / 1_048_576)} MB free (${Math.floor(share * 100)} %)`
  if (share >= 0.1) return { check: 'disk', state: 'ok', found }
  const remedy = { zh: '请清理磁盘或扩容', en: 'Free or add disk space' }
  return {
    check: 'disk',
    state: free < 500 * 1_048_576 && share < 0.05 ? 'failed' : 'warning',
    found,
    remedy,
  }
}

async function database(config: Config): Promise<Finding[]> {
  if (config.databaseUrl === undefined && !existsSync(join(config.dataFolder, 'database')))
    return [{ check: 'database', state: 'ok', found: 'none yet; the first start makes it' }]
  const { manifests } = await import('../platform.ts')
  try {
    const { version, pending, newer, driftSeconds } = await inspectDatabase(config, manifests)
    return [
      {
        check: 'database',
        state: 'ok',
        found: `PostgreSQL ${version}${config.databaseUrl ? '' : ', embedded'}`,
      },
      ...(config.databaseUrl === undefined ? [trial] : []),
      migrations(pending, newer),
      clock(driftSeconds),
    ]
  } catch (error) {
    const refusal = refusalOf(error)
    const remedy = {
      zh: '请检查数据库是否运行、DATABASE_URL是否正确',
      en: 'See that the database runs and DATABASE_URL is right',
    }
    return [{ check: 'database', state: 'failed', found: refusal?.message ?? 'it cannot be opened', remedy }]
  }
}

const trial: Finding = {
  check: 'durability',
  state: 'warning',
  found: 'trial mode: the embedded database may lose the last changes in a power cut',
  remedy: {
    zh: '正式使用请设置DATABASE_URL和GDBOS_MODE=production',
    en: 'For real work set DATABASE_URL and GDBOS_MODE=production',
  },
}

function migrations(pending: readonly string[], newer: string | undefined): Finding {
  if (newer !== undefined)
    return {
      check: 'migrations',
      state: 'failed',
      found: `the schema is newer than this program (${newer})`,
      remedy: { zh: '请升级本程序', en: 'Upgrade this program' },
    }
  if (pending.length === 0) return { check: 'migrations', state: 'ok', found: 'up to date' }
  const remedy = { zh: '请运行 gdbos migrate', en: 'Run gdbos migrate' }
  return { check: 'migrations', state: 'failed', found: `${pending.length} not applied`, remedy }
}

function clock(driftSeconds: number): Finding {
  const found = `${driftSeconds.toFixed(1)} s from the database`
  if (Math.abs(driftSeconds) <= 5) return { check: 'clock', state: 'ok', found }
  const remedy = { zh: '请同步系统时间（NTP）', en: 'Synchronise the system clock (NTP)' }
  return { check: 'clock', state: 'failed', found, remedy }
}

/** Writes, reads and removes a small file of its own. */
async function objects(config: Config): Promise<Finding> {
  const place = config.s3
    ? `S3 ${config.s3.endpoint}/${config.s3.bucket}`
    : join(config.dataFolder, 'objects')
  try {
    const store = await openObjects(config)
    const { sha256 } = await store.put(Buffer.from(`gdbos doctor ${process.pid} ${performance.now()}`))
    const stored = await store.has(sha256)
    await store.remove(sha256)
    if (stored) return { check: 'objects', state: 'ok', found: place }
  } catch {
    // Whatever the store said names hosts and keys; the remedy says where to look.
  }
  const remedy = {
    zh: '请检查文件存储的地址、密钥和桶',
    en: 'See that the store’s address, keys and bucket are right',
  }
  return { check: 'objects', state: 'failed', found: `${place} cannot store a file`, remedy }
}

function port({ host, port }: Config): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () =>
      resolve({
        check: 'port',
        state: 'warning',
        found: `${host}:${port} is taken: by a running gdbos, or by another program`,
        remedy: {
          zh: '可用 --port 或 GDBOS_PORT 换一个端口',
          en: 'Choose another with --port or GDBOS_PORT',
        },
      }),
    )
    server.listen(port, host, () => {
      server.close(() => resolve({ check: 'port', state: 'ok', found: `${host}:${port} is free` }))
    })
  })
}
