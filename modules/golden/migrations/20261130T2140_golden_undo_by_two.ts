import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table golden.ruling add column undo_asked_by text`.execute(db)
  await sql`alter table golden.ruling add column undo_asked_at timestamptz`.execute(db)
  await sql`
    alter table golden.ruling
      add check ((undo_asked_by is null) = (undo_asked_at is null)),
      add check (undone_by is null or undone_by <> undo_asked_by)
  `.execute(db)
  await sql`comment on column golden.ruling.undo_asked_by is '提出撤销的人：经第二人确认的裁定，须另一人确认才撤销，确认前仍有效'`.execute(
    db,
  )
  await sql`alter table golden.override add column withdrawal_asked_by text`.execute(db)
  await sql`alter table golden.override add column withdrawal_asked_at timestamptz`.execute(db)
  await sql`
    alter table golden.override
      add check ((withdrawal_asked_by is null) = (withdrawal_asked_at is null)),
      add check (withdrawn_by is null or withdrawn_by <> withdrawal_asked_by)
  `.execute(db)
  await sql`comment on column golden.override.withdrawal_asked_by is '提出撤回的人：经第二人确认的人工修正，须另一人确认才撤回，确认前仍有效'`.execute(
    db,
  )
}
