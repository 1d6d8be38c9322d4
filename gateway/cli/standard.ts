import { type CliCommand, UsageError } from './command.ts'
import { printDiff } from './standard-diff.ts'
import { EXPORT_USAGE, writeStandard } from './standard-export.ts'
import { IMPORT_USAGE, readStandard } from './standard-import.ts'

/** `gdbos standard`: compares editions, and moves standards in and out of files. */
export const standard: CliCommand = {
  name: 'standard',
  summary: 'Export or import standards, compare two editions of a code list',
  usage: [
    ...EXPORT_USAGE,
    '',
    ...IMPORT_USAGE,
    '',
    'gdbos standard diff OLD NEW [OPTIONS]',
    '',
    '  OLD, NEW   a shipped list as LIST@EDITION (GB/T 2260@2023), or a file of codes: CSV or TSV with a header',
    '             that names code and name, and where it has them parent and level; opens no database',
    '  --json     print {counts, changes, notes}',
  ].join('\n'),
  examples: [
    'gdbos standard diff gb2260_200212.tsv gb2260_200712.tsv --json',
    'gdbos standard diff GB/T\\ 2260@2023 divisions.csv',
    'gdbos standard export business-registration --format ddl --output business.sql',
    'gdbos standard export GB/T\\ 2261.1 --format csv --bom --output sex.csv',
    'gdbos standard import sex.csv --dry-run',
  ],
  async run(args, io) {
    const [action, ...rest] = args
    if (action === 'diff') return printDiff(rest, io)
    if (action === 'export') return writeStandard(rest, io)
    if (action === 'import') return readStandard(rest, io)
    throw new UsageError(
      action === undefined
        ? '“export”, “import” or “diff” is missing'
        : `there is no “standard ${action}”; did you mean “export”, “import” or “diff”?`,
    )
  },
}
