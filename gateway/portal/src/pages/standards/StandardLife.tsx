import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePlace } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { DryRun } from './DryRun.tsx'
import { chosen, DEPRECATE, kindIn, RETIRE, SCHEDULE, STANDARD, type StandardVersion } from './life.ts'
import { standardLook } from './look.ts'
import { ReviewSteps } from './ReviewSteps.tsx'
import { UsedBy } from './UsedBy.tsx'

interface Props {
  readonly standard: StandardVersion
  readonly reload: () => void
}

/** The life of one version of a standard of any kind: days of effect, dry run, review, end, and whom it touches. */
export function StandardLife({ kind = '', code = '' }: { kind?: string; code?: string }) {
  const { query: address } = usePlace()
  const version = address.get('version')
  const which = { kind: kindIn(kind), code }
  const query = useQuery(STANDARD, version ? { ...which, version } : which)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Content standard={query.data.standardVersion} reload={query.reload} />
}

function Content({ standard, reload }: Props) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  const { code, version, status, publishedAt, effectiveFrom, effectiveTo, inForce } = standard
  const settled = publishedAt != null
  return (
    <StaffPage
      title={say(standard.name)}
      lead={
        <>
          <code>{code}</code> · {version} ·{' '}
          <span className={standardLook(status)} data-status={status}>
            {words('standard', status)}
          </span>
          {settled && ` · ${text.published(format.time(publishedAt))}`}
          {settled && ` · ${inForce ? text.inForce : text.notInForce}`}
        </>
      }
    >
      <p>
        {text.effect(
          effectiveFrom ? format.day(effectiveFrom) : settled ? text.always : text.withPublication,
          effectiveTo ? format.day(effectiveTo) : null,
        )}
        {standard.retroactiveBasis && ` ${text.basis}：${standard.retroactiveBasis}`}
      </p>
      {standard.remark && <p className="notice notice-warn">{text.returned(standard.remark)}</p>}
      {standard.replacedBy && <p className="notice">{text.replaced(standard.replacedBy)}</p>}
      {standard.endedBecause && <p className="notice">{text.ended(standard.endedBecause)}</p>}
      <ReviewSteps standard={standard} reload={reload} />
      {(standard.mayDeprecate || standard.mayRetire) && <Ending standard={standard} reload={reload} />}
      {standard.mayEdit && <EffectForm standard={standard} reload={reload} />}
      {!settled && standard.kind !== 'CROSSWALK' && <DryRun standard={standard} reload={reload} />}
      {standard.kind !== 'CROSSWALK' && <UsedBy kind={standard.kind} code={code} />}
    </StaffPage>
  )
}

function Ending({ standard, reload }: Props) {
  const text = useText(TEXT)
  const deprecate = useMutation(DEPRECATE)
  const retire = useMutation(RETIRE)
  const [reason, setReason] = useState('')
  const [replacedBy, setReplacedBy] = useState('')
  const which = { standard: chosen(standard) }
  const error = deprecate.error ?? retire.error
  const { mayDeprecate, mayRetire } = standard
  const ending = { ...(replacedBy && { replacedBy }), ...(reason && { reason }) }
  return (
    <>
      {error && <Failure error={error} />}
      {mayDeprecate && (
        <>
          <p>
            <label htmlFor="end-reason">{text.reason}</label>
            <Input.TextArea
              id="end-reason"
              rows={2}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          </p>
          <p>
            <label htmlFor="replaced-by">{text.replacement}</label>
            <Input
              id="replaced-by"
              value={replacedBy}
              onChange={({ target }) => setReplacedBy(target.value.trim())}
            />
          </p>
        </>
      )}
      <p className="actions">
        {mayDeprecate && (
          <Button
            id="deprecate"
            loading={deprecate.running}
            onClick={() => void deprecate.run({ ...which, ...ending }).then((done) => done && reload())}
          >
            {text.deprecate}
          </Button>
        )}
        {mayRetire && (
          <Button
            id="retire"
            danger
            loading={retire.running}
            onClick={() => void retire.run(which).then((done) => done && reload())}
          >
            {text.retire}
          </Button>
        )}
      </p>
    </>
  )
}

function EffectForm({ standard, reload }: Props) {
  const text = useText(TEXT)
  const schedule = useMutation(SCHEDULE)
  const [from, setFrom] = useState(standard.effectiveFrom ?? '')
  const [to, setTo] = useState(standard.effectiveTo ?? '')
  const [basis, setBasis] = useState(standard.retroactiveBasis ?? '')
  return (
    <form
      className="staff-filter"
      onSubmit={(event) => {
        event.preventDefault()
        const effect = {
          from: from || null,
          to: to || null,
          retroactiveBasis: basis || null,
          expectedRevision: standard.revision,
        }
        void schedule.run({ standard: chosen(standard), effect }).then((done) => done && reload())
      }}
    >
      <label htmlFor="effect-from">{text.from}</label>
      <Input
        id="effect-from"
        type="date"
        style={{ width: '11rem' }}
        value={from}
        onChange={({ target }) => setFrom(target.value)}
      />
      <label htmlFor="effect-to">{text.to}</label>
      <Input
        id="effect-to"
        type="date"
        style={{ width: '11rem' }}
        value={to}
        onChange={({ target }) => setTo(target.value)}
      />
      <label htmlFor="effect-basis">{text.basis}</label>
      <Input
        id="effect-basis"
        style={{ width: '16rem' }}
        value={basis}
        onChange={({ target }) => setBasis(target.value)}
      />
      <Button htmlType="submit" loading={schedule.running}>
        {text.schedule}
      </Button>
      {schedule.error && <Failure error={schedule.error} />}
    </form>
  )
}

const TEXT = {
  zh: {
    published: (time: string) => `发布于 ${time}`,
    inForce: '现行有效',
    notInForce: '今日未实施',
    always: '自始',
    withPublication: '发布之日',
    effect: (from: string, to: string | null) => `实施：${from}${to ? `，至 ${to}（不含）` : ''}`,
    basis: '溯及既往的依据',
    returned: (remark: string) => `退回意见：${remark}`,
    replaced: (code: string) => `已由 ${code} 代替。`,
    ended: (reason: string) => `停用理由：${reason}`,
    reason: '停用理由',
    replacement: '代替它的标准编码',
    deprecate: '停用',
    retire: '废止',
    from: '实施日期',
    to: '废止日期',
    schedule: '保存实施日期',
  },
  en: {
    published: (time: string) => `published ${time}`,
    inForce: 'in force',
    notInForce: 'not in force today',
    always: 'from the beginning',
    withPublication: 'the day of publication',
    effect: (from: string, to: string | null) => `In force from ${from}${to ? ` until before ${to}` : ''}`,
    basis: 'Basis for effect before publication',
    returned: (remark: string) => `Sent back: ${remark}`,
    replaced: (code: string) => `${code} takes its place.`,
    ended: (reason: string) => `Deprecated because: ${reason}`,
    reason: 'Reason',
    replacement: 'Code of what takes its place',
    deprecate: 'Deprecate',
    retire: 'Retire',
    from: 'In force from',
    to: 'No longer from',
    schedule: 'Save days',
  },
}
