import { coerced, FeelFunction, ANY, Run, Scope, type Value, type Warning } from '../feel/index.ts'
import { type Bench, boxedValue, functionValue, given, typed } from './boxed-value.ts'
import type { Compiled } from './compiled.ts'
import type { FiredRule } from './fired.ts'
import type { Decision, Element, Knowledge, Reference, Service } from './model.ts'
import { errors } from './refusals.ts'

/** What a decision gives for its inputs. */
export interface Evaluated {
  readonly value: Value
  /** Rules of every table that was asked on the way, in the order they fired. */
  readonly rules: readonly FiredRule[]
  /** Why something is null; empty when all went well. */
  readonly warnings: readonly Warning[]
}

type Found =
  | { readonly kind: 'input'; readonly element: Element }
  | { readonly kind: 'decision'; readonly element: Decision }
  | { readonly kind: 'knowledge'; readonly element: Knowledge }
  | { readonly kind: 'service'; readonly element: Service }

/**
 * Evaluates a decision, or a decision service, of the model by its name. Pure: the same inputs and `now` give
 * the same answer. Inputs are by name; missing ones are null.
 *
 * @throws DECISION_NOT_FOUND, FEEL_EVALUATION_TOO_LONG
 */
export function evaluateDecision(
  compiled: Compiled,
  name: string,
  inputs: ReadonlyMap<string, Value>,
  now: Date,
): Evaluated {
  const { decisions, services } = compiled.model
  const decision = decisions.find((one) => one.name === name)
  const service = decision ? undefined : services.find((one) => one.name === name)
  const run = new Run(now)
  const evaluation = new Evaluation(compiled, inputs, run, [])
  if (decision)
    return { value: evaluation.decision(decision), rules: evaluation.fired, warnings: run.warnings }
  if (service)
    return {
      value: evaluation.serviceByName(service, inputs),
      rules: evaluation.fired,
      warnings: run.warnings,
    }
  const known = [...decisions, ...services].map((one) => one.name)
  throw errors.NOT_FOUND({ name, known: known.slice(0, 50).join(', ') })
}

/** One evaluation of a requirements graph: every decision is evaluated at most once. */
class Evaluation {
  readonly fired: FiredRule[]
  readonly #compiled: Compiled
  readonly #inputs: ReadonlyMap<string, Value>
  readonly #run: Run
  readonly #values = new Map<string, Value>()
  readonly #imported = new Map<string, Evaluation>()

  constructor(compiled: Compiled, inputs: ReadonlyMap<string, Value>, run: Run, fired: FiredRule[]) {
    this.#compiled = compiled
    this.#inputs = inputs
    this.#run = run
    this.fired = fired
  }

