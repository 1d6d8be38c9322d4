import { defineErrors } from '../../core/errors.ts'

export const errors = defineErrors('WORKFLOW', {
  REPLAY_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到重演 {id}',
    en: 'There is no replay {id}',
  },
  REPLAY_TARGET_MISSING: {
    kind: 'invalid',
    zh: '请给出要对照的版本或草稿，二者取一',
    en: 'Name either the version or the draft to replay on, one of the two',
  },
  PERIOD_INVALID: {
    kind: 'invalid',
    zh: '起始日期不能晚于截止日期',
    en: 'The period must not end before it begins',
  },
  PURPOSE_MISSING: {
    kind: 'invalid',
    zh: '请说明导出用途',
    en: 'State the purpose of the export',
  },
})
