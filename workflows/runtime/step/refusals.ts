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
})
