import type * as Mongoose from 'mongoose'
import {
  type Address,
  BATCH_ROWS,
  type Connector,
  type CursorFault,
  MAX_COLLECTIONS,
  type ReadRequest,
  type Row,
  type ServerConnection,
  type Session,
  type SourceColumn,
} from './connector.ts'
import { columnsOf, flatten, rowOf } from './documents.ts'
import { pinned } from './network.ts'
import { openMongoWriter } from './mongo-writer.ts'
import { codeOf, errors } from './refusals.ts'

const CONNECT_MS = 10_000
const SAMPLE_DOCUMENTS = 1_000
/** AuthenticationFailed, Unauthorized, and certificates. */
const LOGIN = /^(18|13|8000|DEPTH_ZERO|SELF_SIGNED|CERT_|UNABLE_TO|ERR_TLS|ERR_SSL)/

/** MongoDB through mongoose: collections read by a lean cursor, nested members by their path, arrays as JSON. */
export const openMongoSource: Connector<ServerConnection> = async (connection, access, address, signal) => {
  const { host, port } = address
  // Loaded where it is used: it is by far the largest of the drivers.
  const { default: mongoose } = await import('mongoose')
  const client = mongoose.createConnection(`mongodb://${host.includes(':') ? `[${host}]` : host}:${port}`, {
    dbName: connection.database,
    // A replica set would name other hosts, which nobody checked.
    directConnection: true,
    lookup: pinned(address),
    serverSelectionTimeoutMS: CONNECT_MS,
    connectTimeoutMS: CONNECT_MS,
    maxPoolSize: 2,
    autoCreate: false,
    autoIndex: false,
    ...(connection.user !== '' && {
      auth: { username: connection.user, password: access.secret },
      authSource: connection.authDatabase ?? 'admin',
    }),
    ...(connection.tls && { tls: true }),
  })
  const abort = () => void client.close(true).catch(() => undefined)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await client.asPromise()
    await client.db?.command({ ping: 1 })
  } catch (error) {
    abort()
    throw loginFailure(error, address)
  }
  return sessionOn(mongoose, client, signal, async () => {
    signal.removeEventListener('abort', abort)
    if (!signal.aborted) await client.close(true)
  })
}

function loginFailure(error: unknown, { host, port }: Address) {
  const causes = [error, error instanceof Error ? error.cause : undefined]
  const reason = causes.map(codeOf).find((code) => LOGIN.test(code))
  if (reason !== undefined) return errors.SOURCE_LOGIN_REFUSED({ host, reason })
  return errors.SOURCE_UNREACHABLE({ host, port, reason: codeOf(error) })
}

type Document = Record<string, unknown>

