import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { CorrectionOrdersQuery, RecordOverridesQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { Decisions, undoWaits } from './Decisions.tsx'
import { ANSWER, CONFIRM, ORDERS, OVERRIDES, WITHDRAW } from './corrections.ts'

type Order = CorrectionOrdersQuery['correctionOrders']['edges'][number]['node']
type Override = RecordOverridesQuery['recordOverrides']['edges'][number]['node']

/** What other bodies ask one's own register to correct, and the values one's own body overrode. */
export function Corrections() {
  const text = useText(TEXT)
  const session = useSession()
  const may = (permission: string) =>
    session.state === 'signed-in' && session.me.permissions.includes(permission)
  return (
    <StaffPage title={text.title} lead={text.lead}>
      {may('golden.answerOrder') && <Orders />}
      <Overrides mayWithdraw={may('golden.overrideValue')} />
    </StaffPage>
  )
}

const recordPath = (key: string) => `/catalogue/${encodeURIComponent(key)}`

function Orders() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const [chosen, setChosen] = useState<Order>()
  const list = usePaged(ORDERS, {}, (data) => data.correctionOrders)
  return (
    <section>
      <h2>{text.orders}</h2>
      {chosen && (
        <AnswerForm
          key={chosen.id}
          order={chosen}
          onDone={() => {
            setChosen(undefined)
            if (list.state !== 'loading') list.reload()
          }}
          onClose={() => setChosen(undefined)}
        />
      )}
      <PagedTable<Order>
        list={list}
        rowKey={({ id }) => id}
        caption={text.orders}
        empty={text.noOrders}
        columns={[
          {
            title: text.entity,
            cell: ({ override }) => <Link to={recordPath(override.key)}>{override.name}</Link>,
          },
          { title: text.field, cell: ({ override }) => say(override.label) },
          { title: text.value, cell: ({ override }) => override.value ?? text.personal },
          {
            title: text.grounds,
            cell: ({ override }) => text.because(override.reason, override.basis, override.evidence),
          },
          { title: text.by, cell: ({ override }) => say(override.organisation.name) },
          { title: text.at, cell: ({ openedAt }) => format.time(openedAt) },
          {
            title: text.answer,
            cell: (order) =>
              order.answer ? (
                <>
                  {text.answers[order.answer]}
                  {text.colon}
                  {order.answerText}
                </>
              ) : (
                <Button onClick={() => setChosen(order)}>{text.reply}</Button>
              ),
          },
        ]}
      />
    </section>
  )
}

function AnswerForm(props: { order: Order; onDone: () => void; onClose: () => void }) {
  const { order, onDone, onClose } = props
  const text = useText(TEXT)
  const say = useSay()
  const answer = useMutation(ANSWER)
  const [words, setWords] = useState('')
  const send = async (choice: 'WILL_CORRECT' | 'DECLINED') => {
    if (await answer.run({ id: order.id, answer: choice, text: words })) onDone()
  }
  return (
    <section className="task-form" aria-labelledby="answer-order" aria-busy={answer.running}>
      <h3 id="answer-order">{text.replyTo(order.override.name, say(order.override.label))}</h3>
      <p>
        <label htmlFor="answer-text">{text.answerText}</label>
        <Input.TextArea
          id="answer-text"
          rows={2}
          maxLength={500}
          autoFocus
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      </p>
      {answer.error && <Failure error={answer.error} />}
      <p className="actions">
        <Button type="primary" loading={answer.running} onClick={() => void send('WILL_CORRECT')}>
          {text.answers.WILL_CORRECT}
        </Button>
        <Button loading={answer.running} onClick={() => void send('DECLINED')}>
          {text.answers.DECLINED}
        </Button>
        <Button onClick={onClose}>{text.close}</Button>
      </p>
    </section>
  )
}

