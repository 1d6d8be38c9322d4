import { definePermissions } from '../../core/policy.ts'

const STAFF = [
  ...['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'directory-admin'],
  ...['standards-drafter', 'standards-approver', 'data-steward', 'process-designer', 'system-admin'],
]

export const can = definePermissions('organisation', {
  establish: { roles: ['system'] },
  registerPerson: { roles: ['system', 'system-admin', 'clerk'] },
  /** In one's own organisation. */
  employ: { roles: ['system', 'system-admin', 'enterprise-admin'], ownOrganisation: true },
  employAnywhere: { roles: ['system'] },
  /** Of another member of one's own body; one's own absence everybody records. */
  recordAbsence: { roles: ['supervisor'], ownOrganisation: true },
  /** Who serves in one's own body, to give work to. */
  readColleagues: { roles: STAFF, ownOrganisation: true },
  /** Enterprises and persons other than oneself. */
  readParties: {
    roles: ['system', 'clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'auditor'],
  },
})
