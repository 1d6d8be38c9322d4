import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { amendedRows } from '../emitter/amend.ts'
import { text } from '../emitter/literal.ts'
import { stagedRows } from '../emitter/rows.ts'
import type { AmendSpec, Staged } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'
import { writeParquet } from './parquet.ts'
import { isNumbered, one } from './validate.ts'

/** Writes a staged file anew with some rows' cells replaced; the file it was made from stays. */
export async function amend(work: Work, spec: AmendSpec, token: string): Promise<Staged> {
  const { connection, folder } = work
  const { staged: sha256, width } = spec
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw errors.FILE_MISSING({ sha256: sha256.slice(0, 64) })
  const path = join(folder, 'snapshots', `${sha256}.parquet`)
  await access(path).catch(() => {
    throw errors.FILE_MISSING({ sha256 })
  })
  try {
    const rows = stagedRows(text(path), width, await isNumbered(connection, path))
    await connection.run(`create view staged as ${rows}`)
    await keep(work, spec)
    const statement = amendedRows(width, spec.delimiter)
    const file = await writeParquet(connection, folder, `${token}.staged`, [statement], 'brief')
    if (file === undefined) return { sha256: '', rows: 0, bytes: 0, faults: 0 }
    const faults = await one(
      connection,
      `select count(*) from (${amendedRows(width, spec.delimiter)}) where _fault is not null`,
    )
    return { sha256: file.sha256, rows: file.rows, bytes: file.bytes, faults }
  } finally {
    await connection.run('drop view if exists staged')
    await connection.run('drop table if exists amended')
  }
}

async function keep({ connection }: Work, { width, rows }: AmendSpec): Promise<void> {
  const cells = Array.from({ length: width }, (_, index) => `c${index} varchar`)
  await connection.run(`create table amended (_line bigint, ${cells.join(', ')})`)
  const appender = await connection.createAppender('amended')
  for (const { line, cells } of rows) {
    appender.appendBigInt(BigInt(line))
    for (let at = 0; at < width; at += 1) {
      const cell = cells[at] ?? ''
      // As in a file, an empty cell is no value.
      if (cell === '') appender.appendNull()
      else appender.appendVarchar(cell)
    }
    appender.endRow()
  }
  appender.closeSync()
}
