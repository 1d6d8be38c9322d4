/** A value as it is typed: a text as it is, everything else as JSON; null as nothing. */
export function inputOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const TEXTS = ['string', 'date', 'date-time', 'duration']
const DAY = /^\d{4}-\d\d-\d\d$/

/**
 * What was typed as a value of the type; undefined when it is none. A text that is held of no certain type stays one,
 * whatever it looks like, and may be emptied. The server judges again.
 */
export function valueOf(
  typed: string,
  type: string,
  held?: unknown,
): { readonly value: unknown } | undefined {
  if (typeof held === 'string' && (type === 'any' || type === 'string')) return { value: typed }
  if (typed === '') return { value: null }
  if (type === 'date' && !DAY.test(typed)) return undefined
  if (type === 'date-time' && Number.isNaN(Date.parse(typed))) return undefined
  if (type === 'duration' && !/^-?P(?=.)/.test(typed)) return undefined
  if (TEXTS.includes(type)) return { value: typed }
  const value = parsed(typed)
  if (type === 'any') return { value: value === undefined ? typed : value }
  return value !== undefined && FITS[type]?.(value) ? { value } : undefined
}

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: Array.isArray,
  context: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