function sessionOn(
  mongoose: typeof Mongoose,
  client: Mongoose.Connection,
  signal: AbortSignal,
  close: () => Promise<void>,
): Session {
  const { textOf, castLike } = valuesOf(mongoose.mongo)

  async function guarded<T>(collection: string, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      throw errors.SOURCE_READ_FAILED({ collection, reason: codeOf(error) })
    }
  }

  async function collections(): Promise<string[]> {
    const found = await guarded('*', () => client.listCollections())
    return found
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('system.'))
      .sort()
      .slice(0, MAX_COLLECTIONS)
  }

  /** A model without a schema of its own: reading takes documents as they are. */
  async function modelOf(collection: string): Promise<Mongoose.Model<Document>> {
    if (!(await collections()).includes(collection)) throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
    const known = client.models[collection] as Mongoose.Model<Document> | undefined
    return (
      known ??
      client.model<Document>(
        collection,
        new mongoose.Schema<Document>({ _id: mongoose.Schema.Types.Mixed }, { strict: false, collection }),
        collection,
      )
    )
  }

  async function columns(collection: string): Promise<SourceColumn[]> {
    const model = await modelOf(collection)
    const sample = await guarded(collection, () => model.find({}).limit(SAMPLE_DOCUMENTS).lean().exec())
    return columnsOf(sample.map((document) => flatten(document, textOf)))
  }

  /** A value of the path as the server stores it; its type is the type a watermark has to have. */
  async function storedValue(collection: string, path: string): Promise<unknown> {
    const model = await modelOf(collection)
    const [found] = await guarded(collection, () =>
      model
        .find({ [path]: { $ne: null } })
        .setOptions({ strictQuery: false })
        .limit(1)
        .lean()
        .exec(),
    )
    return found === undefined ? undefined : path.split('.').reduce<unknown>(memberOf, found)
  }

  return {
    collections,
    columns,

    async cursorFault(collection, column, after): Promise<CursorFault | undefined> {
      if (!(await columns(collection)).some(({ name }) => name === column)) return 'unknown'
      const stored = await storedValue(collection, column)
      if (Array.isArray(stored) || !isOrdered(stored)) return 'unordered'
      const model = await modelOf(collection)
      const options = { strictQuery: false }
      const empty = await guarded(collection, () =>
        model
          .find({ [column]: null })
          .setOptions(options)
          .limit(1)
          .lean()
          .exec(),
      )
      if (empty.length > 0) return 'nullable'
      if (after === null) return undefined
      const later = await guarded(collection, () =>
        model
          .find({ [column]: { $gte: castLike(stored, after, 0) } })
          .setOptions(options)
          .limit(1)
          .lean()
          .exec(),
      )
      return later.length === 0 ? 'decreasing' : undefined
    },

    async *read({ collection, columns: names, cursor }: ReadRequest) {
      const model = await modelOf(collection)
      const from =
        cursor === null || cursor.after === null
          ? {}
          : {
              [cursor.column]: {
                $gte: castLike(await storedValue(collection, cursor.column), cursor.after, cursor.overlap),
              },
            }
      const documents = model
        .find(from)
        .setOptions({ strictQuery: false })
        .sort(cursor === null ? {} : { [cursor.column]: 1 })
        .lean()
        .cursor({ batchSize: BATCH_ROWS })
      try {
        let batch: Row[] = []
        for await (const document of documents) {
          signal.throwIfAborted()
          batch.push(rowOf(flatten(document, textOf), names))
          if (batch.length < BATCH_ROWS) continue
          yield batch
          batch = []
        }
        if (batch.length > 0) yield batch
      } catch (error) {
        signal.throwIfAborted()
        throw errors.SOURCE_READ_FAILED({ collection, reason: codeOf(error) })
      } finally {
        await documents.close().catch(() => undefined)
      }
    },
    write: (target) => openMongoWriter(mongoose, client, target, signal),
    close,
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Document)[name] : undefined

/** How BSON's own types become text, and text becomes them. */
function valuesOf({ Binary, BSON, Decimal128, Long, ObjectId }: typeof Mongoose.mongo) {
  return {
    /** Arrays and plain objects are not among them. */
    textOf(value: object): string | undefined {
      if (value instanceof Date) return value.toISOString()
      if (Buffer.isBuffer(value)) return value.toString('base64')
      const type: unknown = '_bsontype' in value ? value._bsontype : undefined
      if (type === undefined) return undefined
      if (value instanceof Binary)
        return value.sub_type === 4 ? value.toUUID().toString() : value.toString('base64')
      const plain = ['ObjectId', 'Decimal128', 'Long', 'Int32', 'Double', 'BSONSymbol']
      return plain.includes(String(type)) ? String(value) : BSON.EJSON.stringify(value)
    },

    /** A watermark in the type of the stored values, `overlap` (seconds, or units of a number) before it. */
    castLike(stored: unknown, text: string, overlap: number): unknown {
      if (stored instanceof Date) return new Date(Date.parse(text) - overlap * 1000)
      if (typeof stored === 'number') return Number(text) - overlap
      if (stored instanceof ObjectId) {
        const id = new ObjectId(text)
        if (overlap === 0) return id
        // An object id begins with the second in which it was made.
        return ObjectId.createFromTime(Math.floor(id.getTimestamp().getTime() / 1000) - overlap)
      }
      if (stored instanceof Long) return Long.fromString(text).subtract(overlap)
      if (stored instanceof Decimal128) return Decimal128.fromString(text)
      return text
    },
  }
}

function isOrdered(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    value instanceof Date ||
    (typeof value === 'object' && value !== null && '_bsontype' in value)
  )
}
