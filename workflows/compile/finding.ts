import type { Texts } from '../../core/errors.ts'

/** One thing the gate has against a model. */
export interface Finding extends Texts {
  /** Stable, kebab-case. */
  readonly rule: string
  /** Id of the element; the process's id, or empty, when it is about the whole. */
  readonly element: string
}

/** Collects all findings, so that one answer names them all. */
export class Findings {
  readonly errors: Finding[] = []
  readonly warnings: Finding[] = []

  add(rule: string, element: string, zh: string, en: string): void {
    if (this.errors.some((other) => other.rule === rule && other.element === element && other.en === en))
      return
    this.errors.push({ rule, element, zh, en })
  }

  warn(rule: string, element: string, zh: string, en: string): void {
    this.warnings.push({ rule, element, zh, en })
  }
}
