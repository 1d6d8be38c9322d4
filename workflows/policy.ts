import { definePermissions } from '../core/policy.ts'

/** Who may do what with processes. Tasks ask the task itself: see `refusalOf` of task.ts. */
export const can = definePermissions('workflow', {
  deployProcess: {
    action: { zh: '部署流程', en: 'deploy processes' },
    roles: ['process-designer', 'system'],
    ownOrganisation: true,
  },
  editDraft: {
    action: { zh: '编辑流程草稿', en: 'edit drafts of processes' },
    roles: ['process-designer'],
    ownOrganisation: true,
  },
  handOverProcess: { action: { zh: '移交流程', en: 'hand processes over' }, roles: ['system'] },
  readDefinition: {
    action: { zh: '查看流程定义', en: 'read process definitions' },
    roles: ['process-designer', 'supervisor', 'auditor', 'system'],
  },
  evaluateDecision: {
    action: { zh: '试算决策', en: 'evaluate decisions' },
    roles: ['process-designer', 'supervisor', 'auditor', 'system'],
  },
  checkDecision: {
    action: { zh: '检查决策表', en: 'check decision tables' },
    roles: ['process-designer', 'system'],
  },
  readAnyInstance: {
    action: { zh: '查看各单位的流程实例', en: 'read any body’s process instances' },
    roles: ['auditor', 'system'],
  },
  readInstanceOfOwnProcess: {
    action: { zh: '查看本单位流程的实例', en: 'read instances of one’s own body’s processes' },
    roles: ['process-designer'],
    ownOrganisation: true,
  },
  readOwnInstance: {
    action: { zh: '查看本单位的流程实例', en: 'read process instances of one’s own body' },
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor', 'directory-admin'],
    ownOrganisation: true,
  },
  /** Which rules fired in a case, with what they were held against: it tells of the applicant. */
  readMadeDecision: {
    action: { zh: '查看已作出的决策及其依据', en: 'read decisions made and what they rest on' },
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor'],
    ownOrganisation: true,
  },
  /** Skipping, cancelling, moving, changing variables, suspending and ending what runs. */
  operateInstance: {
    action: { zh: '干预运行中的流程实例', en: 'operate running process instances' },
    roles: ['supervisor', 'system'],
    ownOrganisation: true,
  },
  /** Beginning and closing the activities of an ad-hoc sub-process. */
  beginActivity: {
    action: { zh: '开始或结束随机子流程的活动', en: 'begin and close activities of an ad-hoc sub-process' },
    roles: ['clerk', 'reviewer', 'inspector', 'signer', 'supervisor'],
    ownOrganisation: true,
  },
  /** Batch operations of the own body, and stopping one. */
  readBatch: {
    action: { zh: '查看批量操作', en: 'read batch operations' },
    roles: ['supervisor', 'process-designer', 'system'],
    ownOrganisation: true,
  },
  suspendProcess: {
    action: { zh: '暂停流程', en: 'suspend processes' },
    roles: ['process-designer', 'system'],
    ownOrganisation: true,
  },
  /** Sees all open tasks of the own body and gives them to whoever they are offered to. */
  assignTask: {
    action: { zh: '分派任务', en: 'assign tasks' },
    roles: ['supervisor'],
    ownOrganisation: true,
  },
  resolveIncident: {
    action: { zh: '处理故障', en: 'resolve incidents' },
    roles: ['supervisor', 'system'],
    ownOrganisation: true,
  },
})
