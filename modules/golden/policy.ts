import { definePermissions } from '../../core/policy.ts'

export const can = definePermissions('golden', {
  searchRecords: {
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
  readOwnRecord: { roles: ['enterprise-drafter', 'enterprise-approver', 'enterprise-admin'] },
  /** For the bodies of the government one works for. */
  nameLegalSource: { roles: ['directory-admin'], ownOrganisation: true },
  nameAnyLegalSource: { roles: ['system'] },
  mergeRegisters: { roles: ['directory-admin', 'data-steward', 'system'] },
})
