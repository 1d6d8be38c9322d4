import { defineErrors } from '../../../core/errors.ts'

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
})
