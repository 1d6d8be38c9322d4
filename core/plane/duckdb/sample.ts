import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { decoderOf } from '../../text/decode.ts'
import type { SampleSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import { Reservoir } from '../reservoir.ts'
import { RecordScanner } from '../scanner.ts'
import { openTable } from '../tables/open.ts'
import { CELL_CHARACTERS } from '../tables/shown.ts'
import type { Work } from './main.ts'
import { guarded, parquetRows } from './parquet-table.ts'
import { withReceived } from './received.ts'
import { faultOf } from './write-table.ts'

const CHUNK_BYTES = 1_048_576
/** A longer record is left out: of 2,000 the sample stays within 32 MB. */
const RECORD_BYTES = 16_384

type Spec = Omit<SampleSpec, 'content'>

/**
 * Sends an even, seeded sample of the received file's sound rows as one row with one JSON text of cells. Of a cell no
 * more than its first 2,000 characters.
 */
export async function sample(work: Work, spec: Spec, token: string): Promise<void> {
  const rows = await withReceived(work, token, { isGzip: spec.isGzip === true }, async (path) => {
    if (spec.table === undefined) return ofText(work, spec, path)
    return spec.table.kind === 'parquet' ? ofParquet(work, spec, path) : ofTable(work, spec, path)
  })
  // Too late to be wanted: the parent knows whether it was the time or a person.
  if (work.interrupted) throw errors.CANCELLED()
  const cut = rows.map((cells) => cells.map((cell) => cell.slice(0, CELL_CHARACTERS)))
  work.report({ type: 'rows', names: ['rows'], rows: [[JSON.stringify(cut)]] })
}

async function ofText(work: Work, spec: Spec, path: string): Promise<string[][]> {
  const kept = new Reservoir<Buffer>(spec.count, spec.seed)
  const scanner = new RecordScanner({
    ...spec,
    take: (record) => {
      // A copy: a part of a chunk would keep all of it in memory.
      if (record.length <= RECORD_BYTES) kept.offer(() => Buffer.from(record))
    },
    write: () => {},
  })
  const decoder = decoderOf(spec.encoding)
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (work.interrupted) throw errors.CANCELLED()
    scanner.push(decoder.decode(chunk as Buffer), false)
  }
  scanner.push(decoder.end(), true)
  return cellsOf(kept.items(), spec)
}

/** The records once more through the scanner, which makes strict lines of them that any reader parts alike. */
function cellsOf(records: readonly Buffer[], { delimiter, width }: Spec): string[][] {
  const lines: Buffer[] = []
  const scanner = new RecordScanner({ delimiter, width, skipRecords: 0, write: (bytes) => lines.push(bytes) })
  for (const record of records) scanner.push(Buffer.concat([record, Buffer.from('\n')]), false)
  scanner.push(Buffer.alloc(0), true)
  const strict = parse(Buffer.concat(lines), { delimiter }) as string[][]
  // Before the cells stand line, fault and raw text.
  return strict.map((cells) => cells.slice(3))
}

async function ofTable(work: Work, spec: Spec, path: string): Promise<string[][]> {
  const { width, count, seed, skipRecords, table: choice } = spec
  if (choice === undefined) return []
  const kept = new Reservoir<string[]>(count, seed)
  const table = await openTable(path, choice)
  try {
    let skip = skipRecords
    for await (const piece of table.rows()) {
      if (work.interrupted) throw errors.CANCELLED()
      const rows = piece.slice(skip)
      skip -= piece.length - rows.length
      for (const row of rows)
        if (faultOf(row, width) === undefined && lengthOf(row.cells) <= RECORD_BYTES)
          kept.offer(() => Array.from({ length: width }, (_, at) => row.cells[at] ?? ''))
    }
    return kept.items()
  } finally {
    table.close()
  }
}

const lengthOf = (cells: readonly string[]) => cells.reduce((sum, { length }) => sum + length, 0)

async function ofParquet(work: Work, spec: Spec, path: string): Promise<string[][]> {
  const { connection } = work
  const rows = await parquetRows(connection, path, spec)
  const cells = Array.from(
    { length: spec.width },
    (_, at) => `coalesce(left(c${at}, ${CELL_CHARACTERS}), '')`,
  )
  // Which rows are least by a digest of their place is as good as drawn, and the same on every machine.
  const statement = `select ${cells.join(', ')}
    from (select *, row_number() over () as at from (${rows}))
    order by md5(concat_ws(':', ${Math.trunc(spec.seed)}, at)) limit ${Math.trunc(spec.count)}`
  const read = await guarded(() => connection.runAndReadAll(statement))
  return read.getRows().map((row) => row.map(String))
}
