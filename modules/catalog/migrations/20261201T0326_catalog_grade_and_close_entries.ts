import { type Kysely, sql } from 'kysely'

/** The grade of what is there is the share of its rows that the schema accepted: nothing else was kept of them. */
const QUALITY = sql`
  select d.id, round(100.0 * (1 - coalesce((v.counts ->> 'rejected')::numeric
      / nullif((v.counts ->> 'read')::numeric - (v.counts ->> 'filtered')::numeric, 0), 0)), 2) as score
  from catalog.dataset d
  join catalog.dataset_version v on v.dataset_id = d.id
    and v.version = (select max(version) from catalog.dataset_version where dataset_id = d.id)`

const GRADE = sql`case when score >= 98 then 'A' when score >= 95 then 'B' when score >= 90 then 'C' else 'D' end`

export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table catalog.dataset add column quality jsonb`.execute(db)
  await sql`comment on column catalog.dataset.quality is '当前版本的质量：得分、等级、已测维度（规范性、时效性），随发布版本写入'`.execute(
    db,
  )
  await sql`
    update catalog.dataset set quality =
      jsonb_build_object('score', score, 'grade', ${GRADE}, 'normative', score, 'timeliness', null)
    from (${QUALITY}) as measured where measured.id = dataset.id
  `.execute(db)
  await sql`alter table catalog.entry add column grade text check (grade in ('A', 'B', 'C', 'D'))`.execute(db)
  await sql`comment on column catalog.entry.grade is '所挂数据集当前版本的质量等级，随发布版本写入'`.execute(
    db,
  )
  await sql`
    update catalog.entry set grade = dataset.quality ->> 'grade' from catalog.dataset
    where dataset.id = entry.dataset_id
  `.execute(db)
  await sql`alter table catalog.entry add column closed_at timestamptz`.execute(db)
  await sql`comment on column catalog.entry.closed_at is '因重新判定不宜开放而撤出开放目录的时间；此后改写则清空'`.execute(
    db,
  )
  await sql`alter table catalog.entry add constraint entry_closed check (closed_at is null or not open)`.execute(
    db,
  )
  // The index of all that is counted, with the grade among it, and one that has the freshest first.
  await sql`drop index catalog.entry_browse`.execute(db)
  await sql`
    create index entry_browse on catalog.entry (organisation_id)
    include (theme, sharing_type, level, format, grade, data_at, update_cycle, open)
    where status = 'published'
  `.execute(db)
  await sql`
    create index entry_fresh on catalog.entry
      ((floor(extract(epoch from coalesce(data_at, registered_at) at time zone 'UTC') * 1000)::float8) desc, id desc)
    where status = 'published'
  `.execute(db)
}
