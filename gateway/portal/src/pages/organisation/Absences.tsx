import { Button } from 'antd'
import { useState, type FormEvent } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { ColleagueSelect } from '../../components/staff/ColleagueSelect.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { graphql } from '../../generated/gql.ts'
import type { AbsencesQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { useSession, type Viewer } from '../../session.tsx'

const ABSENCES = graphql(`
  query Absences($after: String) {
    absences(first: 30, after: $after) {
      edges {
        node {
          id
          personId
          personName {
            zh
            en
          }
          substituteName {
            zh
            en
          }
          fromOn
          untilOn
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const RECORD = graphql(`
  mutation RecordAbsence(
    $commandId: UUID!
    $personId: UUID!
    $substituteId: UUID!
    $fromOn: Date!
    $untilOn: Date!
  ) {
    recordAbsence(
      commandId: $commandId
      personId: $personId
      substituteId: $substituteId
      fromOn: $fromOn
      untilOn: $untilOn
    ) {
      id
    }
  }
`)

const END = graphql(`
  mutation EndAbsence($commandId: UUID!, $id: UUID!) {
    endAbsence(commandId: $commandId, id: $id) {
      id
    }
  }
`)

type Absence = AbsencesQuery['absences']['edges'][number]['node']

/** Who is away and who stands in; the head sees the whole body. */
export function Absences() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const session = useSession()
  const list = usePaged(ABSENCES, {}, (data) => data.absences)
  const end = useMutation(END)
  if (session.state !== 'signed-in') return null
  const { me } = session
  const isHead = me.permissions.includes('organisation.recordAbsence')
  const reload = () => list.state !== 'loading' && list.reload()
  return (
    <StaffPage title={text.title} lead={text.lead} busy={end.running}>
      {end.error && <Failure error={end.error} />}
      <PagedTable<Absence>
        list={list}
        rowKey={({ id }) => id}
        caption={text.title}
        empty={text.none}
        columns={[
          { title: text.person, cell: ({ personName }) => say(personName) },
          { title: text.substitute, cell: ({ substituteName }) => say(substituteName) },
          { title: text.from, cell: ({ fromOn }) => format.day(fromOn) },
          { title: text.until, cell: ({ untilOn }) => format.day(untilOn) },
          {
            title: text.action,
            cell: ({ id, personId }) =>
              (isHead || personId === me.personId) && (
                <Button loading={end.running} onClick={() => void end.run({ id }).then(reload)}>
                  {text.end}
                </Button>
              ),
          },
        ]}
      />
      <RecordForm me={me} isHead={isHead} onRecorded={reload} />
    </StaffPage>
  )
}

interface RecordFormProps {
  readonly me: Viewer
  readonly isHead: boolean
  readonly onRecorded: () => void
}

function RecordForm({ me, isHead, onRecorded }: RecordFormProps) {
  const text = useText(TEXT)
  const record = useMutation(RECORD)
  const [personId, setPersonId] = useState(me.personId)
  const [substituteId, setSubstituteId] = useState('')
  const [fromOn, setFromOn] = useState('')
  const [untilOn, setUntilOn] = useState('')
  const isWhole = [personId, substituteId, fromOn, untilOn].every((value) => value !== '')

  async function send(event: FormEvent) {
    event.preventDefault()
    if (!(await record.run({ personId, substituteId, fromOn, untilOn }))) return
    setSubstituteId('')
    onRecorded()
  }

  return (
    <section aria-labelledby="record">
      <h2 id="record">{text.record}</h2>
      <form className="staff-filter" onSubmit={(event) => void send(event)} aria-busy={record.running}>
        {isHead && (
          <ColleagueSelect id="absent" label={text.person} value={personId} onChange={setPersonId} />
        )}
        <ColleagueSelect
          id="substitute"
          label={text.substitute}
          without={personId}
          value={substituteId}
          onChange={setSubstituteId}
        />
        <Day id="from" label={text.from} value={fromOn} onChange={setFromOn} />
        <Day id="until" label={text.until} value={untilOn} onChange={setUntilOn} />
        <Button type="primary" htmlType="submit" disabled={!isWhole} loading={record.running}>
          {text.save}
        </Button>
      </form>
      {record.error && <Failure error={record.error} />}
    </section>
  )
}

interface DayProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (day: string) => void
}

function Day({ id, label, value, onChange }: DayProps) {
  return (
    <span className="staff-choice">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        className="input"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  )
}

const TEXT = {
  zh: {
    title: '离岗代办',
    lead: '离岗期间，代办人以自己的角色办理您已领取的任务，每次办理都会记录。',
    none: '没有离岗登记。',
    person: '离岗人员',
    substitute: '代办人',
    from: '第一天',
    until: '最后一天',
    action: '操作',
    end: '提前结束',
    record: '登记离岗',
    save: '登记',
  },
  en: {
    title: 'Absences',
    lead: 'While you are away, the substitute works on tasks you have claimed, by her own roles; each act is recorded.',
    none: 'No absence is recorded.',
    person: 'Absent',
    substitute: 'Substitute',
    from: 'First day',
    until: 'Last day',
    action: 'Action',
    end: 'End it now',
    record: 'Record an absence',
    save: 'Record',
  },
}
