import type { TypeNames } from './type.ts'
import type { Context, Value } from './value.ts'

/** Where names have their values: the innermost first. */
export class Scope {
  readonly #values: Context
  readonly #outer: Scope | undefined
  readonly types: TypeNames

  constructor(values: Context, outer?: Scope, types: TypeNames = outer?.types ?? (() => undefined)) {
    this.#values = values
    this.#outer = outer
    this.types = types
  }

  /** Undefined when nothing has the name. */
  get(name: string): Value | undefined {
    const own = this.#values.get(name)
    return own !== undefined ? own : this.#outer?.get(name)
  }

  with(name: string, value: Value): Scope {
    return new Scope(new Map([[name, value]]), this)
  }
}
