import { BUILT_IN } from './built-in.ts'
import type { Run } from './run.ts'
import type { Scope } from './scope.ts'
import type { Expression } from './syntax.ts'
import { FeelFunction, type Value } from './value.ts'

type Evaluate = (expression: Expression, scope: Scope, run: Run) => Value

/** Calls a function by position or by name; null, with a warning, when it cannot be called so. */
export function invoke(
  { called, args }: Extract<Expression, { kind: 'call' }>,
  scope: Scope,
  run: Run,
  evaluate: Evaluate,
): Value {
  const own = called.kind === 'name' ? scope.get(called.name) : evaluate(called, scope, run)
  if (called.kind === 'name' && !(own instanceof FeelFunction)) {
    const builtIn = Object.hasOwn(BUILT_IN, called.name) ? BUILT_IN[called.name] : undefined
    if (builtIn) {
      if (!('named' in args))
        return builtIn.call(
          args.map((one) => evaluate(one, scope, run)),
          run,
        )
      return builtIn.callNamed(
        new Map(args.named.map(([name, one]) => [name, evaluate(one, scope, run)])),
        run,
      )
    }
  }
  const name = called.kind === 'name' || called.kind === 'path' ? called.name : 'function'
  if (!(own instanceof FeelFunction))
    return run.fail('function-unknown', `没有函数“${name}”`, `There is no function “${name}”`)
  const given = 'named' in args ? byName(own, args.named) : args
  if (given?.length !== own.parameters.length)
    return run.fail('arguments-wrong', `“${name}”的参数不符`, `The arguments of “${name}” do not fit`)
  return own.invoke(
    given.map((one) => evaluate(one, scope, run)),
    run,
  )
}

function byName(
  { parameters }: FeelFunction,
  named: readonly (readonly [string, Expression])[],
): Expression[] | undefined {
  const given = new Map(named)
  if (given.size !== named.length || named.some(([name]) => !parameters.includes(name))) return undefined
  const args = parameters.map((name) => given.get(name))
  return args.every((one) => one !== undefined) ? args : undefined
}
