export { Decimal, decimalOf, isNumber } from './decimal.ts'
export { FeelDate, readDate } from './date.ts'
export { DayTimeDuration, readDuration, YearMonthDuration } from './duration.ts'
export { equals, orderOf, same } from './compare.ts'
export { evaluate, itemScope, satisfies } from './evaluate.ts'
export { parseExpression, parseUnaryTests } from './parser.ts'
export { fromPlain, toPlain } from './plain.ts'
export { errors } from './refusals.ts'
export { Run, type Warning } from './run.ts'
export { Scope } from './scope.ts'
export { type Expression, type TypeName, type UnaryTests, walk } from './syntax.ts'
export { written } from './text.ts'
export { FeelDateTime, FeelTime, readDateTime, readTime } from './time.ts'
export { ANY, coerced, conforms, describe, type FeelType, typeOf } from './type.ts'
export { parseTypeName } from './type-name.ts'
export {
  type Context,
  FeelFunction,
  FeelRange,
  isContext,
  isList,
  kindOf,
  type List,
  type Value,
} from './value.ts'