function Overrides({ mayWithdraw }: { mayWithdraw: boolean }) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const confirm = useMutation(CONFIRM)
  const withdraw = useMutation(WITHDRAW)
  const list = usePaged(OVERRIDES, {}, (data) => data.recordOverrides)
  return (
    <Decisions<Override>
      title={text.overrides}
      empty={text.noOverrides}
      list={list}
      undoAskedAt={({ withdrawalAskedAt }) => withdrawalAskedAt}
      ended="WITHDRAWN"
      confirm={confirm}
      undo={withdraw}
      mayUndo={mayWithdraw}
      words={{ confirm: text.confirm, confirmUndo: text.confirmWithdrawal, undo: text.withdraw }}
      columns={[
        { title: text.entity, cell: ({ key, name }) => <Link to={recordPath(key)}>{name}</Link> },
        { title: text.field, cell: ({ label }) => say(label) },
        { title: text.value, cell: ({ value }) => value ?? text.personal },
        {
          title: text.grounds,
          cell: ({ reason, basis, evidence }) => text.because(reason, basis, evidence),
        },
        { title: text.until, cell: ({ expiresOn }) => format.day(expiresOn) },
        {
          title: text.status,
          cell: (row) =>
            undoWaits(row, row.withdrawalAskedAt) ? text.withdrawalWaits : text.statuses[row.status],
        },
        {
          title: text.answer,
          cell: ({ order }) =>
            order && (
              <>
                {say(order.organisation.name)}
                {text.colon}
                {order.answer ? `${text.answers[order.answer]} ${order.answerText ?? ''}` : text.open}
              </>
            ),
        },
      ]}
    />
  )
}

const TEXT = {
  zh: {
    title: '更正',
    lead: '别的单位请本单位核实的数据，以及本单位所作的人工修正。',
    orders: '请本单位核实的数据',
    noOrders: '没有请本单位核实的数据。',
    overrides: '本单位的人工修正',
    noOverrides: '本单位没有人工修正。',
    entity: '单位',
    field: '数据项',
    value: '修正为',
    personal: '个人信息，请说明用途后在单位信息中查看',
    grounds: '理由、依据和佐证',
    because: (reason: string, basis: string, evidence: string) => `${reason}；${basis}；${evidence}`,
    by: '提出单位',
    at: '时间',
    until: '失效日',
    status: '状态',
    statuses: { PROPOSED: '待第二人确认', IN_FORCE: '已确认', WITHDRAWN: '已撤回' },
    answer: '数源答复',
    answers: { WILL_CORRECT: '将在登记中更正', DECLINED: '登记无误，不更正' },
    open: '尚未答复',
    reply: '答复',
    replyTo: (name: string, label: string) => `答复：${name}，${label}`,
    answerText: '情况说明',
    confirm: '确认',
    withdrawalWaits: '已确认，撤回待第二人确认',
    confirmWithdrawal: '确认撤回',
    withdraw: '撤回',
    close: '关闭',
    colon: '：',
  },
  en: {
    title: 'Corrections',
    lead: 'What other bodies ask you to check in your register, and the values your body overrode.',
    orders: 'To check in your register',
    noOrders: 'Nobody asks you to check anything.',
    overrides: 'Overrides of your body',
    noOverrides: 'Your body overrode nothing.',
    entity: 'Organisation',
    field: 'Item',
    value: 'New value',
    personal: 'personal: see the record, for a purpose',
    grounds: 'Reason, basis and evidence',
    because: (reason: string, basis: string, evidence: string) => `${reason}; ${basis}; ${evidence}`,
    by: 'Asked by',
    at: 'At',
    until: 'Expires',
    status: 'Status',
    statuses: { PROPOSED: 'waits for a second person', IN_FORCE: 'confirmed', WITHDRAWN: 'withdrawn' },
    answer: 'Answer of the source',
    answers: { WILL_CORRECT: 'Will correct the register', DECLINED: 'The register is right' },
    open: 'not answered',
    reply: 'Answer',
    replyTo: (name: string, label: string) => `Answer: ${name}, ${label}`,
    answerText: 'What you found',
    confirm: 'Confirm',
    withdrawalWaits: 'confirmed; its withdrawal waits for a second person',
    confirmWithdrawal: 'Confirm withdrawal',
    withdraw: 'Withdraw',
    close: 'Close',
    colon: ': ',
  },
}
