import { defineErrors, DomainError } from '../core/errors.ts'
import type { Report } from './compile/gate.ts'
import { errors as ofSteps } from './runtime/step/index.ts'

const own = defineErrors('WORKFLOW', {
  TASK_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的任务',
    en: 'There is no task {id}',
  },
  TASK_TAKEN: {
    kind: 'conflict',
    zh: '该任务已由他人领取',
    en: 'Somebody else has taken this task',
  },
  TASK_NOT_CLAIMED: {
    kind: 'conflict',
    zh: '该任务尚未领取，请先领取',
    en: 'Nobody has claimed this task; claim it first',
  },
  TASK_DELEGATED: {
    kind: 'conflict',
    zh: '该任务正委托他人办理：受托人办好后交回，由委托人完成；委托人也可收回',
    en: 'This task is delegated: who works on it gives it back, and its owner completes it or calls it back',
  },
  TASK_NOT_DELEGATED: {
    kind: 'conflict',
    zh: '该任务没有委托他人办理',
    en: 'This task is not delegated',
  },
  TASK_HEAD_ONLY: {
    kind: 'forbidden',
    zh: '只有本单位的督办人员可以这样安排任务',
    en: 'Only the supervisor of the body may arrange the task so',
  },
  TASK_RECIPIENT_UNFIT: {
    kind: 'invalid',
    zh: '承办人须是本单位可办理此任务的另一名在职人员',
    en: 'The task can only go to another serving member of the body to whom it is offered',
  },
  TASK_PLAN_INVALID: {
    kind: 'invalid',
    zh: '跟进日期须是今天或以后的日期，优先级须是0至{max}的整数',
    en: 'A follow-up date is a day from today on; a priority is a whole number from 0 to {max}',
  },
  TASK_LIST_INVALID: {
    kind: 'invalid',
    zh: '一次须选择1至{max}项不同的任务',
    en: 'Choose 1 to {max} different tasks at once',
  },
  TASK_VERSION_STALE: {
    kind: 'conflict',
    zh: '任务已被更改（现为第{version}版），请刷新后重试',
    en: 'The task has changed (it is now at version {version}); reload and try again',
  },
  INSTANCE_VERSION_STALE: {
    kind: 'conflict',
    zh: '流程刚刚有了新的进展，请刷新后重试',
    en: 'The process has just moved on; reload and try again',
  },
  INSTANCE_SUSPENDED: {
    kind: 'conflict',
    zh: '流程已暂停，恢复后方可继续办理',
    en: 'The process is suspended; it goes on once it is resumed',
  },
  VERSION_RETIRED: {
    kind: 'conflict',
    zh: '流程“{key}”的第{version}版已下线，请先重新上线',
    en: 'Version {version} of the process “{key}” is retired; reinstate it first',
  },
  PROCESS_SUSPENDED: {
    kind: 'conflict',
    zh: '流程“{key}”已停用，恢复后方可启动',
    en: 'The process “{key}” is suspended; it starts again once it is resumed',
  },
  REASON_MISSING: {
    kind: 'invalid',
    zh: '请写明理由',
    en: 'Say why',
  },
  PROCESS_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到流程“{key}”',
    en: 'There is no process “{key}”',
  },
  VERSION_NOT_FOUND: {
    kind: 'not-found',
    zh: '流程“{key}”没有第{version}版',
    en: 'The process “{key}” has no version {version}',
  },
  INSTANCE_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到流程实例 {id}',
    en: 'There is no process instance {id}',
  },
  INCIDENT_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到待处理的异常 {id}',
    en: 'There is no open incident {id}',
  },
  COMMAND_ID_REUSED: {
    kind: 'conflict',
    zh: '该操作编号已用于另一请求，请刷新后重试',
    en: 'This command id was already used for another request; reload and try again',
  },
  OUTPUT_INVALID: {
    kind: 'invalid',
    zh: '表单内容有误，字段“{field}”：{reason}',
    en: 'The form is not right at “{field}”: {reason}',
  },
  TASK_BROKEN: {
    kind: 'unavailable',
    zh: '自动任务出错，详情见日志（作业 {job}）',
    en: 'The service task broke down; the log tells more under the job {job}',
  },
  CALL_ENDED: {
    kind: 'conflict',
    zh: '调用的流程“{key}”被终止',
    en: 'The process “{key}” that it calls was terminated',
  },
  CALL_FAILED: {
    kind: 'conflict',
    zh: '调用的流程“{key}”以错误“{error}”结束',
    en: 'The process “{key}” that it calls ended with the error “{error}”',
  },
  TASK_INPUT_INVALID: {
    kind: 'invalid',
    zh: '任务“{task}”的输入“{field}”有误：{reason}',
    en: 'The input “{field}” of the task “{task}” is not right: {reason}',
  },
  MODEL_INVALID: {
    kind: 'invalid',
    zh: '流程模型有{count}项问题：{findings}',
    en: 'The model has {count} findings: {findings}',
  },
  SCRIPT_FORBIDDEN: {
    kind: 'invalid',
    zh: '流程模型不得含有脚本：{findings}',
    en: 'A model may hold no script: {findings}',
  },
  TASK_UNKNOWN: {
    kind: 'invalid',
    zh: '流程模型引用了未知的任务：{findings}',
    en: 'The model names unknown tasks: {findings}',
  },
  TIMER_INVALID: {
    kind: 'invalid',
    zh: '流程模型的定时器无效：{findings}',
    en: 'A timer of the model is not valid: {findings}',
  },
  KEY_MISMATCH: {
    kind: 'invalid',
    zh: '流程标识为“{found}”，应为“{key}”',
    en: 'The id of the process is “{found}”; it should be “{key}”',
  },
})

