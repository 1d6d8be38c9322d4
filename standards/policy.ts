import { definePermissions } from '../core/policy.ts'

/** Published standards are for everybody; drafts are their own organisation's. */
export const can = definePermissions('standards', {
  readDraft: { roles: ['standards-drafter', 'standards-approver'], ownOrganisation: true },
  draftStandard: { roles: ['standards-drafter'], ownOrganisation: true },
  submitStandard: { roles: ['standards-drafter'], ownOrganisation: true },
  publishStandard: { roles: ['standards-approver'], ownOrganisation: true },
  /** Adds codes of its own beside the standard's. */
  extendCodeList: { roles: ['standards-drafter'], ownOrganisation: true },
  deprecateStandard: { roles: ['standards-approver'], ownOrganisation: true },
  retireStandard: { roles: ['standards-approver'], ownOrganisation: true },
  /** Who uses a standard and how many rows hold a code; of datasets the reader may see. */
  readImpact: {
    roles: [
      ...(['standards-drafter', 'standards-approver', 'data-steward', 'directory-admin'] as const),
      ...(['process-designer', 'auditor', 'system'] as const),
    ],
  },
  dryRunStandard: { roles: ['standards-drafter', 'standards-approver'], ownOrganisation: true },
  /** The other organisations' rows in it stay theirs. */
  readDryRun: { roles: ['standards-drafter', 'standards-approver'], ownOrganisation: true },
  /** Rows of one's own organisation that a draft would refuse, with their keys. */
  readFailingKeys: {
    roles: ['standards-drafter', 'standards-approver', 'data-steward'],
    ownOrganisation: true,
  },
  readAnyDryRun: { roles: ['system'] },
  returnStandard: { roles: ['standards-approver'], ownOrganisation: true },
})
