import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate } from '../../router.tsx'
import { DECIDE, REVIEW, type ShownReview } from './reviews.ts'

interface ReviewProps {
  readonly dataset?: string
  readonly row?: string
  readonly id?: string
}

/** One row and the organisation it may be, side by side, with what speaks for and against, and the answer. */
export function Review({ dataset = '', row = '', id = '' }: ReviewProps) {
  const query = useQuery(REVIEW, { datasetId: dataset, rowId: row, key: id, purpose: 'matching' })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Content review={query.data.linkReview} reload={query.reload} />
}

function Content({ review, reload }: { review: ShownReview; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const { link, fields, ruling } = review
  return (
    <StaffPage
      title={text.title}
      lead={
        <>
          <Link to={`/data/datasets/${link.datasetId}`}>{link.datasetTitle}</Link> {text.line(link.line)} ·{' '}
          <Link to={`/catalogue/${encodeURIComponent(link.key)}`}>{review.name}</Link> <code>{link.key}</code>
        </>
      }
    >
      <h2>{text.sideBySide}</h2>
      <DataTable<ShownReview['fields'][number]>
        caption={text.sideBySide}
        rows={fields}
        rowKey={({ name }) => name}
        empty={text.noRow}
        columns={[
          { title: text.field, cell: ({ label }) => say(label) },
          { title: text.row, cell: ({ row }) => row ?? <span className="quiet">{text.absent}</span> },
          {
            title: text.record,
            cell: ({ record }) => record ?? <span className="quiet">{text.absent}</span>,
          },
        ]}
      />
      <h2>{text.weights}</h2>
      <Waterfall link={link} />
      <h2>{text.answer}</h2>
      {ruling && ruling.answer !== 'UNSURE' ? (
        <p data-ruling={ruling.answer}>
          {text.ruled(text.answers[ruling.answer], ruling.reason)} <Link to="/data/reviews">{text.back}</Link>
        </p>
      ) : (
        <Answer link={link} onDone={reload} />
      )}
    </StaffPage>
  )
}

interface Step {
  readonly name: string
  readonly found: string
  readonly weight: number
  readonly sum: number
}

/** How the weight came about, comparison by comparison: each adds or takes bits. */
function Waterfall({ link }: { link: ShownReview['link'] }) {
  const text = useText(TEXT)
  if (link.weight === null || link.weight === undefined) return <p>{text.methods[link.method]}</p>
  const levelWord = (level: string) => {
    const former = /^former:(.*)$/.exec(level)?.[1]
    return former === undefined ? word(text.levels, level) : text.former(word(text.levels, former))
  }
  let sum = 0
  const given = [{ field: 'prior', level: '', weight: link.prior ?? 0 }, ...link.parts]
  const steps = given.map(({ field, level, weight }): Step => {
    sum += weight
    return { name: word(text.comparisons, field), found: levelWord(level), weight, sum }
  })
  return (
    <DataTable<Step>
      caption={text.weights}
      rows={steps}
      rowKey={({ name }) => name}
      columns={[
        { title: text.comparison, cell: ({ name }) => name },
        { title: text.found, cell: ({ found }) => found },
        {
          title: text.bits,
          align: 'right',
          cell: ({ weight }) => `${weight >= 0 ? '+' : '−'}${Math.abs(weight).toFixed(2)}`,
        },
        { title: text.sum, align: 'right', cell: ({ sum }) => sum.toFixed(2) },
      ]}
    />
  )
}

const word = (words: Readonly<Record<string, string>>, code: string) => words[code] ?? code

function Answer({ link, onDone }: { link: ShownReview['link']; onDone: () => void }) {
  const text = useText(TEXT)
  const decide = useMutation(DECIDE)
  const [reason, setReason] = useState('')
  const { datasetId, rowId, key } = link

  async function give(answer: 'SAME' | 'DIFFERENT' | 'UNSURE') {
    const done = await decide.run({ input: { datasetId, rowId, key, answer, reason } })
    if (!done) return
    if (done.decideLink.status === 'PROPOSED') onDone()
    else navigate('/data/reviews')
  }

  return (
    <section className="task-form" aria-busy={decide.running}>
      <p>
        <label htmlFor="ruling-reason">{text.reason}</label>
        <Input.TextArea
          id="ruling-reason"
          rows={2}
          maxLength={500}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </p>
      {decide.error && <Failure error={decide.error} />}
      <p className="actions">
        {(['SAME', 'DIFFERENT', 'UNSURE'] as const).map((answer) => (
          <Button
            key={answer}
            data-answer={answer}
            type={answer === 'SAME' ? 'primary' : 'default'}
            loading={decide.running}
            onClick={() => void give(answer)}
          >
            {text.answers[answer]}
          </Button>
        ))}
      </p>
      <p className="quiet">{text.binding}</p>
    </section>
  )
}

const TEXT = {
  zh: {
    title: '是同一单位吗？',
    line: (line?: number | null) => (line ? `第 ${line} 行` : ''),
    sideBySide: '两边的记载',
    noRow: '这一行已不在现行版本中。',
    field: '数据项',
    row: '本单位的行',
    record: '单位信息',
    absent: '没有记载',
    weights: '依据',
    comparison: '比较',
    comparisons: {
      prior: '起点（随机一对是同一单位的可能）',
      stem: '名称主干',
      form: '法律形式',
      region: '名称中的地区',
      address: '地址',
      phone: '电话',
      representative: '法定代表人',
    },
    found: '结果',
    levels: {
      equal: '一致',
      contains: '一方包含另一方',
      differs: '不同',
      absent: '缺，不计',
      'jaro-winkler>=0.95': '非常相近',
      'jaro-winkler>=0.88': '相近',
      'jaro-winkler>=0.85': '相近',
    },
    former: (found: string) => `与曾用名${found}`,
    bits: '权重（比特）',
    sum: '累计',
    methods: {
      RULING: '由人裁定。',
      ORGANISATION_CODE: '组织机构代码与统一社会信用代码的第9至17位一致。',
      PROBABILISTIC: '',
    },
    answer: '您的裁定',
    answers: { SAME: '是同一单位', DIFFERENT: '不是同一单位', UNSURE: '不能确定' },
    ruled: (answer: string, reason: string) => `已裁定：${answer}。理由：${reason}。`,
    back: '查看裁定',
    reason: '理由',
    binding: '裁定约束以后各次归并，可以撤销。单位持有证照的，须第二人确认。',
  },
  en: {
    title: 'Is this the same organisation?',
    line: (line?: number | null) => (line ? `line ${line}` : ''),
    sideBySide: 'What both sides say',
    noRow: 'The row is no longer in the current version.',
    field: 'Item',
    row: 'Your row',
    record: 'The organisation',
    absent: 'not recorded',
    weights: 'What speaks for and against',
    comparison: 'Comparison',
    comparisons: {
      prior: 'Before comparing: a random pair',
      stem: 'Stem of the name',
      form: 'Legal form',
      region: 'Region in the name',
      address: 'Address',
      phone: 'Telephone',
      representative: 'Legal representative',
    },
    found: 'Found',
    levels: {
      equal: 'equal',
      contains: 'one contains the other',
      differs: 'differ',
      absent: 'absent, counts nothing',
      'jaro-winkler>=0.95': 'very alike',
      'jaro-winkler>=0.88': 'alike',
      'jaro-winkler>=0.85': 'alike',
    },
    former: (found: string) => `${found}, by a former name`,
    bits: 'Weight (bits)',
    sum: 'Sum',
    methods: {
      RULING: 'People ruled it.',
      ORGANISATION_CODE: 'The organisation code equals characters 9 to 17 of the credit code.',
      PROBABILISTIC: '',
    },
    answer: 'Your ruling',
    answers: { SAME: 'The same', DIFFERENT: 'Different', UNSURE: 'Unsure' },
    ruled: (answer: string, reason: string) => `Ruled: ${answer}. Reason: ${reason}.`,
    back: 'See rulings',
    reason: 'Reason',
    binding:
      'A ruling binds every later merge and can be undone. Where the organisation holds a licence, a second person confirms it.',
  },
}
