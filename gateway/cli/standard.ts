import { type CliCommand, UsageError } from './command.ts'
import { printDiff } from './standard-diff.ts'
import { EXPORT_USAGE, writeStandard } from './standard-export.ts'
import { printImpact } from './standard-impact.ts'
import { IMPORT_USAGE, readStandard } from './standard-import.ts'

/** `gdbos standard`: compares editions, tells what a change would touch, and moves standards in and out of files. */
export const standard: CliCommand = {
  name: 'standard',
  summary: 'Export or import standards, compare editions of a code list, tell who uses a standard',
  usage: [
    ...EXPORT_USAGE,
    '',
    ...IMPORT_USAGE,
    '',
    'gdbos standard diff OLD NEW [OPTIONS]',
    'gdbos standard impact CODE|LIST [OPTIONS]',
    '',
    '  OLD, NEW   a shipped list as LIST@EDITION (GB/T 2260@2023), or a file of codes: CSV or TSV with a header',
    '             that names code and name, and where it has them parent and level',
    '  CODE       an element (DE00000025) or a record schema (business-registration)',
    '  LIST       a code list as LIST@EDITION',
    '  --code V   one code of the list: how many rows hold it',
    '  --data DIR data folder (default GDBOS_DATA), or DATABASE_URL; only for impact',
    '  --json     print {counts, changes, notes}, or {kind, code, value, complete, users, rows}',
  ].join('\n'),
  examples: [
    'gdbos standard diff gb2260_200212.tsv gb2260_200712.tsv --json',
    'gdbos standard diff GB/T\\ 2260@2023 divisions.csv',
    'gdbos standard export business-registration --format ddl --output business.sql',
    'gdbos standard export GB/T\\ 2261.1 --format csv --bom --output sex.csv',
    'gdbos standard import sex.csv --dry-run',
    'gdbos standard impact GB/T\\ 2260@2023 --code 210113 --json',
  ],
  async run(args, io) {
    const [action, ...rest] = args
    if (action === 'diff') return printDiff(rest, io)
    if (action === 'export') return writeStandard(rest, io)
    if (action === 'import') return readStandard(rest, io)
    if (action === 'impact') return printImpact(rest, io)
    throw new UsageError(
      action === undefined
        ? '“export”, “import”, “diff” or “impact” is missing'
        : `there is no “standard ${action}”; did you mean “export”, “import”, “diff” or “impact”?`,
    )
  },
}
