import { defineErrors } from '../../core/errors.ts'

export const errors = defineErrors('DECISION', {
  FILE_INVALID: {
    kind: 'invalid',
    zh: '文件不是有效的DMN：{reason}',
    en: 'The file is not valid DMN: {reason}',
  },
  FILE_TOO_LARGE: {
    kind: 'invalid',
    zh: 'DMN文件超出上限：{limit}',
    en: 'The DMN file is over a limit: {limit}',
  },
  DOCTYPE_FORBIDDEN: {
    kind: 'invalid',
    zh: 'DMN文件不允许含有DOCTYPE或实体声明',
    en: 'A DMN file may hold no DOCTYPE or entity declaration',
  },
  GRAPH_CIRCULAR: {
    kind: 'invalid',
    zh: '决策需求图中有循环：{circle}',
    en: 'The requirements of the decisions go in a circle: {circle}',
  },
  NAME_DUPLICATE: {
    kind: 'invalid',
    zh: '名称“{name}”重复',
    en: 'The name “{name}” is used twice',
  },
  NOT_FOUND: {
    kind: 'not-found',
    zh: '文件中没有决策“{name}”，现有：{known}',
    en: 'There is no decision “{name}” in the file; there are: {known}',
  },
  UNDECIDED: {
    kind: 'invalid',
    zh: '决策“{decision}”没有结果：{reason}',
    en: 'The decision “{decision}” has no result: {reason}',
  },
  INPUT_INVALID: {
    kind: 'invalid',
    zh: '决策的输入“{name}”有误：{reason}',
    en: 'The input “{name}” of the decision is not right: {reason}',
  },
})
