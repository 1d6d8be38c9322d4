import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import type { IncidentChoice, IncidentOperation } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import { BulkForm } from './BulkForm.tsx'
import { OPERATE, SELECTION } from './incident.ts'
import { OutputField, outputOf } from './OutputField.tsx'

const OPERATIONS: readonly IncidentOperation[] = ['RETRY', 'SKIP', 'CANCEL', 'RESOLVE']

interface IncidentBulkProps {
  readonly choice: IncidentChoice
  /** Something was done: the list is to be read again. */
  readonly onDone: () => void
}

/** The same done to many incidents: how many it meets is worked out first, and each one's outcome is shown. */
export function IncidentBulk({ choice, onDone }: IncidentBulkProps) {
  const text = useText(TEXT)
  const words = useWords()
  const selection = useQuery(SELECTION, { choice })
  const operate = useMutation(OPERATE)
  const [output, setOutput] = useState('')
  if (selection.state === 'loading') return <Loading />
  if (selection.state === 'failed') return <Failure error={selection.error} retry={selection.reload} />
  const { count, places } = selection.data.incidentSelection
  return (
    <BulkForm
      operations={OPERATIONS}
      meets={text.meets(count)}
      places={places.map(({ key, version, node, kind, code, count }) =>
        [text.version(key, version), node, words('incidentKind', kind ?? ''), code, text.times(count)]
          .filter(Boolean)
          .join(' · '),
      )}
      isEmpty={count === 0}
      says={text.says(count)}
      fields={(operation) => operation === 'SKIP' && <OutputField value={output} onChange={setOutput} />}
      busy={operate.running}
      error={operate.error}
      onGo={async (operation, reason) => {
        const given = operation === 'SKIP' ? outputOf(output) : {}
        // What is wrong with it is said at its field.
        if (given === undefined) return undefined
        const done = await operate.run({ operation, choice, expectedCount: count, output: given, reason })
        return done?.operateIncidents.id
      }}
      onDone={onDone}
    />
  )
}

const TEXT = {
  zh: {
    meets: (n: number) => `所选条件现有 ${n} 项异常。`,
    version: (key: string, n: number) => `${key} 第 ${n} 版`,
    times: (n: number) => `${n} 项`,
    says: (n: number) => ({
      RETRY: `将逐项重试 ${n} 项异常；再次失败的会重新成为异常。`,
      SKIP: `将逐项跳过 ${n} 个停下的环节，视为已经办完。`,
      CANCEL: `将逐项取走 ${n} 个停下的令牌；最后一个令牌取走后流程随之结束。`,
      RESOLVE: `将 ${n} 项异常标记为已处理；仍有令牌停着的会被拒绝。`,
    }),
  },
  en: {
    meets: (n: number) => `The choice meets ${n} ${n === 1 ? 'incident' : 'incidents'} now.`,
    version: (key: string, n: number) => `${key}, version ${n}`,
    times: (n: number) => `${n}`,
    says: (n: number) => ({
      RETRY: `Tries ${n} again, one after another; what fails again is an incident again.`,
      SKIP: `Goes on from ${n} as if their steps were done.`,
      CANCEL: `Takes ${n} ${n === 1 ? 'token' : 'tokens'} away; a process ends with its last one.`,
      RESOLVE: `Marks ${n} as seen to; one in which a token still stands is refused.`,
    }),
  },
}
