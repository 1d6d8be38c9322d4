import { CODE_LIST } from './codelist.service.ts'
import { CROSSWALK } from './crosswalk.service.ts'
import { ELEMENT } from './element.service.ts'
import { SCHEMA } from './schema.service.ts'
import type { StandardKind } from './standard.ts'
import type { Kind, Named } from './standard.service.ts'

const KINDS = { element: ELEMENT, 'code-list': CODE_LIST, schema: SCHEMA, crosswalk: CROSSWALK }

/** A kind by its name, for what is the same of every kind: it gets contents from the store alone. */
export const kindOf = (kind: StandardKind) => KINDS[kind] as unknown as Kind<Named>
