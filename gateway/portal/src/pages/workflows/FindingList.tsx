import type { Badge, Mark, Marks } from '../../components/bpmn/diagram.ts'
import { useSay, useText } from '../../i18n.ts'
import type { DraftFinding } from './draft.ts'

interface FindingListProps {
  readonly findings: readonly DraftFinding[]
  /** Leads to the element or file of a finding. */
  readonly onShow?: (element: string) => void
}

/** What the gate and bpmnlint have against a draft, errors first, each with the way to its element. */
export function FindingList({ findings, onShow }: FindingListProps) {
  const text = useText(TEXT)
  const say = useSay()
  if (findings.length === 0) return <p className="notice notice-good">{text.none}</p>
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li
          key={`${finding.rule} ${finding.element} ${finding.en}`}
          data-rule={finding.rule}
          data-severity={finding.severity}
        >
          <span className={finding.severity === 'ERROR' ? 'tag tag-bad' : 'tag tag-warn'}>
            {text.severity[finding.severity]}
          </span>
          {finding.element &&
            (onShow ? (
              <button type="button" className="button-plain" onClick={() => onShow(finding.element)}>
                <code>{finding.element}</code>
              </button>
            ) : (
              <code>{finding.element}</code>
            ))}
          <span>{say(finding)}</span> <code className="quiet">{finding.rule}</code>
        </li>
      ))}
    </ul>
  )
}

/** Findings on the diagram: a mark on each element, and how many it has. */
export function marked(findings: readonly DraftFinding[], say: (text: DraftFinding) => string) {
  const marks: Record<string, Mark[]> = {}
  const counted = new Map<string, DraftFinding[]>()
  for (const finding of findings) {
    if (!finding.element) continue
    counted.set(finding.element, [...(counted.get(finding.element) ?? []), finding])
  }
  const badges: Badge[] = []
  for (const [element, ofElement] of counted) {
    const isError = ofElement.some(({ severity }) => severity === 'ERROR')
    marks[element] = [isError ? 'error' : 'warning']
    badges.push({
      element,
      text: `${isError ? '✕' : '!'} ${ofElement.length}`,
      look: isError ? 'error' : 'warning',
      title: ofElement.map(say).join('\n'),
    })
  }
  return { marks: marks as Marks, badges }
}

const TEXT = {
  zh: { none: '没有发现问题。', severity: { ERROR: '错误', WARNING: '提醒' } },
  en: { none: 'Nothing was found.', severity: { ERROR: 'error', WARNING: 'warning' } },
}
