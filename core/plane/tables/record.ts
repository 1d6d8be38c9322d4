/** A number as it was written, behind a character that no text of a register holds. */
const NUMBER = '\0'
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g
const STRICT_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const WRITTEN_NUMBER = /"\\u0000([^"\\]*)"/g

/**
 * The fields of a JSON object as texts: nested objects under `a.b`, lists as JSON text, nothing for null.
 * Numbers keep every digit they were written with. Undefined when the text is no object, or names a field twice.
 */
export function fieldsOf(text: string): Map<string, string> | undefined {
  const value = parsed(text)
  if (!isObject(value)) return undefined
  const fields = new Map<string, string>()
  return flatten(value, '', fields) ? fields : undefined
}

function flatten(object: object, prefix: string, fields: Map<string, string>): boolean {
  return Object.entries(object).every(([key, value]: [string, unknown]) => {
    const name = prefix + key
    if (isObject(value)) return flatten(value, `${name}.`, fields)
    if (fields.has(name)) return false
    fields.set(name, cellOf(value))
    return true
  })
}

function cellOf(value: unknown): string {
  if (value === null) return ''
  if (Array.isArray(value)) return JSON.stringify(value).replace(WRITTEN_NUMBER, '$1')
  const text = String(value)
  return text.startsWith(NUMBER) ? text.slice(1) : text
}

/** As JSON.parse, but with numbers as texts; undefined where JSON.parse would throw, or a text holds a zero. */
function parsed(text: string): unknown {
  let isSound = !text.includes('\\u0000')
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return token
    isSound &&= STRICT_NUMBER.test(token)
    return `"\\u0000${token}"`
  })
  if (!isSound) return undefined
  try {
    return JSON.parse(marked)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
