import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly title: string
  readonly align?: 'right'
  /** Index 0 is the row's name and its header. */
  readonly cell: (row: Row, index: number) => ReactNode
}

interface DataTableProps<Row> {
  readonly caption: string
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row, index: number) => string | number
  readonly columns: readonly Column<Row>[]
  /** What is said of no rows; needed where there may be none. */
  readonly empty?: string
}

/**
 * Rows of an office list as a table a screen reader can walk: caption, column and row headers. On a narrow screen each
 * row stands as a block with the titles before its values; the roles are written out because such a layout drops them.
 */
export function DataTable<Row>({ caption, rows, rowKey, columns, empty }: DataTableProps<Row>) {
  if (!rows.length) return <p className="empty">{empty}</p>
  return (
    <div className="table-scroll data-table" role="region" aria-label={caption} tabIndex={0}>
      <table className="plain" role="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ title, align }) => (
              <th scope="col" role="columnheader" key={title} className={align}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row, index) => (
            <tr role="row" key={rowKey(row, index)} data-row={rowKey(row, index)}>
              {columns.map(({ title, align, cell }, at) =>
                at === 0 ? (
                  <th scope="row" role="rowheader" key={title} data-title={title} className={align}>
                    {cell(row, index)}
                  </th>
                ) : (
                  <td role="cell" key={title} data-title={title} className={align}>
                    {cell(row, index)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
