import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { chosen, DRY_RUN, MIGRATE, type StandardVersion } from './life.ts'

interface Props {
  readonly standard: StandardVersion
  readonly reload: () => void
}
type Run = NonNullable<StandardVersion['dryRun']>
type Removed = NonNullable<StandardVersion['removedCodes']>[number]

/** What a draft would do to the data there is (试运行), and what becomes of the rows of removed codes. */
export function DryRun({ standard, reload }: Props) {
  const text = useText(TEXT)
  const attempt = useMutation(DRY_RUN)
  const run = standard.dryRun
  const removed = standard.removedCodes ?? []
  return (
    <section aria-labelledby="dry-run">
      <h2 id="dry-run">{text.title}</h2>
      {standard.mayTry && (
        <p className="actions">
          <Button
            id="dry-run-start"
            loading={attempt.running}
            onClick={() => void attempt.run({ standard: chosen(standard) }).then(reload)}
          >
            {text.start}
          </Button>
          {run && <Button onClick={reload}>{text.refresh}</Button>}
        </p>
      )}
      {attempt.error && <Failure error={attempt.error} />}
      {run ? <Result run={run} revision={standard.revision} /> : <p className="empty">{text.never}</p>}
      {removed.length > 0 && <RemovedCodes removed={removed} standard={standard} reload={reload} />}
    </section>
  )
}

function Result({ run, revision }: { run: Run; revision: number }) {
  const text = useText(TEXT)
  const format = useFormat()
  const count = (number: number) => format.count(number)
  return (
    <>
      <p role="status">
        {text.states[run.status] ?? run.status} · {format.time(run.askedAt)} ·{' '}
        {text.progress(run.datasets.length, run.total)}
        {run.refusal && ` · ${run.refusal}`}
      </p>
      {run.revision !== revision && <p className="notice notice-warn">{text.stale}</p>}
      <DataTable<Run['datasets'][number]>
        caption={text.title}
        empty={text.none}
        rows={run.datasets}
        rowKey={({ datasetId }) => datasetId}
        columns={[
          {
            title: text.dataset,
            cell: ({ datasetId, title }) => <Link to={`/data/datasets/${datasetId}`}>{title}</Link>,
          },
          { title: text.version, cell: ({ datasetVersion }) => datasetVersion },
          { title: text.failing, align: 'right', cell: ({ newlyFailing }) => count(newlyFailing) },
          { title: text.passing, align: 'right', cell: ({ newlyPassing }) => count(newlyPassing) },
          { title: text.unchanged, align: 'right', cell: ({ unchanged }) => count(unchanged) },
        ]}
      />
      {run.datasets.some(({ failing, newlyFailing }) => newlyFailing > 0 && failing.length === 0) && (
        <p className="notice">{text.others}</p>
      )}
      {run.datasets
        .filter(({ failing }) => failing.length > 0)
        .map(({ datasetId, title, failing, failingFile }) => (
          <details key={datasetId}>
            <summary>{text.rowsOf(title, failing.length)}</summary>
            <DataTable<Run['datasets'][number]['failing'][number]>
              caption={text.rowsOf(title, failing.length)}
              rows={failing}
              rowKey={({ line }) => line}
              columns={[
                { title: text.line, cell: ({ line }) => line },
                { title: text.key, cell: ({ key }) => key?.join(' ') ?? text.hidden },
                { title: text.reasons, cell: ({ reasons }) => <code>{reasons.join('; ')}</code> },
              ]}
            />
            {failingFile && <AllRows file={failingFile} name={datasetId} />}
          </details>
        ))}
    </>
  )
}

/** Every newly failing row with its key; says for what before it may be asked. */
function AllRows({ file, name }: { file: string; name: string }) {
  const text = useText(TEXT)
  const [purpose, setPurpose] = useState('')
  const id = `purpose-${name}`
  const said = purpose.trim()
  return (
    <div className="staff-filter">
      <label htmlFor={id}>{text.purpose}</label>
      <Input
        id={id}
        style={{ width: '20rem' }}
        maxLength={200}
        value={purpose}
        onChange={({ target }) => setPurpose(target.value)}
      />
      {said === '' ? (
        <Button disabled>{text.download}</Button>
      ) : (
        <Button href={`${file}?purpose=${encodeURIComponent(said)}`}>{text.download}</Button>
      )}
    </div>
  )
}

