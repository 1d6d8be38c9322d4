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
  readDataset: { roles: [...STAFF, 'system'] },
  /** Also those that still wait for their first version. */
  readUnpublished: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  readAnyUnpublished: { roles: ['system'] },
  registerDataset: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  /** Across providers: a provider must not rank itself. */
  rankDataset: { roles: ['directory-admin'] },
  loadDataset: { roles: ['data-steward'], ownOrganisation: true },
  /** Row by row, two versions of one's own data. */
  readChanges: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  publishVersion: { roles: ['data-steward'], ownOrganisation: true },
  publishAnyVersion: { roles: ['system'] },
  /** The published directory; everybody else sees what is open of it. */
  readEntry: { roles: [...STAFF, 'system'] },
  registerEntry: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  /** Of one's own organisation; a government's administrators also of the bodies under it. */
  reviewEntry: { roles: ['directory-admin'], ownOrganisation: true },
  readSource: { roles: ['data-steward', 'directory-admin'], ownOrganisation: true },
  manageSource: { roles: ['data-steward'], ownOrganisation: true },
  /** Sends a dataset into a database of the department. */
  manageDelivery: { roles: ['data-steward'], ownOrganisation: true },
  /** The platform's own operator and jobs. */
  useAnySource: { roles: ['system'] },
  /** Lets a source lead into an internal network; not its steward, who chose the host. */
  permitNetwork: { roles: ['system-admin', 'system'] },
})
