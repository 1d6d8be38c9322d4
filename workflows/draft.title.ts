import type { Texts } from '../core/errors.ts'
import type { Draft } from './draft.ts'

/** The name in pack.json; the key where it says none, as a draft may. */
export function nameIn({ key, files }: Draft): Texts {
  try {
    const { name } = JSON.parse(files['pack.json'] ?? '{}') as { name?: { zh?: unknown; en?: unknown } }
    if (typeof name?.zh === 'string' && name.zh !== '')
      return { zh: name.zh, en: typeof name.en === 'string' && name.en !== '' ? name.en : name.zh }
  } catch {
    // A pack.json that is no JSON is a finding of the check, not of a list.
  }
  return { zh: key, en: key }
}
