import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { OVERRIDE, type Batch } from './batch.ts'

/** How the columns differ from those confirmed, and what a second person may do about a threshold. */
export function Stop({ batch, onOverridden }: { batch: Batch; onOverridden: () => void }) {
  const text = useText(TEXT)
  const format = useFormat()
  const { override } = batch
  return (
    <>
      {batch.drift && <Drift drift={batch.drift} />}
      {override && (
        <p className="notice notice-warn" data-overridden>
          {text.overridden(override.by, format.time(override.at))}
          {override.reason}
        </p>
      )}
      {batch.mayOverride && <OverrideForm batch={batch} onOverridden={onOverridden} />}
    </>
  )
}

function Drift({ drift }: { drift: NonNullable<Batch['drift']> }) {
  const text = useText(TEXT)
  const entries = [
    { term: text.added, names: drift.added, effect: text.kept },
    { term: text.missing, names: drift.missing, effect: text.nulls },
    { term: text.missingRequired, names: drift.missingRequired, effect: text.stops },
    { term: text.renamed, names: drift.renamed.map(({ from, to }) => `${from} → ${to}`), effect: text.stops },
    { term: text.retyped, names: drift.retyped, effect: text.stops },
  ].filter(({ names }) => names.length > 0)
  return (
    <section data-drift>
      <h2>{text.drift}</h2>
      <dl>
        {entries.map(({ term, names, effect }) => (
          <div key={term}>
            <dt>
              {term} <span className="quiet">{effect}</span>
            </dt>
            <dd>{names.join(text.comma)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function OverrideForm({ batch, onOverridden }: { batch: Batch; onOverridden: () => void }) {
  const text = useText(TEXT)
  const override = useMutation(OVERRIDE)
  const [reason, setReason] = useState('')

  async function send() {
    if (await override.run({ batchId: batch.id, reason })) onOverridden()
  }

  return (
    <section className="task-form" aria-labelledby="override" aria-busy={override.running}>
      <h2 id="override">{text.override}</h2>
      <p className="field-hint" id="override-hint">
        {text.overrideHint}
      </p>
      <p>
        <label htmlFor="override-reason">{text.reason}</label>
        <Input.TextArea
          id="override-reason"
          rows={2}
          maxLength={500}
          aria-describedby="override-hint"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </p>
      {override.error && <Failure error={override.error} />}
      <p className="actions">
        <Button id="override-batch" danger loading={override.running} onClick={() => void send()}>
          {text.publish}
        </Button>
      </p>
    </section>
  )
}

const TEXT = {
  zh: {
    drift: '与已确认的列相比',
    added: '多出的列',
    kept: '（不载入，留作提示）',
    missing: '少了的可选列',
    nulls: '（按空值载入）',
    missingRequired: '少了的必填列',
    renamed: '疑似改名的列',
    retyped: '内容类型变了的列',
    stops: '（已停止加载，请提交更正后的文件）',
    comma: '、',
    override: '由第二人放行',
    overrideHint: '阈值停止了这一批。确认加载的人以外的人可以写明理由后放行；理由会留痕。',
    reason: '放行的理由',
    publish: '放行并发布',
    overridden: (by: string, at: string) => `${by} 于 ${at} 放行：`,
  },
  en: {
    drift: 'Compared with the columns confirmed',
    added: 'Added columns',
    kept: '(left out; for your notice)',
    missing: 'Missing optional columns',
    nulls: '(loaded as empty)',
    missingRequired: 'Missing required columns',
    renamed: 'Columns that look renamed',
    retyped: 'Columns whose values have another type',
    stops: '(the load is stopped; hand in a corrected file)',
    comma: ', ',
    override: 'Let it pass as the second person',
    overrideHint:
      'A threshold stopped this load. Somebody other than who confirmed it may let it pass with a reason, which is recorded.',
    reason: 'Reason',
    publish: 'Let it pass and publish',
    overridden: (by: string, at: string) => `Let pass by ${by}, ${at}: `,
  },
}
