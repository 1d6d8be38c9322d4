import { UNSUPPORTED } from './elements.ts'
import type { Findings } from './finding.ts'

/** Adds the finding that names an element the runtime does not execute, and what to draw instead. */
export function unsupported(findings: Findings, id: string, type: string): void {
  const known = UNSUPPORTED[type]
  const plain = type
    .replace(/^bpmn:/, '')
    .replace(/EventDefinition$/, 'Event')
    .replace(/^./, (first) => first.toLowerCase())
  findings.add(
    'element-unsupported',
    id,
    known ? `不支持${known.name.zh}（${plain}）：${known.instead.zh}` : `不支持${plain}`,
    known ? `${plain} (${known.name.en}) is not executed: ${known.instead.en}` : `${plain} is not executed`,
  )
}
