import { definePermissions } from '../../core/policy.ts'

/** Everybody who works for a body; parties of a matter see no datasets. */
export const STAFF = [
  'data-steward',
  'directory-admin',
  'data-user',
  'clerk',
  'reviewer',
  'inspector',
  'signer',
  'supervisor',
  'standards-drafter',
  'standards-approver',
  'process-designer',
  'auditor',
] as const

export const can = definePermissions('catalog', {
  /** Those that have a version. */
  readDataset: { action: { zh: '查看数据集', en: 'read datasets' }, roles: [...STAFF, 'system'] },
  /** Also those that still wait for their first version. */
  readUnpublished: {
    action: { zh: '查看尚未发布的数据集', en: 'read datasets that are not published yet' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  readAnyUnpublished: {
    action: { zh: '查看各单位尚未发布的数据集', en: 'read any body’s datasets that are not published yet' },
    roles: ['system'],
  },
  registerDataset: {
    action: { zh: '登记数据集', en: 'register datasets' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  /** Across providers: a provider must not rank itself. */
  rankDataset: { action: { zh: '确定数据集的优先次序', en: 'rank datasets' }, roles: ['directory-admin'] },
  loadDataset: {
    action: { zh: '加载数据集', en: 'load datasets' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** Row by row, two versions of one's own data. */
  readChanges: {
    action: { zh: '查看两个版本之间的变化', en: 'read the changes between two versions' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  publishVersion: {
    action: { zh: '发布数据版本', en: 'publish versions of datasets' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  publishAnyVersion: {
    action: { zh: '发布各单位的数据版本', en: 'publish versions of any body’s datasets' },
    roles: ['system'],
  },
  /** The published directory; everybody else sees what is open of it. */
  readEntry: {
    action: { zh: '查看资源目录', en: 'read the resource directory' },
    roles: [...STAFF, 'system'],
  },
  registerEntry: {
    action: { zh: '登记目录条目', en: 'register directory entries' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  /** Of one's own organisation; a government's administrators also of the bodies under it. */
  reviewEntry: {
    action: { zh: '审核目录条目', en: 'review directory entries' },
    roles: ['directory-admin'],
    ownOrganisation: true,
  },
  readSource: {
    action: { zh: '查看数据源', en: 'read data sources' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  manageSource: {
    action: { zh: '管理数据源', en: 'manage data sources' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** Sends a dataset into a database of the department. */
  manageDelivery: {
    action: { zh: '管理回送部门数据库的任务', en: 'manage deliveries into a department’s database' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** The platform's own operator and jobs. */
  useAnySource: {
    action: { zh: '使用各单位的数据源', en: 'use any body’s data sources' },
    roles: ['system'],
  },
  /** Lets a source lead into an internal network; not its steward, who chose the host. */
  permitNetwork: {
    action: { zh: '准许数据源连接内部网络', en: 'let a data source lead into an internal network' },
    roles: ['system-admin', 'system'],
  },
})
