import { z } from 'zod'
import { defineErrors } from '../../core/errors.ts'
import {
  type Connection,
  errors as connectors,
  isNetwork,
  type Network,
  requireOwnPrefix,
  type ServerConnection,
} from '../../core/plane/connectors/index.ts'
import { errors as schedules, type Schedule } from './schedule.ts'

/** A database, a service or a place for files of a department, from which one of its datasets is filled (数据源). */
export interface Source {
  readonly id: string
  /** Owner; nobody else sees the source. */
  readonly organisationId: string
  readonly title: string
  /** Without secrets. */
  readonly connection: Connection
  readonly network: Network
  /** Id of the key the secret is sealed with; null when there is no secret. */
  readonly secretKeyId: string | null
  /** What is read, and into which dataset; null before it is set. */
  readonly reading: Reading | null
  /** How far the published version reaches; null before the first pull, or when everything is read each time. */
  readonly watermark: Watermark | null
  /** Counts watermarks: a pull begun under an earlier one does not overwrite a later. */
  readonly revision: number
  /** When it is read by itself; null for by hand. */
  readonly schedule: Schedule | null
  /** Null without a schedule. */
  readonly dueAt: Date | null
  readonly registeredAt: Date
}

export interface Reading {
  readonly collection: string
  readonly datasetId: string
  /** The columns in the order of the text they become. */
  readonly columns: readonly string[]
  /** Which columns name a row; needed to read incrementally. */
  readonly keyColumns: readonly string[]
  /** Null reads everything each time. */
  readonly cursorColumn: string | null
  /** Seconds for times, units for numbers, read again before the watermark. */
  readonly overlap: number
}

export interface Watermark {
  readonly value: string
  /** The text of the whole collection as of the watermark. */
  readonly objectSha256: string
}

export const errors = {
  ...connectors,
  ...schedules,
  ...defineErrors('CATALOG', {
    SOURCE_NOT_FOUND: {
      kind: 'not-found',
      zh: '未找到编号为 {id} 的数据源',
      en: 'There is no source {id}',
    },
    SOURCE_TITLE_TAKEN: {
      kind: 'conflict',
      zh: '本单位已有名为“{title}”的数据源',
      en: 'Your organisation already has a source named “{title}”',
    },
    SOURCE_TITLE_INVALID: {
      kind: 'invalid',
      zh: '数据源名称须为1至{limit}个字',
      en: 'A source’s title has 1 to {limit} characters',
    },
    SOURCE_READING_MISSING: {
      kind: 'conflict',
      zh: '尚未指定从该数据源读取什么、装入哪个数据集',
      en: 'It is not set yet what is read from this source and into which dataset',
    },
    SOURCE_READING_INVALID: {
      kind: 'invalid',
      zh: '读取设置无效：{reason}',
      en: 'The reading of the source is not valid: {reason}',
    },
    SOURCE_NETWORK_INVALID: {
      kind: 'invalid',
      zh: '“{network}”不是网络地址段（如 10.1.0.0/16）',
      en: '“{network}” is not a network (such as 10.1.0.0/16)',
    },
  }),
}

const MAX_TITLE = 200
const PORTS: Readonly<Record<ServerConnection['kind'], number>> = {
  postgres: 5432,
  mysql: 3306,
  mongo: 27_017,
}

const name = z.string().trim().max(255)
const host = name.min(1).regex(/^[\w.:[\]-]+$/)
const parameter = z.string().regex(/^[\w.$[\]-]{1,64}$/)

const server = z.strictObject({
  kind: z.enum(['postgres', 'mysql', 'mongo']),
  host,
  port: z.number().int().min(1).max(65_535).optional(),
  database: name.min(1),
  user: name.default(''),
  tls: z.boolean().default(true),
  authDatabase: name.optional(),
})

const paging = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['none', 'link']) }),
  z.strictObject({
    type: z.enum(['page', 'offset']),
    parameter,
    sizeParameter: parameter,
    size: z.number().int().min(1).max(10_000).default(100),
    first: z.number().int().min(0).max(1).default(1),
  }),
  z.strictObject({ type: z.literal('cursor'), parameter, nextPath: name.min(1) }),
])

const address = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  // A secret in an address would be shown with it.
  .refine((text) => URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '')

const rest = z.strictObject({
  kind: z.literal('rest'),
  url: address,
  auth: z.enum(['none', 'header', 'basic', 'oauth']).default('none'),
  oauth: z
    .strictObject({
      tokenUrl: address,
      clientId: name.min(1),
      scope: z
        .string()
        .trim()
        .max(1_000)
        .regex(/^[\x21\x23-\x5b\x5d-\x7e ]*$/)
        .default(''),
    })
    .optional(),
  header: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .default('authorization'),
  user: name.default(''),
  paging: paging.default({ type: 'none' }),
  recordPath: name.default(''),
  sinceParameter: parameter.nullable().default(null),
  maxResponseBytes: z.number().int().min(1).max(1_073_741_824).default(33_554_432),
  timeoutSeconds: z.number().int().min(1).max(600).default(60),
  maxPages: z.number().int().min(1).max(1_000_000).default(100_000),
  pauseMs: z.number().int().min(0).max(60_000).default(0),
})

/** The prefix is looked at again against its owner. */
const files = z.strictObject({
  kind: z.literal('files'),
  prefix: z
    .string()
    .trim()
    .min(1)
    .max(800)
    .transform((prefix) => (prefix.endsWith('/') ? prefix : `${prefix}/`)),
})

