import { type Connection, connection, type PageRequest, readCursor, rowsToRead } from '../../core/page.ts'

/** Where a page of rows with running numbers begins, and how many rows it takes to tell whether there are more. */
export interface NumberedPage {
  /** Number of the row before the page; undefined for the first. */
  readonly past: number | undefined
  readonly limit: number
}

/** A page of what bears a running number, in whatever order `read` has them. @throws GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID */
export async function numberedPage<Row extends { readonly number: string }>(
  list: string,
  page: PageRequest,
  read: (page: NumberedPage) => Promise<Row[]>,
): Promise<Connection<Row>> {
  const cursor = readCursor(list, ['number'], page)
  const rows = await read({ past: cursor && Number(cursor[0]), limit: rowsToRead(page) })
  return connection(list, rows, page, ({ number }) => [Number(number)])
}
