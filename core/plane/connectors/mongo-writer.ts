import type * as Mongoose from 'mongoose'
import type { Cell, Row } from './connector.ts'
import { codeOf, errors } from './refusals.ts'
import {
  BATCH_TABLE,
  type Position,
  requireFit,
  samePosition,
  START,
  type Target,
  type TargetColumn,
  type TargetFault,
  type Writer,
  type Written,
} from './writer.ts'

const SAMPLE_DOCUMENTS = 1_000
type Stored = 'string' | 'number' | 'boolean'
type Document = Record<string, unknown>

/**
 * Documents are named by the key: `_id` is its text, or `{column: text}` where it has several columns. Where the
 * server knows transactions (a replica set), rows and position are one; elsewhere rows come first, so that what
 * is written again after a failure is the same rows.
 *
 * @throws CATALOG_SOURCE_COLLECTION_UNKNOWN, CATALOG_TARGET_MISMATCHED, CATALOG_SOURCE_WRITE_FAILED
 */
export async function openMongoWriter(
  { mongo }: typeof Mongoose,
  client: Mongoose.Connection,
  target: Target,
  signal: AbortSignal,
): Promise<Writer> {
  const { dataset, collection, columns } = target
  const key = columns.filter((column) => column.key).map(({ name }) => name)
  const rows = client.collection<Document>(collection)
  const batches = client.collection<Document>(BATCH_TABLE)
  const feed = { _id: { dataset, collection } }

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Error && 'kind' in error) throw error
      throw errors.SOURCE_WRITE_FAILED({ collection, reason: codeOf(error) })
    }
  }

  const known = await guarded(() => client.listCollections())
  if (!known.some(({ name }) => name === collection) || collection.startsWith('system.'))
    throw errors.SOURCE_COLLECTION_UNKNOWN({ collection })
  const sample = await guarded(() => rows.find({}, { limit: SAMPLE_DOCUMENTS }).toArray())
  requireFit(collection, faultsOf(columns, key.length, sample))
  const hello = await guarded(async (): Promise<Document> => (await client.db?.command({ hello: 1 })) ?? {})
  const hasTransactions = 'setName' in hello || hello['msg'] === 'isdbgrid'

  const idOf = (cells: Row) =>
    key.length === 1 ? cells[0] : Object.fromEntries(key.map((name, at) => [name, cells[at] ?? null]))
  const keyOf = (row: Row) => row.filter((_, at) => columns[at]?.key === true)
  const valuesOf = (row: Row) =>
    Object.fromEntries(columns.map((column, at) => [column.name, valueOf(column, row[at] ?? null, mongo)]))

  async function put({ upserts, deletes }: Written, session: Mongoose.mongo.ClientSession | undefined) {
    const operations = [
      ...deletes.map((cells) => ({ deleteOne: { filter: { _id: idOf(cells) } } })),
      ...upserts.map((row) => ({
        updateOne: { filter: { _id: idOf(keyOf(row)) }, update: { $set: valuesOf(row) }, upsert: true },
      })),
    ]
    if (operations.length > 0)
      await rows.bulkWrite(operations as never, { ordered: false, ...(session && { session }) })
  }

  async function position(session?: Mongoose.mongo.ClientSession): Promise<Position> {
    const found = await guarded(() => batches.findOne(feed as never, { ...(session && { session }) }))
    if (!found) return START
    const { version, next, cursor } = found as unknown as Position
    return { version: Number(version), next, cursor }
  }

  async function step(
    given: Written,
    expected: Position,
    to: Position,
    session?: Mongoose.mongo.ClientSession,
  ): Promise<void> {
    if (!samePosition(await position(session), expected)) throw errors.TARGET_MOVED({ collection })
    await put(given, session)
    const change = {
      $set: to,
      $inc: { rowsWritten: given.upserts.length + given.deletes.length },
      $currentDate: { writtenAt: true },
    }
    // The filter repeats what is expected: of two that write at once, one finds nothing and clashes on the id.
    const filter = { ...feed, ...expected }
    await batches.updateOne(filter as never, change as never, { upsert: true, ...(session && { session }) })
  }

  return {
    position: () => position(),
    write: (given, expected, to) =>
      guarded(async () => {
        if (!hasTransactions) return step(given, expected, to)
        const session = await client.startSession()
        try {
          await session.withTransaction(() => step(given, expected, to, session), {
            writeConcern: { w: 'majority' },
          })
        } finally {
          await session.endSession()
        }
      }),
  }
}

const storedAs = ({ dataType }: TargetColumn): Stored =>
  dataType === 'boolean' ? 'boolean' : ['integer', 'money', 'number'].includes(dataType) ? 'number' : 'string'

function valueOf(column: TargetColumn, cell: Cell, { Long }: typeof Mongoose.mongo): unknown {
  if (cell === null) return null
  if (column.dataType === 'number') return Number(cell)
  if (storedAs(column) === 'number') return Long.fromString(cell)
  return storedAs(column) === 'boolean' ? cell === 'true' : cell
}

/** A collection declares no types: those of the documents that are there must be those that will be. */
function faultsOf(
  columns: readonly TargetColumn[],
  keyWidth: number,
  sample: readonly Document[],
): TargetFault[] {
  const id = keyWidth === 1 ? 'string' : 'object'
  const foreign = sample.find((each) => typeof each['_id'] !== id || isBson(each['_id']))
  const faults: TargetFault[] = foreign
    ? [{ column: '_id', reason: 'type', declared: typeOf(foreign['_id']) }]
    : []
  for (const column of columns) {
    if (column.dataType === 'binary') faults.push({ column: column.name, reason: 'type' })
    const other = sample.find(
      (each) => each[column.name] != null && typeOf(each[column.name]) !== storedAs(column),
    )
    if (other) faults.push({ column: column.name, reason: 'type', declared: typeOf(other[column.name]) })
  }
  return faults
}

const isBson = (value: unknown): value is { readonly _bsontype: string } =>
  typeof value === 'object' && value !== null && '_bsontype' in value

function typeOf(value: unknown): string {
  if (isBson(value))
    return value._bsontype === 'Long' || value._bsontype === 'Int32' ? 'number' : value._bsontype
  return value instanceof Date ? 'date' : typeof value
}