/** @throws CATALOG_SOURCE_CONNECTION_INVALID */
export function readConnection(untyped: unknown): Connection {
  const kind = typeof untyped === 'object' && untyped !== null && 'kind' in untyped ? untyped.kind : undefined
  const parsed = (kind === 'rest' ? rest : kind === 'files' ? files : server).safeParse(untyped)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    // The path alone: the message would repeat what was entered.
    throw errors.SOURCE_CONNECTION_INVALID({ reason: issue?.path.join('.') || (issue?.code ?? '?') })
  }
  const read = parsed.data
  if (read.kind === 'rest' && (read.auth === 'oauth') !== (read.oauth !== undefined))
    throw errors.SOURCE_CONNECTION_INVALID({ reason: 'oauth' })
  return 'host' in read ? { ...read, port: read.port ?? PORTS[read.kind] } : read
}

/**
 * Where a source described in a file is, and which networks its operator permits.
 *
 * @throws CATALOG_SOURCE_CONNECTION_INVALID, CATALOG_SOURCE_NETWORK_INVALID
 */
export function describedSource(untyped: unknown): {
  readonly connection: Connection
  readonly network: Network
} {
  const parsed = described.safeParse(untyped)
  if (!parsed.success)
    throw errors.SOURCE_CONNECTION_INVALID({ reason: parsed.error.issues[0]?.path.join('.') ?? '' })
  const { hosts, networks } = parsed.data
  const connection = readConnection(parsed.data.connection)
  requireNetworks(networks)
  return { connection, network: { hosts: [...hostsOf(connection), ...hosts], permitted: networks } }
}

const described = z.strictObject({
  connection: z.unknown(),
  hosts: z.array(host).default([]),
  networks: z.array(z.string()).default([]),
})

function requireNetworks(networks: readonly string[]): void {
  const invalid = networks.find((network) => !isNetwork(network))
  if (invalid !== undefined) throw errors.SOURCE_NETWORK_INVALID({ network: invalid.slice(0, 60) })
}

/** Its own host, and the one that gives it tokens. */
function hostsOf(connection: Connection): string[] {
  if (connection.kind === 'files') return []
  if (connection.kind !== 'rest') return [connection.host]
  return [connection.url, ...(connection.oauth ? [connection.oauth.tokenUrl] : [])].map(
    (url) => new URL(url).hostname,
  )
}

export interface NewSource {
  readonly title: string
  readonly connection: Connection
  /** Other hosts it may lead to; its own and that of its tokens are always among them. */
  readonly hosts: readonly string[]
}

/**
 * A source before anything is read from it; no internal network is permitted yet.
 *
 * @throws CATALOG_SOURCE_TITLE_INVALID, CATALOG_SOURCE_CONNECTION_INVALID, CATALOG_SOURCE_PREFIX_REFUSED
 */
export function registeredSource(
  input: NewSource & { readonly organisationId: string },
  registeredAt: Date,
): Omit<Source, 'id' | 'secretKeyId'> {
  const title = input.title.normalize('NFC').trim()
  if (title === '' || [...title].length > MAX_TITLE) throw errors.SOURCE_TITLE_INVALID({ limit: MAX_TITLE })
  if (input.hosts.length > 20 || !input.hosts.every((each) => host.safeParse(each).success))
    throw errors.SOURCE_CONNECTION_INVALID({ reason: 'hosts' })
  const { connection } = input
  if (connection.kind === 'files') requireOwnPrefix(connection.prefix, input.organisationId)
  return {
    organisationId: input.organisationId,
    title,
    connection,
    network: { hosts: [...new Set([...hostsOf(connection), ...input.hosts])], permitted: [] },
    reading: null,
    watermark: null,
    revision: 0,
    schedule: null,
    dueAt: null,
    registeredAt,
  }
}

/** @throws CATALOG_SOURCE_NETWORK_INVALID */
export function permittingNetworks(source: Source, permitted: readonly string[]): Source {
  requireNetworks(permitted)
  return { ...source, network: { ...source.network, permitted: [...new Set(permitted)] } }
}

const MAX_OVERLAP = 31_622_400

/**
 * What is read from now on. Another collection, key or cursor begins anew: a watermark of the old one says
 * nothing about it.
 *
 * @throws CATALOG_SOURCE_READING_INVALID
 */
export function readingFrom(source: Source, reading: Reading): Source {
  const { columns, keyColumns, cursorColumn, overlap } = reading
  const unknown = [...keyColumns, ...(cursorColumn === null ? [] : [cursorColumn])].find(
    (column) => !columns.includes(column),
  )
  if (unknown !== undefined) throw errors.SOURCE_READING_INVALID({ reason: unknown })
  if (cursorColumn !== null && keyColumns.length === 0)
    throw errors.SOURCE_READING_INVALID({ reason: 'keyColumns' })
  if (!Number.isInteger(overlap) || overlap < 0 || overlap > MAX_OVERLAP)
    throw errors.SOURCE_READING_INVALID({ reason: 'overlap' })
  const basis = ({ collection, columns, keyColumns, cursorColumn, datasetId }: Reading) =>
    JSON.stringify([collection, columns, keyColumns, cursorColumn, datasetId])
  const goesOn = source.reading !== null && basis(source.reading) === basis(reading)
  return {
    ...source,
    reading,
    watermark: goesOn ? source.watermark : null,
    revision: goesOn ? source.revision : source.revision + 1,
  }
}
