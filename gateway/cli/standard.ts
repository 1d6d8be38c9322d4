import { type CliCommand, UsageError } from './command.ts'
import { printDiff } from './standard-diff.ts'

/** `gdbos standard`: works on the shipped packs and on files. Opens no database. */
export const standard: CliCommand = {
  name: 'standard',
  summary: 'Compare two editions of a code list',
  usage: [
    'gdbos standard diff OLD NEW [OPTIONS]',
    '',
    '  OLD, NEW   a shipped list as LIST@EDITION (GB/T 2260@2023), or a file of codes: CSV or TSV with a header',
    '             that names code and name, and where it has them parent and level',
    '  --json     print {counts, changes, notes}',
  ].join('\n'),
  examples: [
    'gdbos standard diff gb2260_200212.tsv gb2260_200712.tsv --json',
    'gdbos standard diff GB/T\\ 2260@2023 divisions.csv',
  ],
  async run(args, io) {
    const [action, ...rest] = args
    if (action === 'diff') return printDiff(rest, io)
    throw new UsageError(
      action === undefined ? '“diff” is missing' : `there is no “standard ${action}”; did you mean “diff”?`,
    )
  },
}
