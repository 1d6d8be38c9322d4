import { defineErrors, type DomainError } from '../../../core/errors.ts'
import type { TimerFault } from '../../timer.ts'

export const errors = defineErrors('WORKFLOW', {
  STEP_CLOSED: {
    kind: 'conflict',
    zh: '该环节已经办结或已取消，请刷新',
    en: 'This step has been completed or cancelled already; reload',
  },
  STATE_INVALID: {
    kind: 'conflict',
    zh: '流程实例的状态无法读取：{reason}',
    en: 'The state of the process instance cannot be read: {reason}',
  },
  VARIABLE_INVALID: {
    kind: 'invalid',
    zh: '变量“{name}”应为{type}',
    en: 'The variable “{name}” must be a {type}',
  },
  ACTIVITY_UNAVAILABLE: {
    kind: 'conflict',
    zh: '此刻不能开始“{node}”：{reason}',
    en: '“{node}” cannot be started now: {reason}',
  },
  MOVE_INVALID: {
    kind: 'invalid',
    zh: '不能从“{from}”移到“{to}”：只能移到同一层级中有连线进入的节点',
    en: '“{from}” cannot be moved to “{to}”: only to a node of the same level that a flow leads into',
  },
  GATEWAY_CLOSED: {
    kind: 'conflict',
    zh: '“{node}”没有可走的分支：各条件都不成立，也没有默认分支',
    en: 'No way out of “{node}” may be taken: no condition holds, and none is the default',
  },
  JOIN_STARVED: {
    kind: 'conflict',
    zh: '汇合“{node}”等待的分支已在别处结束',
    en: 'The join “{node}” waits for a branch that has ended elsewhere',
  },
  LOOP_COLLECTION_INVALID: {
    kind: 'invalid',
    zh: '“{node}”的循环集合不是列表',
    en: 'The collection of “{node}” is not a list',
  },
  LOOP_COUNT_INVALID: {
    kind: 'invalid',
    zh: '“{node}”的实例数为{count}，须是0至{max}的整数',
    en: '“{node}” would have {count} instances; their number is a whole one from 0 to {max}',
  },
  LOOP_ENDLESS: {
    kind: 'conflict',
    zh: '“{node}”已循环{count}次，不再继续',
    en: '“{node}” was done {count} times and is not done again',
  },
  TIMER_NOT_ISO: {
    kind: 'invalid',
    zh: '“{node}”的定时器无法设定：时间不是 ISO 8601 写法',
    en: 'The timer of “{node}” cannot be set: its time is not written as in ISO 8601',
  },
  TIMER_NEGATIVE: {
    kind: 'invalid',
    zh: '“{node}”的定时器无法设定：时长为负',
    en: 'The timer of “{node}” cannot be set: its duration is negative',
  },
  TIMER_TOO_FAR: {
    kind: 'invalid',
    zh: '“{node}”的定时器无法设定：时间过于遥远',
    en: 'The timer of “{node}” cannot be set: its time is too far away',
  },
  TIMER_TOO_FAST: {
    kind: 'invalid',
    zh: '“{node}”的定时器无法设定：重复过于频繁',
    en: 'The timer of “{node}” cannot be set: it repeats too fast',
  },
  WORK_FAILED: {
    kind: 'unavailable',
    zh: '“{node}”没有办成，原因未记录',
    en: '“{node}” failed; no cause is on record',
  },
  WORK_REFUSED: {
    kind: 'conflict',
    zh: '“{node}”被拒绝，错误代码 {error}',
    en: '“{node}” was refused with the error {error}',
  },
})

const OF_TIMERS = {
  'not-iso': errors.TIMER_NOT_ISO,
  negative: errors.TIMER_NEGATIVE,
  'too-far': errors.TIMER_TOO_FAR,
  'too-fast': errors.TIMER_TOO_FAST,
}

/** Why the timer of a node cannot be set. */
export const timerRefusal = (node: string, fault: TimerFault): DomainError => OF_TIMERS[fault]({ node })
