import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { graphql } from '../../generated/gql.ts'
import { useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import type { EntryData } from './entry.ts'

const REVIEW = graphql(`
  mutation ReviewEntry($commandId: UUID!, $id: UUID!) {
    reviewEntry(commandId: $commandId, id: $id) {
      id
    }
  }
`)

const RETURN = graphql(`
  mutation ReturnEntry($commandId: UUID!, $id: UUID!, $remark: String!) {
    returnEntry(commandId: $commandId, id: $id, remark: $remark) {
      id
    }
  }
`)

const PUBLISH = graphql(`
  mutation PublishEntry($commandId: UUID!, $id: UUID!) {
    publishEntry(commandId: $commandId, id: $id) {
      id
    }
  }
`)

const WITHDRAW = graphql(`
  mutation WithdrawEntry($commandId: UUID!, $id: UUID!, $reason: String!) {
    withdrawEntry(commandId: $commandId, id: $id, reason: $reason) {
      id
    }
  }
`)

const CONFIRM = graphql(`
  mutation ConfirmEntry($commandId: UUID!, $id: UUID!) {
    confirmEntry(commandId: $commandId, id: $id) {
      id
    }
  }
`)

/** The next steps of an entry, each for whom the server lets take it. */
export function EntryLife({ entry, reload }: { entry: EntryData; reload: () => void }) {
  const text = useText(TEXT)
  const [remark, setRemark] = useState('')
  const review = useMutation(REVIEW)
  const sendBack = useMutation(RETURN)
  const publish = useMutation(PUBLISH)
  const withdraw = useMutation(WITHDRAW)
  const confirm = useMutation(CONFIRM)
  const all = [review, sendBack, publish, withdraw, confirm]
  const error = all.find((mutation) => mutation.error)?.error
  const running = all.some((mutation) => mutation.running)
  const { id, status, mayChange, mayReview, mayAdminister } = entry
  const toReview = mayReview && status === 'REGISTERED'
  const toPublish = mayAdminister && status === 'REVIEWED'
  const toReturn = mayReview && (status === 'REGISTERED' || status === 'REVIEWED')
  const toWithdraw = mayAdminister && status === 'PUBLISHED'
  if (!mayChange && !mayReview && !mayAdminister) return null

  async function run(step: Promise<unknown>) {
    if (!(await step)) return
    setRemark('')
    reload()
  }

  return (
    <section className="task-form" aria-label={text.steps} aria-busy={running}>
      {entry.remark && (
        <p>
          <strong>{text.remark}</strong> {entry.remark}
        </p>
      )}
      {error && <Failure error={error} />}
      {(toReturn || toWithdraw) && (
        <p>
          <label htmlFor="entry-remark">{text.why}</label>
          <Input.TextArea
            id="entry-remark"
            rows={2}
            maxLength={1000}
            value={remark}
            onChange={({ target }) => setRemark(target.value)}
          />
        </p>
      )}
      <p className="actions">
        {toReview && (
          <Button
            id="review-entry"
            type="primary"
            disabled={running}
            onClick={() => void run(review.run({ id }))}
          >
            {text.review}
          </Button>
        )}
        {toPublish && (
          <Button
            id="publish-entry"
            type="primary"
            disabled={running}
            onClick={() => void run(publish.run({ id }))}
          >
            {text.publish}
          </Button>
        )}
        {toReturn && (
          <Button disabled={running} onClick={() => void run(sendBack.run({ id, remark }))}>
            {text.sendBack}
          </Button>
        )}
        {toWithdraw && (
          <Button danger disabled={running} onClick={() => void run(withdraw.run({ id, reason: remark }))}>
            {text.withdraw}
          </Button>
        )}
        {mayChange && (
          <Button onClick={() => navigate(`/directory/entries/${id}/edit`)}>{text.change}</Button>
        )}
        {mayChange && status !== 'WITHDRAWN' && (
          <Button disabled={running} onClick={() => void run(confirm.run({ id }))}>
            {text.confirm}
          </Button>
        )}
      </p>
    </section>
  )
}

const TEXT = {
  zh: {
    steps: '办理',
    remark: '意见：',
    why: '退回或撤下的原因',
    review: '审核通过',
    publish: '发布',
    sendBack: '退回',
    withdraw: '撤下',
    change: '修改',
    confirm: '确认仍然有效',
  },
  en: {
    steps: 'Steps',
    remark: 'Remark:',
    why: 'Why it is sent back or withdrawn',
    review: 'Approve',
    publish: 'Publish',
    sendBack: 'Send back',
    withdraw: 'Withdraw',
    change: 'Change',
    confirm: 'Confirm that it still holds',
  },
}