  decision(decision: Decision): Value {
    const kept = this.#values.get(decision.id)
    if (kept !== undefined) return kept
    const value = this.#run.within(() =>
      this.#run.during(decision.name, () => {
        const bench = this.#bench(decision.name)
        const scope = this.#scope(decision.requires, decision.name)
        return typed(boxedValue(decision.logic, scope, bench), decision.typeRef, bench)
      }),
    )
    this.#values.set(decision.id, value)
    return value
  }

  #bench(decision: string): Bench {
    return { compiled: this.#compiled, run: this.#run, decision, fired: this.fired }
  }

  /** What an element may name: its requirements and nothing else (DMN 1.5, 10.4). */
  #scope(requires: readonly Reference[], of: string): Scope {
    const values = new Map<string, Value>()
    for (const reference of requires) {
      const home = this.#home(reference)
      const found = home?.evaluation.find(reference.id)
      if (!home || !found) {
        const href = `${reference.namespace ?? ''}#${reference.id}`
        const en = `“${href}”, which “${of}” requires, does not exist`
        this.#run.fail('requirement-unknown', `“${of}”所需的“${href}”不存在`, en)
        continue
      }
      const value = home.evaluation.valueOf(found)
      if (home.prefix === undefined) values.set(found.element.name, value)
      else {
        const before = values.get(home.prefix)
        const members = before instanceof Map ? (before as Map<string, Value>) : new Map<string, Value>()
        values.set(home.prefix, members.set(found.element.name, value))
      }
    }
    const outer = new Scope(new Map(), undefined, (name) => this.#compiled.named(name))
    return new Scope(values, outer)
  }

  /** Where the element lives: here, or in an import under a name. */
  #home({ namespace }: Reference): { evaluation: Evaluation; prefix?: string } | undefined {
    if (namespace === undefined || namespace === this.#compiled.model.namespace) return { evaluation: this }
    for (const [prefix, compiled] of this.#compiled.imported)
      if (compiled.model.namespace === namespace) {
        let evaluation = this.#imported.get(prefix)
        if (!evaluation) {
          const inner = this.#inputs.get(prefix)
          const inputs = inner instanceof Map ? (inner as ReadonlyMap<string, Value>) : this.#inputs
          evaluation = new Evaluation(compiled, inputs, this.#run, this.fired)
          this.#imported.set(prefix, evaluation)
        }
        return { evaluation, prefix }
      }
    return undefined
  }

  find(id: string): Found | undefined {
    const { inputs, decisions, knowledge, services } = this.#compiled.model
    const by = <T extends Element>(all: readonly T[]) => all.find((one) => one.id === id)
    const [input, decision, model, service] = [by(inputs), by(decisions), by(knowledge), by(services)]
    if (input) return { kind: 'input', element: input }
    if (decision) return { kind: 'decision', element: decision }
    if (model) return { kind: 'knowledge', element: model }
    return service && { kind: 'service', element: service }
  }

  valueOf(found: Found): Value {
    switch (found.kind) {
      case 'input':
        return this.#input(found.element)
      case 'decision':
        return this.decision(found.element)
      case 'knowledge':
        return this.#knowledge(found.element)
      case 'service':
        return this.#service(found.element)
    }
  }

  /** The input as its type says. */
  #input({ id, name, typeRef }: Element): Value {
    const kept = this.#values.get(id)
    if (kept !== undefined) return kept
    const value = typed(this.#inputs.get(name) ?? null, typeRef, this.#bench(name))
    this.#values.set(id, value)
    return value
  }

  #knowledge({ id, name, logic, requires, resultRef, typeRef }: Knowledge): Value {
    const kept = this.#values.get(id)
    if (kept !== undefined) return kept
    const ref = resultRef ?? typeRef
    const type = this.#compiled.type(ref)
    const result = type?.kind === 'function' ? undefined : ref
    const value = this.#run.during(name, () =>
      functionValue(logic, this.#scope(requires, name), this.#bench(name), result),
    )
    this.#values.set(id, value)
    return value
  }

  /** A decision service as a function of its input data and input decisions. */
  #service(service: Service): Value {
    const parameters = this.#parametersOf(service)
    const types = parameters.map(({ typeRef }) => this.#compiled.type(typeRef) ?? ANY)
    const names = parameters.map(({ name }) => name)
    return new FeelFunction(
      names,
      (args, run) => {
        const values = given(names, types, args, run)
        return values ? run.within(() => this.serviceByName(service, values)) : null
      },
      { parameters: types, result: ANY },
    )
  }

  #parametersOf({ inputData, inputDecisions }: Service): Element[] {
    return [...inputData, ...inputDecisions].flatMap((reference) => {
      const found = this.#home(reference)?.evaluation.find(reference.id)
      return found ? [found.element] : []
    })
  }

  /** The outputs of the service where its input decisions have the values given. */
  serviceByName(service: Service, values: ReadonlyMap<string, Value>): Value {
    const inner = new Evaluation(this.#compiled, values, this.#run, this.fired)
    for (const reference of service.inputDecisions) {
      const found = inner.find(reference.id)
      if (found) inner.#values.set(found.element.id, inner.#input(found.element))
    }
    const outputs = service.outputs.flatMap((reference) => {
      const home = inner.#home(reference)
      const found = home?.evaluation.find(reference.id)
      return home && found ? [[found.element.name, home.evaluation.valueOf(found)] as const] : []
    })
    const [only] = outputs
    const result: Value = outputs.length === 1 && only ? only[1] : new Map(outputs)
    const type = this.#compiled.type(service.typeRef)
    const wanted = type?.kind === 'function' ? type.result : type
    return wanted ? coerced(result, wanted, this.#run) : result
  }
}
