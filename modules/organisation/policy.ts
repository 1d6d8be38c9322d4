import { definePermissions } from '../../core/policy.ts'

export const can = definePermissions('organisation', {
  establish: { roles: ['system'] },
  registerPerson: { roles: ['system', 'system-admin', 'clerk'] },
  /** In one's own organisation. */
  employ: { roles: ['system', 'system-admin', 'enterprise-admin'], ownOrganisation: true },
  employAnywhere: { roles: ['system'] },
  /** Enterprises and persons other than oneself. */
  readParties: {
    roles: ['system', 'clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'auditor'],
  },
})
