import type { EntryContent, EntryFormat, SharingMethod } from './entry.ts'

/** What refusals call the fields of an entry in Chinese; the English text takes the field's own name. */
const FIELDS = {
  name: '信息资源名称',
  unit: '处室',
  summary: '摘要',
  keywords: '关键字',
  formatType: '具体格式',
  items: '信息项',
  'items.name': '信息项名称（各项必填且互不相同）',
  sharingCondition: '共享条件',
  openCondition: '开放条件',
  relatedCodes: '关联资源代码',
  custodian: '管理员',
  contact: '联系方式',
  system: '所属系统',
  matters: '关联事项',
} satisfies Partial<Record<keyof EntryContent | 'items.name', string>>

const FORMATS: Readonly<Record<EntryFormat, string>> = {
  file: '电子文件',
  spreadsheet: '电子表格',
  database: '数据库',
  graphic: '图形图像',
  stream: '流媒体',
  'self-describing': '自描述格式',
}

const METHODS: Readonly<Record<SharingMethod, string>> = {
  query: '联机查询',
  api: '接口',
  file: '文件',
  database: '数据库交换',
  offline: '介质拷贝',
}

/** Parameters of a refusal that names a field. */
export const named = (field: keyof typeof FIELDS) => ({ field, fieldZh: FIELDS[field] })

/** Parameters of the refusal of a sharing method; null is none, no fitting one means that it is not shared. */
export const mismatch = (
  method: SharingMethod | null,
  format: EntryFormat,
  fitting: readonly SharingMethod[],
) => ({
  method: method ?? '-',
  format,
  fitting: fitting.join(', ') || '-',
  methodZh: method === null ? '无' : METHODS[method],
  formatZh: FORMATS[format],
  fittingZh: fitting.map((each) => METHODS[each]).join('、') || '无',
})
