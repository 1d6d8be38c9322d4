import { changesStatement } from '../emitter/changes.ts'
import type { ChangesSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'
import { columnsIn, pathIn, stream } from './select.ts'

/** Compares two versions and streams what differs. */
export async function changes(work: Work, spec: ChangesSpec): Promise<null> {
  const pathOf = pathIn(work.folder)
  const known = (files: readonly string[]) =>
    files.length === 0 ? new Map<string, string>() : columnsIn(work, files, pathOf)
  const sides = { before: await known(spec.before), after: await known(spec.after) }
  for (const [files, known] of [
    [spec.before, sides.before],
    [spec.after, sides.after],
  ] as const) {
    if (files.length === 0) continue
    const absent = spec.key.find((column) => !known.has(column))
    if (absent !== undefined) throw errors.COLUMN_UNKNOWN({ column: absent })
  }
  return stream(work, changesStatement(spec, sides, pathOf))
}
