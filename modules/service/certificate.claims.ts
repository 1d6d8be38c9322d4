import type { Claim } from '../certificate/index.ts'
import { type Answers, asText } from './form.ts'
import { fieldOf, type ItemContent, type ResultDefinition } from './item.ts'

/** What a certificate states of the application: the chosen options by their names, all else as answered. */
export function certificateClaims(
  content: ItemContent,
  { claims }: ResultDefinition,
  answers: Answers,
): Claim[] {
  return claims.flatMap((name): Claim[] => {
    const field = fieldOf(content, name)
    const answer = answers[name]
    if (!field || !answer) return []
    const chosen = field.options.filter(({ value }) =>
      Array.isArray(answer.value) ? answer.value.includes(value) : answer.value === value,
    )
    if (field.options.length === 0) return [{ name, label: field.label, value: asText(answer) }]
    const join = (language: 'zh' | 'en', by: string) => chosen.map(({ text }) => text[language]).join(by)
    return [{ name, label: field.label, value: { zh: join('zh', '、'), en: join('en', ', ') } }]
  })
}
