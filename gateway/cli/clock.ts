import type { Day } from '../../core/day.ts'
import {
  type Calendar,
  checkDays,
  type ClockEvent,
  deadline,
  errors,
  type Limit,
  type LimitUnit,
  refusePauseOutside,
  shippedCalendar,
} from '../../modules/clock/index.ts'
import { type CliCommand, EXIT, printJson, readArguments, readInteger, UsageError } from './command.ts'

const UNITS: readonly LimitUnit[] = ['working-day', 'calendar-day', 'month']

/** `gdbos clock due`: the due day by rule R1 and the shipped calendars. Opens no database. */
export const clock: CliCommand = {
  name: 'clock',
  summary: 'Work out the due day of a legal limit in Chinese working days',
  usage: [
    'gdbos clock due --start DAY --limit N [OPTIONS]',
    '',
    '  --start DAY        the day the limit starts; it is not counted (2026-02-04)',
    '  --limit N          how many days or months',
    '  --unit UNIT        working-day (default), calendar-day or month',
    '  --pause FROM:TO    a pause; TO is the day of resumption and counts again; may be given several times',
    '  --extend N         days added by an extension',
    '  --region CODE      division whose own days off go before the nation’s (6 digits; default the nation)',
    '  --json             print {due, provisional}',
  ].join('\n'),
  examples: [
    'gdbos clock due --start 2026-02-04 --limit 10 --json',
    'gdbos clock due --start 2026-06-08 --limit 20 --pause 2026-06-11:2026-06-24 --pause 2026-06-17:2026-07-01',
    'gdbos clock due --start 2026-08-31 --limit 6 --unit month --json',
  ],
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS, ['“due”'])
    if (positionals[0] !== 'due')
      throw new UsageError(`there is no “clock ${positionals[0]}”; did you mean “due”?`)
    if (values.start === undefined) throw new UsageError('--start DAY is missing')
    if (values.limit === undefined) throw new UsageError('--limit N is missing')
    const unit = UNITS.find((each) => each === values.unit)
    if (!unit) throw new UsageError(`--unit must be ${UNITS.join(', ')}, not “${values.unit}”`)
    const limit = { amount: readInteger('limit', values.limit, 0, 10_000), unit }
    const days = readInteger('extend', values.extend, 0, 10_000)
    const pauses = values.pause.map(readPause)

    checkDays(values.start, ...pauses.flat())
    const calendar = await shippedCalendar(values.region)
    const { due, provisional } = work(calendar, limit, values.start, days, pauses)
    if (values.json === true) printJson(io, { due, provisional })
    else io.stdout.write(`${due}${provisional ? ' (provisional 暂定)' : ''}\n`)
    return EXIT.done
  },
}

const OPTIONS = {
  start: { type: 'string' },
  limit: { type: 'string' },
  unit: { type: 'string', default: 'working-day' },
  pause: { type: 'string', multiple: true, default: [] as string[] },
  extend: { type: 'string', default: '0' },
  region: { type: 'string', default: 'CN' },
  json: { type: 'boolean' },
} as const

type Pause = readonly [from: Day, to: Day]

function readPause(text: string): Pause {
  const [from, to, ...more] = text.split(':')
  if (from === undefined || to === undefined || more.length > 0)
    throw new UsageError(`--pause must be FROM:TO, not “${text}”`)
  return [from, to]
}

/** Adds the pauses in the order of their days, so that each is held against the due day before it. */
function work(calendar: Calendar, limit: Limit, start: Day, days: number, pauses: readonly Pause[]) {
  const events: ClockEvent[] = [{ seq: 1, kind: 'start', effectiveOn: start }]
  if (days > 0) events.push({ seq: 2, kind: 'extend', effectiveOn: start, days })
  let at = deadline(events, limit, 'R1', calendar)
  for (const [from, to] of [...pauses].sort(([a], [b]) => a.localeCompare(b))) {
    refusePauseOutside(at, { effectiveOn: from })
    if (to < from) throw errors.RESUME_UNMATCHED({ span: `${from}:${to}` })
    const seq = events.length + 1
    const spanId = String(seq)
    events.push({ seq, kind: 'pause', effectiveOn: from, spanId, reason: 'pause' })
    events.push({ seq: seq + 1, kind: 'resume', effectiveOn: to, spanId })
    at = deadline(events, limit, 'R1', calendar)
  }
  return { due: at.dueOn, provisional: at.provisional }
}