function RemovedCodes({ removed, standard, reload }: Props & { readonly removed: readonly Removed[] }) {
  const text = useText(TEXT)
  const format = useFormat()
  const outcome = ({ migration, crosswalk }: Removed) =>
    migration?.successor
      ? text.becomes(migration.successor)
      : migration?.waiver
        ? text.stays(migration.waiver)
        : crosswalk
          ? text.byCrosswalk(crosswalk)
          : text.undecided
  return (
    <>
      <h3>{text.removed}</h3>
      <DataTable<Removed>
        caption={text.removed}
        rows={removed}
        rowKey={({ code }) => code}
        columns={[
          { title: text.code, cell: ({ code }) => <code>{code}</code> },
          {
            title: text.rows,
            align: 'right',
            cell: ({ rows }) => (rows == null ? text.unknown : format.count(rows)),
          },
          { title: text.outcome, cell: outcome },
        ]}
      />
      {standard.mayEdit && <MigrationForm standard={standard} reload={reload} />}
    </>
  )
}

function MigrationForm({ standard, reload }: Props) {
  const text = useText(TEXT)
  const propose = useMutation(MIGRATE)
  const [typed, setTyped] = useState({ code: '', successor: '', waiver: '' })
  const field = (name: keyof typeof typed, label: string) => (
    <>
      <label htmlFor={`migration-${name}`}>{label}</label>
      <Input
        id={`migration-${name}`}
        style={{ width: '12rem' }}
        value={typed[name]}
        onChange={({ target }) => setTyped({ ...typed, [name]: target.value })}
      />
    </>
  )
  return (
    <form
      className="staff-filter"
      onSubmit={(event) => {
        event.preventDefault()
        const { code, successor, waiver } = typed
        const said = { ...(successor && { successor }), ...(waiver && { waiver }) }
        void propose.run({ list: chosen(standard), code, ...said }).then((done) => {
          if (!done) return
          setTyped({ code: '', successor: '', waiver: '' })
          reload()
        })
      }}
    >
      {field('code', text.code)}
      {field('successor', text.successor)}
      {field('waiver', text.waiver)}
      <Button htmlType="submit" loading={propose.running}>
        {text.propose}
      </Button>
      {propose.error && <Failure error={propose.error} />}
    </form>
  )
}

type Words = Readonly<Record<string, string>>
const STATES_ZH: Words = { waiting: '等待中', running: '进行中', done: '已完成', failed: '未完成' }
const STATES_EN: Words = { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed' }

const TEXT = {
  zh: {
    title: '试运行',
    start: '用现有数据试运行',
    refresh: '刷新结果',
    never: '尚未试运行。',
    none: '没有数据集引用此标准。',
    states: STATES_ZH,
    progress: (done: number, total: number) => `已试 ${done} 个数据集，共 ${total} 个`,
    stale: '草案此后又有修改，请重新试运行。',
    dataset: '数据集',
    version: '版本',
    failing: '新增不合格',
    passing: '新增合格',
    unchanged: '不变',
    rowsOf: (title: string, count: number) => `${title}：新增不合格的行（列出 ${count} 行）`,
    others: '其他单位数据集的不合格行不在此列出，请与该单位联系。',
    line: '行号',
    key: '主键',
    hidden: '不显示',
    purpose: '用途（含个人信息，下载会留下记录）',
    download: '下载全部不合格行（Parquet）',
    reasons: '原因',
    removed: '删去的代码',
    code: '代码',
    rows: '现有行数',
    unknown: '未试运行',
    outcome: '这些行怎么办',
    becomes: (code: string) => `改为 ${code}`,
    stays: (reason: string) => `不改：${reason}`,
    byCrosswalk: (code: string) => `按对照表改为 ${code}`,
    undecided: '未定',
    successor: '替代代码',
    waiver: '或不改的理由',
    propose: '提出迁移方案',
  },
  en: {
    title: 'Dry run',
    start: 'Try on the data there is',
    refresh: 'Refresh',
    never: 'It has not been tried.',
    none: 'No dataset depends on it.',
    states: STATES_EN,
    progress: (done: number, total: number) => `${done} of ${total} datasets tried`,
    stale: 'The draft has been changed since; try it again.',
    dataset: 'Dataset',
    version: 'Version',
    failing: 'Newly failing',
    passing: 'Newly passing',
    unchanged: 'Unchanged',
    rowsOf: (title: string, count: number) => `${title}: rows newly failing (${count} shown)`,
    others: 'Rows of other organisations’ datasets are not listed here; ask that organisation.',
    line: 'Line',
    key: 'Key',
    hidden: 'not shown',
    purpose: 'Purpose (keys may be personal data; the download is recorded)',
    download: 'Download all failing rows (Parquet)',
    reasons: 'Reasons',
    removed: 'Removed codes',
    code: 'Code',
    rows: 'Rows there are',
    unknown: 'not tried',
    outcome: 'What becomes of these rows',
    becomes: (code: string) => `become ${code}`,
    stays: (reason: string) => `stay: ${reason}`,
    byCrosswalk: (code: string) => `become ${code} by the crosswalk`,
    undecided: 'undecided',
    successor: 'Successor',
    waiver: 'or why they stay',
    propose: 'Propose migration',
  },
}
