import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import type { StandardReviewQueryVariables } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { chosen, PUBLISH, RETURN, REVIEW, type StandardReview, SUBMIT } from './life.ts'

interface Props extends StandardReviewQueryVariables {
  /** Reads the page anew. */
  readonly reload: () => void
}

/** The next step of a version on its way to publication, for the page of any kind; nothing where none is the viewer's. */
export function Review({ kind, code, version, reload }: Props) {
  const text = useText(TEXT)
  const query = useQuery(REVIEW, { kind, code, version })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const standard = query.data.standardVersion
  const reloadBoth = () => {
    query.reload()
    reload()
  }
  return (
    <>
      {standard.remark && <p className="notice notice-warn">{text.returned(standard.remark)}</p>}
      <ReviewSteps standard={standard} reload={reloadBoth} />
    </>
  )
}

/** Submitting, and by a second person publishing or sending back what that person has before him. */
export function ReviewSteps({ standard, reload }: { standard: StandardReview; reload: () => void }) {
  const text = useText(TEXT)
  const submit = useMutation(SUBMIT)
  const publish = useMutation(PUBLISH)
  const back = useMutation(RETURN)
  const [remark, setRemark] = useState('')
  const { maySubmit, mayPublish, reviewId, revision } = standard
  const which = { standard: chosen(standard) }
  const error = submit.error ?? publish.error ?? back.error
  const reviewed = { reviewId: reviewId ?? '', expectedRevision: revision }

  function again() {
    for (const each of [submit, publish, back]) each.clear()
    reload()
  }

  return (
    <>
      {error && <Failure error={error} retry={again} />}
      {maySubmit && (
        <p className="actions">
          <Button
            id="submit-standard"
            type="primary"
            loading={submit.running}
            onClick={() => void submit.run(which).then((done) => done && reload())}
          >
            {text.submit}
          </Button>
        </p>
      )}
      {mayPublish && (
        <>
          <p>
            <label htmlFor="return-remark">{text.remark}</label>
            <Input.TextArea
              id="return-remark"
              rows={2}
              value={remark}
              onChange={({ target }) => setRemark(target.value)}
            />
          </p>
          <p className="actions">
            <Button
              id="publish-standard"
              type="primary"
              loading={publish.running}
              onClick={() => void publish.run({ ...which, reviewed }).then((done) => done && reload())}
            >
              {text.publish}
            </Button>
            <Button
              id="return-standard"
              loading={back.running}
              onClick={() => void back.run({ ...which, remark, reviewed }).then((done) => done && reload())}
            >
              {text.return}
            </Button>
          </p>
        </>
      )}
    </>
  )
}

const TEXT = {
  zh: {
    returned: (remark: string) => `退回意见：${remark}`,
    remark: '退回意见',
    submit: '提交审查',
    publish: '批准发布',
    return: '退回',
  },
  en: {
    returned: (remark: string) => `Sent back: ${remark}`,
    remark: 'Remark for sending back',
    submit: 'Submit for review',
    publish: 'Approve and publish',
    return: 'Send back',
  },
}
