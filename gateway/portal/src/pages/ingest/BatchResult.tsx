import { DataTable } from '../../components/staff/DataTable.tsx'
import { PagedTable } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { QuarantineQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useWords } from '../../words.ts'
import { QUARANTINE, type Batch } from './batch.ts'

type Row = QuarantineQuery['batch']['quarantine']['edges'][number]['node']

/** Every row read went exactly one way; the sum is shown with its parts. */
export function Counts({ counts }: { counts: NonNullable<Batch['counts']> }) {
  const text = useText(TEXT)
  const format = useFormat()
  const { read, accepted, rejected, duplicate, filtered } = counts
  const balanced = read === accepted + rejected + duplicate + filtered
  const part = (name: string, value: number, key: string) => (
    <div data-count={key}>
      <span className="quiet">{name}</span>
      <strong>{format.count(value)}</strong>
    </div>
  )
  return (
    <section>
      <h2>{text.counts}</h2>
      <div className="sum">
        {part(text.read, read, 'read')} ={part(text.accepted, accepted, 'accepted')} +
        {part(text.rejected, rejected, 'rejected')} +{part(text.duplicate, duplicate, 'duplicate')} +
        {part(text.filtered, filtered, 'filtered')}
        <span className={balanced ? 'tag tag-good' : 'tag tag-bad'}>
          {balanced ? text.balanced : text.unbalanced}
        </span>
      </div>
    </section>
  )
}

export function Reasons({ batch }: { batch: Batch }) {
  const text = useText(TEXT)
  const say = useSay()
  const words = useWords()
  const format = useFormat()
  return (
    <section>
      <h2>{text.reasons}</h2>
      <DataTable<Batch['reasons'][number]>
        rowKey={({ code, column, severity }) => `${code} ${column} ${severity}`}
        caption={text.reasons}
        rows={batch.reasons}
        columns={[
          { title: text.reason, cell: (reason) => say(reason.messages) },
          { title: text.column, cell: ({ column }) => column },
          { title: text.severity, cell: (reason) => words('severity', reason.severity) },
          { title: text.count, align: 'right', cell: (reason) => format.count(reason.count) },
          { title: text.code, cell: (reason) => <code>{reason.code}</code> },
        ]}
      />
    </section>
  )
}

/** The rows held back, as they stood in the file, each with all its reasons. */
export function Quarantine({ batch }: { batch: Batch }) {
  const text = useText(TEXT)
  const say = useSay()
  const list = usePaged(QUARANTINE, { id: batch.id }, (data) => data.batch.quarantine)
  return (
    <section>
      <h2>{text.quarantine}</h2>
      <p>
        <Link to={`/data/batches/${batch.id}/quarantine`}>{text.workbench}</Link>
      </p>
      <PagedTable<Row>
        list={list}
        rowKey={({ line }) => line}
        caption={text.quarantine}
        empty={text.noQuarantine}
        columns={[
          { title: text.line, cell: ({ line }) => line, align: 'right' },
          { title: text.raw, cell: ({ raw }) => <span className="raw-cells">{raw}</span> },
          {
            title: text.why,
            cell: ({ failures }) => (
              <ul className="reasons">
                {failures.map((failure) => (
                  <li key={`${failure.column} ${failure.code}`}>
                    <strong>{failure.column}</strong>
                    {text.colon}
                    {say(failure.messages)}
                    {failure.value && <code> {failure.value}</code>}
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </section>
  )
}

const TEXT = {
  zh: {
    counts: '对账',
    read: '读取',
    accepted: '接收',
    rejected: '退回',
    duplicate: '重复',
    filtered: '过滤',
    balanced: '账目相符',
    unbalanced: '账目不符',
    reasons: '退回和提醒的原因',
    reason: '原因',
    column: '列',
    severity: '处理',
    count: '行数',
    code: '代号',
    quarantine: '待治理的行',
    workbench: '更正、说明并重放',
    noQuarantine: '没有待治理的行。',
    line: '行号',
    raw: '原文',
    why: '不符合的地方',
    colon: '：',
  },
  en: {
    counts: 'Reconciliation',
    read: 'Read',
    accepted: 'Accepted',
    rejected: 'Rejected',
    duplicate: 'Duplicate',
    filtered: 'Filtered',
    balanced: 'reconciled',
    unbalanced: 'does not reconcile',
    reasons: 'Reasons of rejections and warnings',
    reason: 'Reason',
    column: 'Column',
    severity: 'Effect',
    count: 'Rows',
    code: 'Code',
    quarantine: 'Rows in quarantine',
    workbench: 'Correct, explain and replay',
    noQuarantine: 'No row is in quarantine.',
    line: 'Line',
    raw: 'As in the file',
    why: 'What is wrong',
    colon: ': ',
  },
}
