import { definePermissions } from '../../core/policy.ts'

export const can = definePermissions('certificate', {
  /** By a process, for any body. */
  issueForBodies: {
    action: { zh: '代各单位签发电子证照', en: 'issue certificates for any body' },
    roles: ['system', 'process'],
  },
  issue: {
    action: { zh: '签发电子证照', en: 'issue certificates' },
    roles: ['signer'],
    ownOrganisation: true,
  },
  /** Also to suspend and to reinstate. */
  revoke: {
    action: { zh: '吊销、暂停或恢复电子证照', en: 'revoke, suspend or reinstate certificates' },
    roles: ['signer'],
    ownOrganisation: true,
  },
  /** Of the issuing body. */
  readIssued: {
    action: { zh: '查看本单位签发的电子证照', en: 'read the certificates of the issuing body' },
    roles: ['clerk', 'reviewer', 'signer', 'inspector', 'supervisor'],
    ownOrganisation: true,
  },
})
