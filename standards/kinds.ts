import { CODE_LIST } from './codelist.service.ts'
import { CROSSWALK } from './crosswalk.service.ts'
import { ELEMENT } from './element.service.ts'
import { SCHEMA } from './schema.service.ts'
import type { Contents } from './contents.ts'
import type { StandardKind } from './standard.ts'
import type { Kind } from './standard.service.ts'

const KINDS: { readonly [K in StandardKind]: Kind<Contents[K]> } = {
  element: ELEMENT,
  'code-list': CODE_LIST,
  schema: SCHEMA,
  crosswalk: CROSSWALK,
}

/** A kind by its name, for what is the same of every kind: it gets contents from the store alone. */
export const kindOf = <K extends StandardKind>(kind: K): Kind<Contents[K]> => KINDS[kind]
