import { definePermissions } from '../../core/policy.ts'

const APPLICANTS = ['citizen', 'enterprise-drafter', 'enterprise-approver', 'enterprise-admin']

export const can = definePermissions('service', {
  publishItem: { roles: ['directory-admin'], ownOrganisation: true },
  /** What ships with the platform. */
  seedItem: { roles: ['system'] },
  /** Begin, fill in and remove. */
  draftApplication: { roles: APPLICANTS, ownOrganisation: true },
  submitApplication: {
    roles: ['citizen', 'enterprise-drafter', 'enterprise-approver'],
    ownOrganisation: true,
  },
  readApplication: { roles: APPLICANTS, ownOrganisation: true },
  /** Cases the actor's body decides or gives an opinion on. */
  readCase: {
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'auditor'],
  },
  /** Read all cases of the bodies under the actor's government. */
  superviseCases: { roles: ['supervisor'] },
  checkIntake: { roles: ['clerk', 'reviewer'], ownOrganisation: true },
  reviewDocuments: { roles: ['reviewer'], ownOrganisation: true },
  recordVisit: { roles: ['inspector'], ownOrganisation: true },
  giveOpinion: { roles: ['reviewer'], ownOrganisation: true },
  decideCase: { roles: ['signer'], ownOrganisation: true },
  handOverCase: { roles: ['clerk'], ownOrganisation: true },
  /** Service tasks of processes, clocks and subscribers. */
  runProcess: { roles: ['system', 'process'] },
})
