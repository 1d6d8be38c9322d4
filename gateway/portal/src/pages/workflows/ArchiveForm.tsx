import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { ARCHIVABLE, ARCHIVE_INSTANCES } from './archive.ts'
import { BatchOutcome } from './BatchOutcome.tsx'
import { ReasonForm } from './ReasonForm.tsx'

interface ArchiveFormProps {
  readonly processKey: string
  /** Some were put away: the list is to be read again. */
  readonly onDone: () => void
}

/** Puts away what ended before a day: how many that is is said first, and each one's outcome is shown. */
export function ArchiveForm({ processKey, onDone }: ArchiveFormProps) {
  const text = useText(TEXT)
  const [day, setDay] = useState('')
  const [batch, setBatch] = useState<string>()
  return (
    <section aria-labelledby="archiving">
      <h2 id="archiving">{text.title}</h2>
      <p>
        <label className="staff-choice">
          {text.before}
          <input
            className="input"
            type="date"
            id="ended-before"
            value={day}
            onChange={(event) => {
              setDay(event.target.value)
              setBatch(undefined)
            }}
          />
        </label>
      </p>
      {batch !== undefined ? (
        <BatchOutcome id={batch} onDone={onDone} />
      ) : (
        day !== '' && <Counted key={day} processKey={processKey} day={day} onBegun={setBatch} />
      )}
    </section>
  )
}

interface CountedProps {
  readonly processKey: string
  readonly day: string
  readonly onBegun: (batch: string) => void
}

function Counted({ processKey: key, day: endedBefore, onBegun }: CountedProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const count = useQuery(ARCHIVABLE, { key, endedBefore })
  const archive = useMutation(ARCHIVE_INSTANCES)
  if (count.state === 'loading') return <Loading />
  if (count.state === 'failed') return <Failure error={count.error} retry={count.reload} />
  const { archivable } = count.data
  if (archivable === 0) return <p role="status">{text.nothing(format.day(endedBefore))}</p>
  return (
    <ReasonForm
      says={text.says(archivable, format.day(endedBefore))}
      go={text.go}
      busy={archive.running}
      error={archive.error}
      onGo={(reason) =>
        void archive
          .run({ key, endedBefore, reason })
          .then((done) => done && onBegun(done.archiveInstances.id))
      }
    />
  )
}

const TEXT = {
  zh: {
    title: '归档已结束的实例',
    before: '在此日之前结束的',
    nothing: (day: string) => `${day}之前没有可归档的实例。`,
    says: (n: number, day: string) =>
      `将归档 ${day}之前结束的 ${n} 个实例：移出运行表，经过和任务仍可查阅，统计不受影响。不能再移回。`,
    go: '归档',
  },
  en: {
    title: 'Archive what has ended',
    before: 'Ended before',
    nothing: (day: string) => `Nothing that can be archived ended before ${day}.`,
    says: (n: number, day: string) =>
      `Archives ${n} ${n === 1 ? 'instance' : 'instances'} that ended before ${day}: out of the tables of the runtime, with way and tasks still to be read, and counted as before. They cannot be taken back.`,
    go: 'Archive',
  },
}
