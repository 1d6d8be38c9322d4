import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../i18n.ts'
import type { Paged } from '../../paged.ts'
import { Failure, Loading } from '../Notices.tsx'
import { useTitle } from '../Page.tsx'
import { DataTable, type Column } from './DataTable.tsx'

interface StaffPageProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly busy?: boolean
  readonly children: ReactNode
}

/** One page of the office: title, what can be done, content. */
export function StaffPage({ title, lead, actions, busy, children }: StaffPageProps) {
  useTitle(title)
  return (
    <div aria-busy={busy ?? false}>
      <div className="staff-title">
        <div>
          <h1>{title}</h1>
          {lead && <div className="quiet">{lead}</div>}
        </div>
        {actions}
      </div>
      {children}
    </div>
  )
}

interface PagedTableProps<Node> {
  readonly list: Paged<Node>
  readonly caption: string
  readonly empty: string
  readonly rowKey: (row: Node, index: number) => string | number
  readonly columns: readonly Column<Node>[]
}

/** A connection as a table: loading, failed, empty, rows and the way to more. */
export function PagedTable<Node>({ list, ...table }: PagedTableProps<Node>) {
  const text = useText(TEXT)
  if (list.state === 'loading') return <Loading />
  if (list.state === 'failed') return <Failure error={list.error} retry={list.reload} />
  return (
    <>
      <DataTable {...table} rows={list.nodes} />
      {list.more && (
        <p className="actions">
          <Button onClick={list.more} loading={list.busy}>
            {text.more}
          </Button>
        </p>
      )}
    </>
  )
}

const TEXT = {
  zh: { more: '显示更多' },
  en: { more: 'Show more' },
}
