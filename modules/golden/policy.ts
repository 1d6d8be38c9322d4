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
  /** Of a record that one's own register speaks of. */
  overrideValue: { roles: ['data-steward'], ownOrganisation: true },
  /** Whether a row of the own register is an entity. */
  decideLink: { roles: ['data-steward'], ownOrganisation: true },
  /** As the second person of the body that asked. */
  confirmDecision: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  /** What others ask one's own register to correct. */
  answerOrder: { roles: ['data-steward'], ownOrganisation: true },
  mergeRegisters: { roles: ['directory-admin', 'data-steward', 'system'] },
})
