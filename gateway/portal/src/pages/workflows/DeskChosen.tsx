import { Button } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { ColleagueSelect } from '../../components/staff/ColleagueSelect.tsx'
import { useText } from '../../i18n.ts'
import { ASSIGN_ALL, CLAIM_ALL, type DeskTask } from './desk.ts'

interface DeskChosenProps {
  readonly chosen: readonly DeskTask[]
  readonly isHead: boolean
  /** Something was done: the list is to be read again. */
  readonly onDone: () => void
}

/** What can be done with the tasks ticked in the desk, all of them or none. */
export function DeskChosen({ chosen, isHead, onDone }: DeskChosenProps) {
  const text = useText(TEXT)
  const claim = useMutation(CLAIM_ALL)
  const assign = useMutation(ASSIGN_ALL)
  const [personId, setPersonId] = useState('')
  const ids = chosen.map(({ id }) => id)
  const roles = new Set(chosen.map(({ candidateRole }) => candidateRole))
  const error = claim.error ?? assign.error
  const done = (answer: unknown) => answer !== undefined && onDone()
  return (
    <section className="staff-chosen" aria-label={text.title}>
      <p role="status">{text.count(chosen.length)}</p>
      <div className="staff-filter">
        {chosen.every(({ mayClaim }) => mayClaim) && (
          <Button loading={claim.running} onClick={() => void claim.run({ ids }).then(done)}>
            {text.claim}
          </Button>
        )}
        {isHead && (
          <>
            <ColleagueSelect
              id="assign-to"
              label={text.to}
              role={roles.size === 1 ? [...roles][0] : undefined}
              value={personId}
              onChange={setPersonId}
            />
            <Button
              disabled={personId === ''}
              loading={assign.running}
              onClick={() => void assign.run({ ids, personId }).then(done)}
            >
              {text.assign}
            </Button>
            <Button loading={assign.running} onClick={() => void assign.run({ ids }).then(done)}>
              {text.giveBack}
            </Button>
          </>
        )}
      </div>
      {error && <Failure error={error} />}
    </section>
  )
}

const TEXT = {
  zh: {
    title: '所选任务',
    count: (n: number) => `已选 ${n} 项任务`,
    claim: '全部领取',
    to: '分派给',
    assign: '分派',
    giveBack: '退回待领取',
  },
  en: {
    title: 'Chosen tasks',
    count: (n: number) => (n === 1 ? '1 task chosen' : `${n} tasks chosen`),
    claim: 'Claim them all',
    to: 'Assign to',
    assign: 'Assign',
    giveBack: 'Give back to their groups',
  },
}
