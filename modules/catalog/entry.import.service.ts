import { type Context, transaction } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import { authorize } from '../../core/policy.ts'
import {
  type CellFinding,
  type Finding,
  namedRows,
  readCells,
  toldFindings,
  writeXlsx,
} from '../../standards/index.ts'
import {
  columnOf,
  ENTRY_COLUMNS,
  type EntryColumn,
  entryOfRow,
  errors,
  MAX_ROWS,
  NEEDED,
} from './entry.import.ts'
import { registerFor } from './entry.service.ts'
import { can } from './policy.ts'

/** An empty workbook with the headings of {@link ENTRY_COLUMNS}. */
export function entryTemplate(): Buffer {
  return writeXlsx({ name: 'entries', header: Object.values(ENTRY_COLUMNS), rows: [] })
}

/** What became of a table of entries. */
export interface EntryImport {
  /** Entries in the table. */
  readonly read: number
  /** Those registered, in the order of the table: all of it or none. */
  readonly registered: readonly { readonly id: string; readonly code: string; readonly name: string }[]
  /** The first of what is wrong, by row and heading; with any, nothing is registered. */
  readonly findings: readonly CellFinding[]
  readonly findingCount: number
}

/** Undoes everything that a table with a wrong cell has registered. */
class Wrong extends Error {}

/**
 * Registers the entries of a filled template (XLSX, or CSV with the same headings) for the actor's own organisation, all or
 * none; each is judged as {@link registerFor} judges it.
 *
 * @param read reads the file, once it is known that the actor may register
 * @throws POLICY_FORBIDDEN, STANDARDS_IMPORT_UNREADABLE, STANDARDS_IMPORT_TOO_LARGE, CATALOG_ENTRY_TABLE_EMPTY,
 * CATALOG_ENTRY_TABLE_TOO_LONG
 */
export async function importEntries(ctx: Context, read: () => Promise<Buffer>): Promise<EntryImport> {
  const { organisationId, id: author } = ctx.actor
  await authorize(ctx, can.registerEntry, { organisationId })
  const { rows, findings } = namedRows(await readCells(await read()), ENTRY_COLUMNS, NEEDED)
  if (rows.length === 0 && findings.length === 0) throw errors.ENTRY_TABLE_EMPTY()
  if (rows.length > MAX_ROWS) throw errors.ENTRY_TABLE_TOO_LONG({ limit: MAX_ROWS })
  const registered: EntryImport['registered'][number][] = []
  const register = () =>
    transaction(ctx, async (ctx) => {
      for (const { at, cells } of rows) {
        const before = findings.length
        const fault = (column: EntryColumn, refusal: DomainError) =>
          findings.push({ row: at, column, value: cells[column] ?? '', refusal })
        const input = entryOfRow(cells, fault)
        if (input === undefined || findings.length > before) continue
        try {
          const { id, code, name } = await registerFor(ctx, input, organisationId, author)
          registered.push({ id, code, name })
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          fault(columnOf(error), error)
        }
      }
      if (findings.length > 0) throw new Wrong()
    })
  try {
    // Without a sound header the cells mean nothing.
    if (findings.length === 0) await register()
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
  }
  return {
    read: rows.length,
    registered: findings.length > 0 ? [] : registered,
    findings: toldFindings(findings.map(named)),
    findingCount: findings.length,
  }
}

/** With the heading of the template for the column's name. */
const named = (finding: Finding): Finding => ({
  ...finding,
  column: Object.hasOwn(ENTRY_COLUMNS, finding.column)
    ? ENTRY_COLUMNS[finding.column as EntryColumn]
    : finding.column,
})
