import { changesStatement } from '../emitter/changes.ts'
import type { ChangesSpec } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Work } from './main.ts'
import { columnsIn, pathIn, stream } from './select.ts'

/** Compares two versions and streams what differs. */
export async function changes(work: Work, spec: ChangesSpec): Promise<null> {
  const pathOf = pathIn(work.folder)
  const sides = {
    before: await columnsIn(work, spec.before, pathOf),
    after: await columnsIn(work, spec.after, pathOf),
  }
  for (const known of [sides.before, sides.after]) {
    const absent = spec.key.find((column) => !known.has(column))
    if (absent !== undefined) throw errors.COLUMN_UNKNOWN({ column: absent })
  }
  return stream(work, changesStatement(spec, sides, pathOf))
}
