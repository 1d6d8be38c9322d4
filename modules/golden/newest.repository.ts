import { sql, type SelectQueryBuilder } from 'kysely'
import type { NumberedPage } from './numbered.ts'

/** Of rows that belong to an organisation and bear a running number: those of one, the last first. */
export function newestOf<Tables, Table extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Table, Row>,
  organisationId: string,
  { past, limit }: NumberedPage,
): Promise<Row[]> {
  const isBefore = past === undefined ? sql<boolean>`true` : sql<boolean>`number < ${past}::bigint`
  return query
    .where(sql<boolean>`organisation_id = ${organisationId}`)
    .where(isBefore)
    .orderBy(sql`number`, 'desc')
    .limit(limit)
    .execute() as Promise<Row[]>
}
