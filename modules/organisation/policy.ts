import { definePermissions } from '../../core/policy.ts'

const STAFF = [
  ...['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'directory-admin'],
  ...['standards-drafter', 'standards-approver', 'data-steward', 'process-designer', 'system-admin'],
]

export const can = definePermissions('organisation', {
  establish: { action: { zh: '设立单位', en: 'establish organisations' }, roles: ['system'] },
  registerPerson: {
    action: { zh: '登记人员', en: 'register persons' },
    roles: ['system', 'system-admin', 'clerk'],
  },
  /** In one's own organisation. */
  employ: {
    action: { zh: '任命本单位人员', en: 'employ persons in one’s own body' },
    roles: ['system', 'system-admin', 'enterprise-admin'],
    ownOrganisation: true,
  },
  employAnywhere: { action: { zh: '任命各单位人员', en: 'employ persons in any body' }, roles: ['system'] },
  /** Of another member of one's own body; one's own absence everybody records. */
  recordAbsence: {
    action: { zh: '登记他人的离岗', en: 'record the absence of others' },
    roles: ['supervisor'],
    ownOrganisation: true,
  },
  /** Who serves in one's own body, to give work to. */
  readColleagues: {
    action: { zh: '查看本单位人员', en: 'read who serves in one’s own body' },
    roles: STAFF,
    ownOrganisation: true,
  },
  /** Enterprises and persons other than oneself. */
  readParties: {
    action: { zh: '查看企业和个人', en: 'read enterprises and persons' },
    roles: ['system', 'clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'auditor'],
  },
})
