import { DomainError } from '../../core/errors.ts'
import type { DecisionFinding } from './finding.ts'

export const error = (
  rule: string,
  decision: string,
  zh: string,
  en: string,
  rules: readonly number[] = [],
) => ({ rule, severity: 'error', decision, rules, zh, en }) satisfies DecisionFinding

/** The finding of a text that does not parse. */
export function checkText(
  parse: () => unknown,
  decision: string,
  rules: readonly number[] = [],
): DecisionFinding[] {
  try {
    parse()
    return []
  } catch (refusal) {
    if (!(refusal instanceof DomainError)) throw refusal
    const at = rules.length > 0 ? [`规则${rules.join('、')}：`, `Rule ${rules.join(', ')}: `] : ['', '']
    const [zh, en] = [`${at[0]}${refusal.messages.zh}`, `${at[1]}${refusal.messages.en}`]
    return [error('expression-invalid', decision, zh, en, rules)]
  }
}
