import { dayOf } from '../../core/day.ts'
import { check, isCheckAlgorithm } from '../../core/text/check.ts'
import { validate } from '../../core/text/validate.ts'
import { shippedElement } from '../../standards/index.ts'
import { type CliCommand, EXIT, printJson, readArguments, UsageError } from './command.ts'

/** `gdbos value check`: judges one value by a shipped element or a check algorithm. Opens no database. */
export const value: CliCommand = {
  name: 'value',
  summary: 'Check one value by a data element or a check algorithm',
  usage: [
    'gdbos value check ELEMENT VALUE [OPTIONS]',
    '',
    '  ELEMENT   an element’s code (DE00000002), short name (uscc) or Chinese name, or an algorithm:',
    '            gb11643, gb32100, gb11714, tw-ubn, iban, luhn',
    '  VALUE     the value; write -- before one that begins with a hyphen',
    '  --json    print {valid, reason}; reason is null, shape, check-digit, date, placeholder or',
    '            another one of the element’s: type, range, length, pattern, code',
  ].join('\n'),
  examples: [
    'gdbos value check gb32100 91350100M000100Y43 --json',
    'gdbos value check uscc 91350100m000100y43',
    'gdbos value check establishment_date 2019-02-30 --json',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['“check”', 'ELEMENT', 'VALUE'])
    const [action, element = '', text = ''] = positionals
    if (action !== 'check') throw new UsageError(`there is no “value ${action}”; did you mean “check”?`)

    const reason = reasonOf(element, text)
    if (values.json === true) printJson(io, { valid: reason === null, reason })
    else io.stdout.write(reason === null ? 'valid 有效\n' : `not valid 无效: ${reason}\n`)
    return reason === null ? EXIT.done : EXIT.refused
  },
}

const OPTIONS = { json: { type: 'boolean' } } as const

/** Null when the value is valid. */
function reasonOf(element: string, text: string): string | null {
  const today = dayOf(new Date())
  if (isCheckAlgorithm(element)) {
    const verdict = check(element, text, { today })
    return verdict === 'ok' ? null : verdict
  }
  const [failure] = validate({ ...shippedElement(element), required: true }, text, today).failures
  return failure === undefined ? null : failure.reason === 'unreadable' ? 'date' : failure.reason
}
