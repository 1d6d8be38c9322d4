import { addDays, type Day } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import type { ClockEvent } from './deadline.ts'

/** One pause: [from, until) of R1.5. */
export interface Span {
  readonly spanId: string
  readonly from: Day
  /** First day that counts again; of an open span as planned, null when nothing is planned. */
  readonly until: Day | null
  /** Nobody has resumed it yet. */
  readonly open: boolean
  readonly reason: string
}

/** The pauses of a run. Those still open when the clock stops end there. */
export function spansOf(events: readonly ClockEvent[], stoppedOn: Day | null): Span[] {
  const pauses = groupBy(
    events.filter(({ kind }) => kind === 'pause'),
    ({ spanId, seq }) => spanId ?? `#${seq}`,
  )
  return [...pauses].map(([spanId, parts]) => {
    const from = String(earliest(parts.map(({ effectiveOn }) => effectiveOn)))
    const resumedOn = earliest(
      events
        .filter((event) => event.kind === 'resume' && event.spanId === spanId && event.effectiveOn >= from)
        .map(({ effectiveOn }) => effectiveOn),
    )
    const reason = parts[0]?.reason ?? ''
    const endedOn = resumedOn ?? stoppedOn
    return { spanId, from, until: endedOn ?? plannedReturn(parts), open: endedOn === null, reason }
  })
}

/** The day after the planned end; a prolongation is a further pause of the same span. */
function plannedReturn(parts: readonly ClockEvent[]): Day | null {
  const planned = parts
    .flatMap(({ plannedUntil }) => plannedUntil ?? [])
    .sort()
    .at(-1)
  return planned === undefined ? null : addDays(planned, 1)
}

export const covers = ({ from, until }: Span, on: Day) => from <= on && (until === null || on < until)

/** GB/T practice and AL 45: why a clock may stand still (L13). */
const REASONS: Record<string, Texts> = {
  hearing: { zh: '听证', en: 'hearing' },
  tender: { zh: '招标', en: 'tender' },
  auction: { zh: '拍卖', en: 'auction' },
  inspection: { zh: '检验、现场核查', en: 'inspection' },
  testing: { zh: '检测', en: 'testing' },
  quarantine: { zh: '检疫', en: 'quarantine' },
  appraisal: { zh: '鉴定', en: 'appraisal' },
  'expert-review': { zh: '专家评审', en: 'expert review' },
  'item-specific': { zh: '法律规定的特别程序', en: 'special procedure of the item' },
  'force-majeure': { zh: '不可抗力', en: 'force majeure' },
  'applicant-supplement': { zh: '申请人补充材料', en: 'supplement by the applicant' },
}

export function reasonText(reasons: readonly string[]): Texts {
  const texts = [...new Set(reasons)].map((reason) => REASONS[reason] ?? { zh: reason, en: reason })
  return {
    zh: `暂停计时：${texts.map(({ zh }) => zh).join('、')}`,
    en: `paused: ${texts.map(({ en }) => en).join(', ')}`,
  }
}

export const daysBetween = (from: Day, to: Day) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

export function earliest(days: readonly Day[]): Day | null {
  return days.reduce<Day | null>((first, day) => (first === null || day < first ? day : first), null)
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
