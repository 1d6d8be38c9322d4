import { useFormat } from '../format.ts'
import { useSay, useText } from '../i18n.ts'
import type { Case } from '../pages/service/case.ts'
import { useWords } from '../words.ts'

/** The documents of the office to the applicant, newest first, with their wording. */
export function NoticeList({ notices }: { notices: Case['notices'] }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  if (!notices.length) return null
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">{text.title}</h2>
      {[...notices]
        .sort((a, b) => b.preparedAt.localeCompare(a.preparedAt))
        .map((notice) => (
          <details key={notice.number}>
            <summary>
              {words('notice', notice.kind)} {notice.number}
            </summary>
            <div>
              <p>{say(notice.body)}</p>
              <p className="quiet">
                {notice.servedAt
                  ? text.served(format.time(notice.servedAt))
                  : text.prepared(format.time(notice.preparedAt))}
              </p>
            </div>
          </details>
        ))}
    </section>
  )
}

const TEXT = {
  zh: {
    title: '告知书和决定书',
    served: (at: string) => `${at} 送达`,
    prepared: (at: string) => `${at} 制发，等待送达`,
  },
  en: {
    title: 'Notices and decisions',
    served: (at: string) => `served ${at}`,
    prepared: (at: string) => `prepared ${at}, not served yet`,
  },
}
