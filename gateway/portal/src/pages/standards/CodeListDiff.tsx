import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { PagedTable, StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { CodeChangeKind, CodeListChangesQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { usePaged } from '../../paged.ts'
import { Link, usePlace, withQuery } from '../../router.tsx'
import { codeListPath } from './look.ts'

const DIFF = graphql(`
  query CodeListDiff($from: String!, $to: String!) {
    codeListDiff(from: $from, to: $to) {
      counts {
        old
        new
        unchanged
        renamed
        moved
        added
        removed
      }
      notes {
        kind
        from
        to
        declared
      }
    }
  }
`)

const CHANGES = graphql(`
  query CodeListChanges($from: String!, $to: String!, $kinds: [CodeChangeKind!]!, $after: String) {
    codeListDiff(from: $from, to: $to) {
      changes(kinds: $kinds, first: 50, after: $after) {
        edges {
          node {
            kind
            code
            oldName
            newName
            oldParent
            newParent
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

type Row = CodeListChangesQuery['codeListDiff']['changes']['edges'][number]['node']

const KINDS: readonly CodeChangeKind[] = ['RENAMED', 'MOVED', 'ADDED', 'REMOVED', 'UNCHANGED']
const CHANGED = KINDS.slice(0, 4)

/** What changed from one edition of a code list to another. */
export function CodeListDiff({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const place = usePlace()
  const from = place.query.get('from') ?? ''
  const kind = KINDS.find((each) => each === place.query.get('kind'))
  const query = useQuery(DIFF, { from, to: id })
  const kinds = kind ? [kind] : [...CHANGED]
  const list = usePaged(CHANGES, { from, to: id, kinds }, (data) => data.codeListDiff.changes)
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { counts, notes } = query.data.codeListDiff
  const countOf = (each: CodeChangeKind) => counts[each.toLowerCase() as Lowercase<CodeChangeKind>]
  return (
    <StaffPage
      title={text.title(from, id)}
      lead={text.totals(counts.old, counts.new)}
      actions={<Link to={codeListPath(id)}>{text.back}</Link>}
    >
      <nav className="actions" aria-label={text.kinds}>
        <Link to={withQuery(place, { kind: undefined })} aria-current={kind === undefined}>
          {text.changed}
        </Link>
        {KINDS.map((each) => (
          <Link key={each} to={withQuery(place, { kind: each })} aria-current={kind === each}>
            {text.kind[each]} {countOf(each)}
          </Link>
        ))}
      </nav>
      <PagedTable<Row>
        list={list}
        rowKey={({ code }) => code}
        caption={text.caption}
        empty={text.none}
        columns={[
          { title: text.code, cell: ({ code }) => <code>{code}</code> },
          { title: text.change, cell: (row) => text.kind[row.kind] },
          { title: text.oldName, cell: ({ oldName }) => oldName },
          { title: text.newName, cell: ({ newName }) => newName },
          {
            title: text.parent,
            cell: ({ kind, oldParent, newParent }) =>
              kind === 'MOVED' && `${oldParent ?? text.top} → ${newParent ?? text.top}`,
          },
        ]}
      />
      <h2>{text.notes}</h2>
      <DataTable
        rows={notes}
        rowKey={(_, index) => index}
        caption={text.notes}
        empty={text.noNotes}
        columns={[
          { title: text.from, cell: (note) => <code>{note.from.join(' ')}</code> },
          { title: text.to, cell: (note) => <code>{note.to.join(' ')}</code> },
          { title: text.change, cell: (note) => text.note[note.kind] },
          { title: text.origin, cell: (note) => (note.declared ? text.declared : text.proposed) },
        ]}
      />
    </StaffPage>
  )
}

const TEXT = {
  zh: {
    title: (from: string, to: string) => `${from} 与 ${to} 的差异`,
    totals: (old: number, next: number) => `旧版 ${old} 个代码，新版 ${next} 个代码`,
    back: '返回代码集',
    kinds: '变化种类',
    changed: '全部变化',
    kind: { RENAMED: '更名', MOVED: '上级变更', ADDED: '新增', REMOVED: '删除', UNCHANGED: '未变' },
    caption: '代码变化',
    none: '没有这类变化。',
    code: '代码',
    change: '变化',
    oldName: '旧名称',
    newName: '新名称',
    parent: '上级',
    top: '无',
    notes: '删除与新增之间的关系',
    noNotes: '没有发现改码、拆分或合并。',
    from: '原代码',
    to: '新代码',
    note: { RECODED: '改码', SPLIT: '拆分', MERGED: '合并' },
    origin: '依据',
    declared: '标准或对照表载明',
    proposed: '按名称推测，待确认',
  },
  en: {
    title: (from: string, to: string) => `${from} compared with ${to}`,
    totals: (old: number, next: number) => `${old} codes before, ${next} after`,
    back: 'Back to the code list',
    kinds: 'Kinds of change',
    changed: 'All changes',
    kind: { RENAMED: 'Renamed', MOVED: 'Moved', ADDED: 'Added', REMOVED: 'Removed', UNCHANGED: 'Unchanged' },
    caption: 'Changed codes',
    none: 'No such change.',
    code: 'Code',
    change: 'Change',
    oldName: 'Old name',
    newName: 'New name',
    parent: 'Parent',
    top: 'none',
    notes: 'How removed and added codes hang together',
    noNotes: 'No recoding, split or merger found.',
    from: 'Old code',
    to: 'New code',
    note: { RECODED: 'Recoded', SPLIT: 'Split', MERGED: 'Merged' },
    origin: 'Stated by',
    declared: 'the standard or a crosswalk',
    proposed: 'equal names only, to be confirmed',
  },
}
