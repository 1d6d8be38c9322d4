import { resolve } from 'node:path'
import { z } from 'zod'
import { defineErrors } from './errors.ts'

export const errors = defineErrors('CONFIG', {
  SETTING_INVALID: {
    kind: 'invalid',
    zh: '配置项 {setting} 无效：{reason}',
    en: 'The setting {setting} is not valid: {reason}',
  },
  DATABASE_NOT_DURABLE: {
    kind: 'invalid',
    zh: '生产模式必须设置 DATABASE_URL：内置数据库不保证断电后不丢数据',
    en: 'Production mode needs DATABASE_URL: the embedded database does not promise to survive a power cut',
  },
  FOLDER_IN_USE: {
    kind: 'conflict',
    zh: '数据目录 {folder} 正被进程 {pid}（{host}）使用',
    en: 'The data folder {folder} is in use by process {pid} on {host}',
  },
  SCHEMA_NEWER: {
    kind: 'conflict',
    zh: '数据库结构比程序新（{migration}），请升级程序',
    en: 'The database schema is newer than this program ({migration}); upgrade the program',
  },
})

/** All settings, read once. Frozen; nothing else reads the environment. */
export interface Config {
  /** `trial` may run on the embedded database and load demo data; `production` may not. */
  readonly mode: 'trial' | 'production'
  readonly host: string
  readonly port: number
  /** The address people reach the portal at, without a trailing slash; never taken from a request. */
  readonly publicUrl: string
  /** Absolute; holds the embedded database, the snapshots, the objects (without S3), keys. */
  readonly dataFolder: string
  /** PostgreSQL server; absent for the embedded database. */
  readonly databaseUrl: string | undefined
  readonly databasePoolSize: number
  readonly s3:
    | {
        readonly endpoint: string
        readonly port: number
        readonly useTls: boolean
        readonly accessKey: string
        readonly secretKey: string
        readonly bucket: string
      }
    | undefined
  readonly logLevel: string
  /** Wait between red readiness and the end of accepting requests, for a load balancer. */
  readonly drainDelaySeconds: number
  /** Mutations a minute for each account; requests a minute for each address. */
  readonly mutationsPerMinute: number
  readonly requestsPerMinute: number
  /** Largest uploaded register. */
  readonly maxUploadBytes: number
  /** Memory limit of DuckDB for loads, in MB. */
  readonly planeMemoryMb: number
  /** Most that one DuckDB process spills to the data disk, in MB; undefined for half of what is free as it starts. */
  readonly planeSpillMb: number | undefined
}

const environment = z.object({
  GDBOS_MODE: z.enum(['trial', 'production']).default('trial'),
  GDBOS_HOST: z.string().default('127.0.0.1'),
  GDBOS_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  GDBOS_PUBLIC_URL: z.url().optional(),
  GDBOS_DATA: z.string().default('data'),
  DATABASE_URL: z.string().optional(),
  GDBOS_DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(16),
  GDBOS_S3_ENDPOINT: z.string().optional(),
  GDBOS_S3_PORT: z.coerce.number().int().default(9000),
  GDBOS_S3_TLS: z.enum(['on', 'off']).default('on'),
  GDBOS_S3_ACCESS_KEY: z.string().default(''),
  GDBOS_S3_SECRET_KEY: z.string().default(''),
  GDBOS_S3_BUCKET: z.string().default('gdbos'),
  GDBOS_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  GDBOS_DRAIN_SECONDS: z.coerce.number().min(0).max(60).default(0),
  GDBOS_MUTATIONS_PER_MINUTE: z.coerce.number().int().positive().default(60),
  GDBOS_REQUESTS_PER_MINUTE: z.coerce.number().int().positive().default(300),
  GDBOS_MAX_UPLOAD_MB: z.coerce.number().positive().default(2048),
  GDBOS_PLANE_MEMORY_MB: z.coerce.number().int().min(128).default(1024),
  GDBOS_PLANE_SPILL_MB: z.coerce.number().int().min(16).optional(),
})

export type Overrides = Partial<Pick<Config, 'dataFolder' | 'databaseUrl' | 'port' | 'logLevel'>>

/**
 * Reads the environment; what a command line says wins.
 *
 * @throws CONFIG_SETTING_INVALID, CONFIG_DATABASE_NOT_DURABLE
 */
export function readConfig(overrides: Overrides = {}, env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(blanksRemoved(env))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw errors.SETTING_INVALID({ setting: String(issue?.path[0]), reason: issue?.message ?? '' })
  }
  const read = parsed.data
  const databaseUrl = overrides.databaseUrl ?? read.DATABASE_URL
  if (read.GDBOS_MODE === 'production' && databaseUrl === undefined) throw errors.DATABASE_NOT_DURABLE()
  const port = overrides.port ?? read.GDBOS_PORT
  const publicUrl = (read.GDBOS_PUBLIC_URL ?? `http://${read.GDBOS_HOST}:${port}`).replace(/\/$/, '')
  if (read.GDBOS_MODE === 'production') requireHttps(publicUrl)
  return Object.freeze({
    mode: read.GDBOS_MODE,
    host: read.GDBOS_HOST,
    port,
    publicUrl,
    dataFolder: resolve(overrides.dataFolder ?? read.GDBOS_DATA),
    databaseUrl,
    databasePoolSize: read.GDBOS_DATABASE_POOL,
    s3:
      read.GDBOS_S3_ENDPOINT === undefined
        ? undefined
        : {
            endpoint: read.GDBOS_S3_ENDPOINT,
            port: read.GDBOS_S3_PORT,
            useTls: read.GDBOS_S3_TLS === 'on',
            accessKey: read.GDBOS_S3_ACCESS_KEY,
            secretKey: read.GDBOS_S3_SECRET_KEY,
            bucket: read.GDBOS_S3_BUCKET,
          },
    logLevel: overrides.logLevel ?? read.GDBOS_LOG,
    drainDelaySeconds: read.GDBOS_DRAIN_SECONDS,
    mutationsPerMinute: read.GDBOS_MUTATIONS_PER_MINUTE,
    requestsPerMinute: read.GDBOS_REQUESTS_PER_MINUTE,
    maxUploadBytes: read.GDBOS_MAX_UPLOAD_MB * 1_048_576,
    planeMemoryMb: read.GDBOS_PLANE_MEMORY_MB,
    planeSpillMb: read.GDBOS_PLANE_SPILL_MB,
  })
}

/** Sessions and certificates need a protected address; a machine's own is protected by being its own. */
function requireHttps(publicUrl: string): void {
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return
  throw errors.SETTING_INVALID({
    setting: 'GDBOS_PUBLIC_URL',
    reason: 'production needs the https address that people use',
  })
}

/** An empty variable means unset, as docker compose writes it. */
function blanksRemoved(env: NodeJS.ProcessEnv) {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
