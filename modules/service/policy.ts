import { definePermissions } from '../../core/policy.ts'

const APPLICANTS = ['citizen', 'enterprise-drafter', 'enterprise-approver', 'enterprise-admin']

export const can = definePermissions('service', {
  publishItem: {
    action: { zh: '发布事项', en: 'publish service items' },
    roles: ['directory-admin'],
    ownOrganisation: true,
  },
  /** What ships with the platform. */
  seedItem: {
    action: { zh: '装入平台自带的事项', en: 'seed the service items that ship with the platform' },
    roles: ['system'],
  },
  /** Begin, fill in and remove. */
  draftApplication: {
    action: { zh: '填写申请', en: 'draft applications' },
    roles: APPLICANTS,
    ownOrganisation: true,
  },
  submitApplication: {
    action: { zh: '提交申请', en: 'submit applications' },
    roles: ['citizen', 'enterprise-drafter', 'enterprise-approver'],
    ownOrganisation: true,
  },
  readApplication: {
    action: { zh: '查看申请', en: 'read applications' },
    roles: APPLICANTS,
    ownOrganisation: true,
  },
  /** Cases the actor's body decides or gives an opinion on. */
  readCase: {
    action: { zh: '查看办件', en: 'read cases' },
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'auditor'],
  },
  /** Read all cases of the bodies under the actor's government. */
  superviseCases: {
    action: { zh: '督办下级单位的办件', en: 'supervise the cases of other bodies' },
    roles: ['supervisor'],
  },
  checkIntake: {
    action: { zh: '办理受理审核', en: 'check what comes in' },
    roles: ['clerk', 'reviewer'],
    ownOrganisation: true,
  },
  reviewDocuments: {
    action: { zh: '审查材料', en: 'review documents' },
    roles: ['reviewer'],
    ownOrganisation: true,
  },
  recordVisit: {
    action: { zh: '登记现场核查', en: 'record visits' },
    roles: ['inspector'],
    ownOrganisation: true,
  },
  giveOpinion: {
    action: { zh: '出具意见', en: 'give opinions' },
    roles: ['reviewer'],
    ownOrganisation: true,
  },
  decideCase: { action: { zh: '作出决定', en: 'decide cases' }, roles: ['signer'], ownOrganisation: true },
  handOverCase: {
    action: { zh: '移交办件', en: 'hand cases over' },
    roles: ['clerk'],
    ownOrganisation: true,
  },
  /** Service tasks of processes, clocks and subscribers. */
  runProcess: {
    action: { zh: '执行流程的系统任务', en: 'run the service tasks of processes' },
    roles: ['system', 'process'],
  },
})
