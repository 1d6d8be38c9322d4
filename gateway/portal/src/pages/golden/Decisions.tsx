import { Button } from 'antd'
import type { Mutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import type { Column } from '../../components/staff/DataTable.tsx'
import { PagedTable } from '../../components/staff/StaffPage.tsx'
import { useText } from '../../i18n.ts'
import type { Paged } from '../../paged.ts'

/** What one person decided, a second may have to confirm, and people may take back. */
interface Decision {
  readonly id: string
  readonly status: string
  readonly mine: boolean
}

type Step = Pick<Mutation<unknown, { commandId: string; id: string }>, 'running' | 'error' | 'run'>

interface DecisionsProps<Row extends Decision> {
  readonly title: string
  readonly empty: string
  readonly list: Paged<Row>
  readonly columns: readonly Column<Row>[]
  /** When its taking back was asked for. */
  readonly undoAskedAt: (row: Row) => unknown
  readonly ended: Row['status']
  readonly confirm: Step
  readonly undo: Step
  readonly mayUndo: boolean
  readonly words: { readonly confirm: string; readonly confirmUndo: string; readonly undo: string }
}

/** Decisions of one's own body, each with the steps that are open to the reader. */
export function Decisions<Row extends Decision>(props: DecisionsProps<Row>) {
  const { title, empty, list, columns, undoAskedAt, ended, confirm, undo, mayUndo, words } = props
  const text = useText(TEXT)
  const busy = confirm.running || undo.running
  const error = confirm.error ?? undo.error
  const after = (done: unknown) => {
    if (done && list.state !== 'loading') list.reload()
  }
  const actions = (row: Row) => (
    <>
      {(row.status === 'PROPOSED' || undoWaits(row, undoAskedAt(row))) && !row.mine && (
        <Button type="primary" disabled={busy} onClick={() => void confirm.run({ id: row.id }).then(after)}>
          {row.status === 'PROPOSED' ? words.confirm : words.confirmUndo}
        </Button>
      )}{' '}
      {row.status !== ended && !undoAskedAt(row) && mayUndo && (
        <Button disabled={busy} onClick={() => void undo.run({ id: row.id }).then(after)}>
          {words.undo}
        </Button>
      )}
    </>
  )
  return (
    <section aria-busy={busy}>
      <h2>{title}</h2>
      {error && <Failure error={error} />}
      <PagedTable<Row>
        list={list}
        rowKey={({ id }) => id}
        caption={title}
        empty={empty}
        columns={[...columns, { title: text.actions, cell: actions }]}
      />
    </section>
  )
}

/** It counts until a second person confirms that it is taken back. */
export const undoWaits = ({ status }: Pick<Decision, 'status'>, askedAt: unknown) =>
  status === 'IN_FORCE' && Boolean(askedAt)

const TEXT = {
  zh: { actions: '操作' },
  en: { actions: 'Actions' },
}
