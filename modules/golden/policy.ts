import { definePermissions } from '../../core/policy.ts'

export const can = definePermissions('golden', {
  searchRecords: {
    action: { zh: '查询权威记录', en: 'search golden records' },
    roles: [
      'data-steward',
      'data-user',
      'reviewer',
      'inspector',
      'clerk',
      'signer',
      'directory-admin',
      'supervisor',
      'auditor',
      'system',
    ],
  },
  /** The record of the enterprise one acts for. */
  readOwnRecord: {
    action: { zh: '查看所代表企业的权威记录', en: 'read the golden record of the enterprise' },
    roles: ['enterprise-drafter', 'enterprise-approver', 'enterprise-admin'],
  },
  /** For the bodies of the government one works for. */
  nameLegalSource: {
    action: { zh: '指定数据的法定来源', en: 'name the legal source of an element' },
    roles: ['directory-admin'],
    ownOrganisation: true,
  },
  nameAnyLegalSource: {
    action: {
      zh: '为各级政府指定数据的法定来源',
      en: 'name the legal source of an element for any government',
    },
    roles: ['system'],
  },
  /** Of a record that one's own register speaks of. */
  overrideValue: {
    action: { zh: '更正权威记录的值', en: 'override values of golden records' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** Whether a row of the own register is an entity. */
  decideLink: {
    action: { zh: '裁定记录是否同一主体', en: 'decide whether rows are the same entity' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  /** As the second person of the body that asked. */
  confirmDecision: {
    action: { zh: '复核裁定', en: 'confirm decisions as the second person' },
    roles: ['data-steward', 'directory-admin'],
    ownOrganisation: true,
  },
  /** What others ask one's own register to correct. */
  answerOrder: {
    action: { zh: '答复更正请求', en: 'answer requests for correction' },
    roles: ['data-steward'],
    ownOrganisation: true,
  },
  mergeRegisters: {
    action: { zh: '合并登记数据', en: 'merge registers' },
    roles: ['directory-admin', 'data-steward', 'system'],
  },
})
