import type { CodeListContent } from './codelist.ts'
import type { CrosswalkContent } from './crosswalk.ts'
import type { ElementContent } from './element.ts'
import type { SchemaContent } from './schema.ts'
import type { Standard, StandardKind, StandardOf } from './standard.ts'

/** What lies beside the life of a version, by its kind. */
export interface Contents {
  readonly element: ElementContent
  readonly 'code-list': CodeListContent
  readonly schema: SchemaContent
  readonly crosswalk: CrosswalkContent
}

/** Whether a version is of this kind, and so holds its content. */
export const isOf = <K extends StandardKind>(
  standard: Standard,
  kind: K,
): standard is StandardOf<Contents[K]> => standard.kind === kind
