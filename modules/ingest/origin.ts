import type { CompiledColumn } from '../../core/text/column.ts'
import type { VersionOrigin } from '../catalog/index.ts'
import { type Batch, mappedColumns } from './batch.ts'

/** Where the rows of a judged batch came from: its file, and the file's column behind each column (section 11). */
export function originOf(
  { objectSha256, layout, mapping, outcome }: Batch,
  columns: readonly CompiledColumn[],
): VersionOrigin {
  return {
    fileSha256: objectSha256,
    findings: outcome?.findings ?? [],
    columns: mappedColumns(columns, mapping ?? []).flatMap(({ index, name, normalisers, calendar }) => {
      const fileColumn = index === null ? undefined : layout.header[index]
      if (fileColumn === undefined) return []
      const steps = [...normalisers, ...(calendar === undefined ? [] : [`calendar:${calendar}`])]
      return { fileColumn, column: name, steps }
    }),
  }
}
