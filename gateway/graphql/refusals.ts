import { defineErrors } from '../../core/errors.ts'

export const errors = defineErrors('GRAPHQL', {
  DOCUMENT_INVALID: {
    kind: 'invalid',
    zh: '查询语句不正确或过长',
    en: 'The query is not well formed, or is too long',
  },
  FIELD_UNKNOWN: {
    kind: 'invalid',
    zh: '查询含有不存在的名称“{name}”',
    en: 'The query names “{name}”, which does not exist',
  },
  QUERY_TOO_COMPLEX: {
    kind: 'invalid',
    zh: '查询过于复杂（{measure}超过{limit}），请减少层次、条数或字段',
    en: 'The query is too complex ({measure} over {limit}); ask for fewer levels, rows or fields',
  },
  OPERATION_REFUSED: {
    kind: 'invalid',
    zh: '一次请求只能以POST方法提交一个操作',
    en: 'A call carries one operation, by POST',
  },
  VARIABLE_INVALID: {
    kind: 'invalid',
    zh: '变量“{name}”的值不符合要求',
    en: 'The value of the variable “{name}” is not acceptable',
  },
  ID_MALFORMED: {
    kind: 'invalid',
    zh: '编号格式不正确',
    en: 'The id is malformed',
  },
  VALUE_MALFORMED: {
    kind: 'invalid',
    zh: '值的格式不正确，应为{type}',
    en: 'The value is malformed; it must be a {type}',
  },
})
