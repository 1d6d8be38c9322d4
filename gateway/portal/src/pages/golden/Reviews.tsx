import { useMutation } from '../../api.ts'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { LinkReviewsQuery, LinkRulingsQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link } from '../../router.tsx'
import { useSession } from '../../session.tsx'
import { Decisions, undoWaits } from './Decisions.tsx'
import { CONFIRM_RULING, reviewPath, REVIEWS, RULINGS, UNDO_RULING } from './reviews.ts'

type Row = LinkReviewsQuery['linkReviews']['edges'][number]['node']
type Ruling = LinkRulingsQuery['linkRulings']['edges'][number]['node']

/** Rows of one's own registers whose entity people must decide, and what was decided. */
export function Reviews() {
  const text = useText(TEXT)
  const session = useSession()
  const mayDecide = session.state === 'signed-in' && session.me.permissions.includes('golden.decideLink')
  return (
    <StaffPage title={text.title} lead={text.lead}>
      {mayDecide && <Waiting />}
      <Rulings mayUndo={mayDecide} />
    </StaffPage>
  )
}

function Waiting() {
  const text = useText(TEXT)
  const list = usePaged(REVIEWS, {}, (data) => data.linkReviews)
  return (
    <section>
      <h2>{text.waiting}</h2>
      <PagedTable<Row>
        list={list}
        rowKey={({ datasetId, rowId, key }) => `${datasetId} ${rowId} ${key}`}
        caption={text.waiting}
        empty={text.none}
        columns={[
          {
            title: text.row,
            cell: (row) => (
              <Link to={reviewPath(row)}>
                {row.datasetTitle} {text.line(row.line)}
              </Link>
            ),
          },
          { title: text.entity, cell: ({ key }) => <code>{key}</code> },
          { title: text.weight, align: 'right', cell: ({ weight }) => weight?.toFixed(1) },
          { title: text.state, cell: ({ decision }) => text.decisions[decision] },
        ]}
      />
    </section>
  )
}

function Rulings({ mayUndo }: { mayUndo: boolean }) {
  const text = useText(TEXT)
  const format = useFormat()
  const confirm = useMutation(CONFIRM_RULING)
  const undo = useMutation(UNDO_RULING)
  const list = usePaged(RULINGS, {}, (data) => data.linkRulings)
  return (
    <Decisions<Ruling>
      title={text.rulings}
      empty={text.noRulings}
      list={list}
      undoAskedAt={({ undoAskedAt }) => undoAskedAt}
      ended="UNDONE"
      confirm={confirm}
      undo={undo}
      mayUndo={mayUndo}
      words={{ confirm: text.confirm, confirmUndo: text.confirmUndo, undo: text.undo }}
      columns={[
        { title: text.row, cell: ({ datasetTitle, line }) => `${datasetTitle} ${text.line(line)}` },
        {
          title: text.entity,
          cell: ({ key }) => (
            <Link to={`/catalogue/${encodeURIComponent(key)}`}>
              <code>{key}</code>
            </Link>
          ),
        },
        { title: text.answer, cell: ({ answer }) => text.answers[answer] },
        { title: text.reason, cell: ({ reason }) => reason },
        {
          title: text.state,
          cell: (row) => (undoWaits(row, row.undoAskedAt) ? text.undoWaits : text.statuses[row.status]),
        },
        { title: text.at, cell: ({ decidedAt }) => format.time(decidedAt) },
      ]}
    />
  )
}

const TEXT = {
  zh: {
    title: '匹配核对',
    lead: '本单位登记中没有有效统一社会信用代码的行，可能是哪个单位。其他单位看不到。',
    waiting: '待核对',
    none: '没有需要核对的行。',
    row: '本单位的行',
    line: (line?: number | null) => (line ? `第 ${line} 行` : ''),
    entity: '可能的单位',
    weight: '权重（比特）',
    state: '状态',
    decisions: {
      LINK: '已关联',
      REVIEW: '待核对',
      REOPENED: '代码与原裁定矛盾，或原裁定的单位已不在登记中，请重新核对',
    },
    rulings: '已作的裁定',
    noRulings: '还没有裁定。',
    answer: '裁定',
    answers: { SAME: '同一单位', DIFFERENT: '不是同一单位', UNSURE: '不能确定' },
    reason: '理由',
    statuses: { PROPOSED: '待第二人确认', IN_FORCE: '有效', UNDONE: '已撤销' },
    at: '时间',
    confirm: '确认',
    undoWaits: '有效，撤销待第二人确认',
    confirmUndo: '确认撤销',
    undo: '撤销',
  },
  en: {
    title: 'Matching',
    lead: 'Rows of your registers without a sound credit code, and the organisation each may be. Nobody else sees them.',
    waiting: 'To decide',
    none: 'There is nothing to decide.',
    row: 'Your row',
    line: (line?: number | null) => (line ? `line ${line}` : ''),
    entity: 'Possible organisation',
    weight: 'Weight (bits)',
    state: 'State',
    decisions: {
      LINK: 'linked',
      REVIEW: 'to decide',
      REOPENED:
        'its code contradicts the ruling, or the organisation is in no register any more; decide again',
    },
    rulings: 'Rulings',
    noRulings: 'Nothing has been ruled yet.',
    answer: 'Ruling',
    answers: { SAME: 'the same', DIFFERENT: 'different', UNSURE: 'unsure' },
    reason: 'Reason',
    statuses: { PROPOSED: 'waits for a second person', IN_FORCE: 'in force', UNDONE: 'undone' },
    at: 'At',
    confirm: 'Confirm',
    undoWaits: 'in force; its undoing waits for a second person',
    confirmUndo: 'Confirm undoing',
    undo: 'Undo',
  },
}
