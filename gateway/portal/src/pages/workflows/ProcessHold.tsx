import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { useFormat } from '../../format.ts'
import type { ProcessDefinitionQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { RESUME_PROCESS, SUSPEND_PROCESS } from './processes.ts'
import { ReasonForm } from './ReasonForm.tsx'

interface ProcessHoldProps {
  readonly definition: ProcessDefinitionQuery['processDefinition']
  readonly onDone: () => void
}

/** Whether a process starts new instances, and the way to hold it back or let it start again. */
export function ProcessHold({ definition, onDone }: ProcessHoldProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const { key, suspendedAt, maySuspend } = definition
  const isHeld = suspendedAt !== null && suspendedAt !== undefined
  const suspend = useMutation(SUSPEND_PROCESS)
  const resume = useMutation(RESUME_PROCESS)
  const act = isHeld ? resume : suspend
  const [asked, setAsked] = useState(false)
  if (!isHeld && !maySuspend) return null

  return (
    <section aria-label={text.title} id="hold">
      {isHeld && (
        <p className="notice" role="status">
          {text.held(format.time(suspendedAt))}
        </p>
      )}
      {maySuspend && (
        <button
          type="button"
          className="button-second"
          data-act="hold"
          aria-expanded={asked}
          onClick={() => setAsked(true)}
        >
          {isHeld ? text.resume : text.suspend}
        </button>
      )}
      {maySuspend && asked && (
        <ReasonForm
          says={isHeld ? text.resumes : text.suspends}
          go={isHeld ? text.resume : text.suspend}
          busy={act.running}
          error={act.error}
          onLeave={() => setAsked(false)}
          onGo={(reason) =>
            void act.run({ key, reason }).then((done) => {
              if (!done) return
              setAsked(false)
              onDone()
            })
          }
        />
      )}
    </section>
  )
}

const TEXT = {
  zh: {
    title: '停用与恢复',
    held: (at: string) => `本流程自 ${at} 起停用：不启动新的实例。`,
    suspend: '停用本流程',
    resume: '恢复本流程',
    suspends: '所有版本都不再启动新的实例，到来的启动请求保留到恢复时处理；正在运行的实例照常办理。',
    resumes: '停用期间保留的启动请求随即处理，此后照常启动新的实例。',
  },
  en: {
    title: 'Hold back and let start',
    held: (at: string) => `Held back since ${at}: no new instance starts.`,
    suspend: 'Hold the process back',
    resume: 'Let the process start again',
    suspends:
      'No version starts a new instance; what would have started one is kept until it is let start again. Instances that run go on.',
    resumes: 'What was kept meanwhile starts at once, and new instances start as before.',
  },
}