/** Every refusal of the runtime, those of the step function included. */
export const errors = { ...ofSteps, ...own }

/** A list of tasks is done whole or not at all: each one that stands in the way, with its reason. */
export function tasksRefused(
  refusals: readonly { readonly id: string; readonly error: DomainError }[],
): DomainError {
  const shown = (language: 'zh' | 'en') =>
    refusals
      .map(({ id, error }) => `${id}: ${error.messages[language]}`)
      .join('; ')
      .replaceAll('{', '｛')
  return new DomainError(
    'WORKFLOW_TASKS_REFUSED',
    {
      kind: 'conflict',
      zh: `没有改动任何任务，有${refusals.length}项不能这样办理：${shown('zh')}`,
      en: `No task was changed; ${refusals.length} stand in the way: ${shown('en')}`,
    },
    Object.fromEntries(refusals.map(({ id, error }) => [id, error.code])),
  )
}

const OF_TASKS = new Set(['task-unknown', 'task-missing', 'command-unknown'])

/** Why a model is refused: scripts before anything else, a narrower code only when nothing else is wrong. */
export function refusalOf({ findings }: Pick<Report, 'findings'>): DomainError {
  const shown = (language: 'zh' | 'en') =>
    findings
      .slice(0, 20)
      .map((finding) => `[${finding.rule}] ${finding.element}: ${finding[language]}`)
      .join('; ')
  const code = findings.some(({ rule }) => rule === 'script-forbidden')
    ? 'SCRIPT_FORBIDDEN'
    : findings.every(({ rule }) => OF_TASKS.has(rule))
      ? 'TASK_UNKNOWN'
      : findings.every(({ rule }) => rule === 'timer-invalid')
        ? 'TIMER_INVALID'
        : 'MODEL_INVALID'
  const template = errors[code]({ count: findings.length, findings: shown('en') })
  // Each language shows its own findings, which one parameter cannot.
  const { zh } = errors[code]({ count: findings.length, findings: shown('zh') }).messages
  return new DomainError(
    template.code,
    { kind: 'invalid', zh: zh.replaceAll('{', '｛'), en: template.message.replaceAll('{', '｛') },
    template.params,
  )
}
