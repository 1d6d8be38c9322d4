import { overload, type Overload } from './signature.ts'
import { type Context, isContext, isList, type List, type Value } from './value.ts'

/** The context with the value at the end of the keys; undefined where the way there is none. */
function put(context: Context, [key, ...more]: List, value: Value): Context | undefined {
  if (typeof key !== 'string') return undefined
  if (more.length === 0) return new Map([...context, [key, value]])
  const inner = context.get(key)
  const changed = isContext(inner) ? put(inner, more, value) : undefined
  return changed && new Map([...context, [key, changed]])
}

function entriesOf(list: List): Context | undefined {
  const entries = new Map<string, Value>()
  for (const entry of list) {
    const [key, value] = isContext(entry) ? [entry.get('key'), entry.get('value')] : []
    if (typeof key !== 'string' || value === undefined || entries.has(key)) return undefined
    entries.set(key, value)
  }
  return entries
}

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  'get value': [
    overload(
      [
        ['m', 'context'],
        ['key', 'string'],
      ],
      (_, context, key) => context.get(key) ?? null,
    ),
    overload(
      [
        ['context', 'context'],
        ['key', 'string'],
      ],
      (_, context, key) => context.get(key) ?? null,
    ),
  ],
  'get entries': [
    overload([['m', 'context']], (_, context) =>
      [...context].map(
        ([key, value]) =>
          new Map<string, Value>([
            ['key', key],
            ['value', value],
          ]),
      ),
    ),
  ],
  context: [overload([['entries', 'list']], (_, list) => entriesOf(list))],
  'context put': [
    overload(
      [
        ['context', 'context'],
        ['key', 'string'],
        ['value', 'any'],
      ],
      (_, context, key, value) => put(context, [key], value),
    ),
    overload(
      [
        ['context', 'context'],
        ['keys', 'list'],
        ['value', 'any'],
      ],
      (_, context, keys, value) => (keys.length === 0 ? undefined : put(context, keys, value)),
    ),
  ],
  'context merge': [
    overload([['contexts', 'list']], (_, list) =>
      isList(list) && list.every(isContext) ? new Map(list.flatMap((one) => [...one])) : undefined,
    ),
  ],
}
