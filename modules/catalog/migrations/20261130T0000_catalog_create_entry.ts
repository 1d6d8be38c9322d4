import { type Kysely, sql } from 'kysely'

/** 类 and the shipped 项: the five kinds of base information, and the themes that the guide of 2017 names. */
const CLASSES = [
  ['1', null, '基础信息资源'],
  ['2', null, '主题信息资源'],
  ['3', null, '部门信息资源'],
  ...['人口', '法人单位', '自然资源和空间地理', '社会信用', '电子证照'].map(under('1')),
  ...[
    '公共服务',
    '健康保障',
    '社会保障',
    '食品药品安全',
    '安全生产',
    '价格监管',
    '能源安全',
    '信用体系',
    '城乡建设',
    '社区治理',
    '生态环保',
    '应急维稳',
  ].map(under('2')),
] as const

function under(parent: string) {
  return (name: string, at: number) => [`${parent}${String(at + 1).padStart(2, '0')}`, parent, name] as const
}

export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create table catalog.entry_class (
      code      text collate "C" primary key,
      parent    text collate "C" references catalog.entry_class (code),
      name      text not null,
      name_key  text not null,
      serials   integer not null default 0 check (serials between 0 and 999999),
      unique (parent, name_key)
    )
  `.execute(db)
  await sql`comment on table catalog.entry_class is '信息资源分类：每行是一个类、项、目或细目，代码由平台按次序编定'`.execute(
    db,
  )
  await sql`comment on column catalog.entry_class.serials is '本分类下已发出的资源流水号个数'`.execute(db)
  for (const [code, parent, name] of CLASSES)
    await sql`insert into catalog.entry_class (code, parent, name, name_key)
      values (${code}, ${parent}, ${name}, ${name})`.execute(db)

  await sql`
    create table catalog.entry (
      id                uuid primary key default gen_random_uuid(),
      code              text collate "C" not null unique,
      organisation_id   text not null,
      kind              text not null check (kind in ('base', 'theme', 'department')),
      class_path        text[] not null,
      theme             text collate "C" not null generated always as (left(code, 3)) stored,
      name              text not null,
      name_key          text not null,
      unit              text not null,
      summary           text not null,
      keywords          text[] not null,
      format            text not null,
      format_type       text not null,
      items             jsonb not null,
      sharing_type      text not null check (sharing_type in ('unconditional', 'conditional', 'none')),
      sharing_basis     jsonb,
      sharing_condition text,
      sharing_method    text,
      open              boolean not null,
      open_condition    text,
      update_cycle      text not null,
      related_codes     text[] not null,
      custodian         text not null,
      contact           text not null,
      system            text not null,
      matters           text[] not null,
      dataset_id        uuid unique references catalog.dataset (id),
      status            text not null check (status in ('registered', 'reviewed', 'published', 'withdrawn')),
      registered_by     text not null,
      edited_by         text[] not null,
      registered_at     timestamptz not null,
      reviewed_by       text,
      published_on      date,
      confirmed_at      timestamptz not null,
      remark            text,
      level             integer not null check (level between 1 and 6),
      data_at           timestamptz,
      data_rows         integer,
      search            tsvector not null,
      unique (organisation_id, name_key),
      check (sharing_type <> 'none' or sharing_basis is not null),
      check (sharing_type <> 'conditional' or sharing_condition is not null)
    )
  `.execute(db)
  await sql`comment on table catalog.entry is '政务信息资源目录：每行是一个提供方的一项信息资源'`.execute(db)
  await sql`comment on column catalog.entry.code is '信息资源代码：类1位、项2位、目3位、细目，“/”后6位流水号，由平台编定'`.execute(
    db,
  )
  await sql`comment on column catalog.entry.name_key is '名称的规范形式，同一提供方内不得重复'`.execute(db)
  await sql`comment on column catalog.entry.items is '信息项：名称、数据元、类型、长度、分级、重复采集的理由'`.execute(
    db,
  )
  await sql`comment on column catalog.entry.sharing_basis is '不予共享的依据：法律、行政法规或国务院文件及其条款'`.execute(
    db,
  )
  await sql`comment on column catalog.entry.level is '分级：各信息项（及所挂数据集各列）的最高级，随保存计算'`.execute(
    db,
  )
  await sql`comment on column catalog.entry.data_at is '所挂数据集当前版本的时间，随发布版本写入'`.execute(db)
  await sql`comment on column catalog.entry.search is '检索词：名称为A，信息项为B，摘要与关键字为C'`.execute(
    db,
  )
  // Kept in the row: out of line, the planner thinks a scan of all of them cheaper than the index.
  await sql`alter table catalog.entry alter column search set storage main`.execute(db)
  await sql`create index entry_search on catalog.entry using gin (search)`.execute(db)
  // All that a search without words counts and sorts by, so that it need not read the rows.
  await sql`
    create index entry_browse on catalog.entry (organisation_id)
    include (id, theme, sharing_type, level, format, data_at, registered_at, update_cycle, open)
    where status = 'published'
  `.execute(db)
  await sql`create index entry_of_organisation on catalog.entry (organisation_id, status, code)`.execute(db)
  await sql`create index entry_items on catalog.entry using gin (items jsonb_path_ops)`.execute(db)

  await sql`
    create table catalog.element_source (
      element_code    text primary key,
      organisation_id text not null
    )
  `.execute(db)
  await sql`comment on table catalog.element_source is '一数一源：每行是一个数据元的数源单位，随其指定写入，登记目录时据此提示重复采集'`.execute(
    db,
  )
  await sql`insert into catalog.element_source select element_code, organisation_id from golden.legal_source`.execute(
    db,
  )
}
