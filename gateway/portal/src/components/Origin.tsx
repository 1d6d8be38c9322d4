import { useFormat } from '../format.ts'
import { useSay, useText, type LocalText } from '../i18n.ts'
import { useWords } from '../words.ts'

export interface AnswerOrigin {
  readonly origin: string
  readonly sourceTitle?: string | null
  readonly sourceOrganisation?: { readonly name: LocalText } | null
  readonly asOfAt?: string | null
}

/** Where a value came from and how old it is. */
export function Origin({ answer }: { answer: AnswerOrigin }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const { origin, sourceTitle, sourceOrganisation, asOfAt } = answer
  return (
    <p className="field-origin" data-origin={origin}>
      <span>{words('origin', origin)}</span>
      {sourceOrganisation && <span>{say(sourceOrganisation.name)}</span>}
      {sourceTitle && <span>{sourceTitle}</span>}
      {asOfAt && (
        <span>
          {text.asOf} <time dateTime={asOfAt}>{format.time(asOfAt)}</time>
        </span>
      )}
    </p>
  )
}

const TEXT = {
  zh: { asOf: '截至' },
  en: { asOf: 'as of' },
}
