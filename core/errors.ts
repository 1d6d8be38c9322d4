/** How an error is answered; `gateway` maps each kind to one HTTP status. */
export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'unavailable'

export interface Texts {
  readonly zh: string
  readonly en: string
}

export interface ErrorTemplate extends Texts {
  readonly kind: ErrorKind
  /** Narrows the status of the kind: 405, 413, 415, 431 for invalid; 429, 507 for unavailable. */
  readonly status?: number
}

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
}

/** What a refusal speaks of; a value that people read differs by language. */
export type ErrorParam = string | number | Texts

export type ErrorParams = Readonly<Record<string, ErrorParam>>

/** A refusal the caller can understand and act on. Everything else is a bug. */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: string
  readonly kind: ErrorKind
  /** The HTTP status of the answer. */
  readonly status: number
  readonly params: ErrorParams
  readonly messages: Texts

  constructor(code: string, template: ErrorTemplate, params: ErrorParams = {}) {
    super(fill(template, 'en', params))
    this.code = code
    this.kind = template.kind
    this.status = template.status ?? STATUS[template.kind]
    this.params = params
    this.messages = { zh: fill(template, 'zh', params), en: this.message }
  }
}

/**
 * Declares a module's refusals once: code, kind and both texts.
 * The placeholders of the English text become the parameters the thrower must give.
 */
export function defineErrors<const T extends Record<string, ErrorTemplate>>(area: string, templates: T) {
  const factories = Object.entries(templates).map(([name, template]) => [
    name,
    (params?: ErrorParams) => new DomainError(`${area}_${name}`, template, params),
  ])
  return Object.fromEntries(factories) as { [K in keyof T]: Factory<Placeholder<T[K]['en']>> }
}

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never

type Factory<Name extends string> = [Name] extends [never]
  ? () => DomainError
  : (params: Record<Name, ErrorParam>) => DomainError

function fill(texts: Texts, language: keyof Texts, params: ErrorParams): string {
  return texts[language].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]
    return typeof value === 'object' ? value[language] : String(value)
  })
}
