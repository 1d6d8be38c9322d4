import { definePermissions } from '../../core/policy.ts'

export const can = definePermissions('certificate', {
  /** By a process, for any body. */
  issueForBodies: { roles: ['system', 'process'] },
  issue: { roles: ['signer'], ownOrganisation: true },
  /** Also to suspend and to reinstate. */
  revoke: { roles: ['signer'], ownOrganisation: true },
  /** Of the issuing body. */
  readIssued: { roles: ['clerk', 'reviewer', 'signer', 'inspector', 'supervisor'], ownOrganisation: true },
})
