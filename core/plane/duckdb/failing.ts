import { access } from 'node:fs/promises'
import { failingStatement } from '../emitter/failing.ts'
import type { FailingSpec, PlaneFile } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'
import { writeParquet } from './parquet.ts'
import { pathIn } from './select.ts'

/** Writes the keys of the rows that are newly rejected; null when there are none. */
export async function failing(work: Work, spec: FailingSpec, token: string): Promise<PlaneFile | null> {
  const { connection, folder } = work
  const pathOf = pathIn(folder)
  for (const sha256 of [spec.before, spec.after])
    if (sha256 !== null)
      await access(pathOf(sha256)).catch(() => {
        throw errors.FILE_MISSING({ sha256 })
      })
  const file = await writeParquet(connection, folder, `${token}.failing`, [failingStatement(spec, pathOf)])
  return file ? { sha256: file.sha256, rows: file.rows, bytes: file.bytes } : null
}
