import { defineErrors } from '../../core/errors.ts'

export const errors = defineErrors('FEEL', {
  SYNTAX_INVALID: {
    kind: 'invalid',
    zh: 'FEEL表达式“{text}”第{position}个字符处有误：应为{expectedZh}',
    en: 'The FEEL expression “{text}” is not valid at character {position}: {expected} is needed',
  },
  TEXT_TOO_COMPLEX: {
    kind: 'invalid',
    zh: 'FEEL表达式超出上限：{limit}',
    en: 'The FEEL expression is over a limit: {limit}',
  },
  EVALUATION_TOO_LONG: {
    kind: 'invalid',
    zh: 'FEEL求值超出上限：{limit}',
    en: 'The evaluation of FEEL is over a limit: {limit}',
  },
})
