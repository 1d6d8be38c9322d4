import type { Texts } from '../../core/errors.ts'
import type { Link } from './link.ts'
import type { Ruling } from './ruling.ts'

/** A row and the entity it may stand for, as people see them side by side (6.4). */
export interface Review {
  readonly link: Link
  /** What stands on this row and this entity; null while nobody ruled. */
  readonly ruling: Ruling | null
  /** What the entity is called; its code where it has no record. */
  readonly name: string
  readonly fields: readonly ReviewField[]
}

export interface ReviewField {
  readonly name: string
  readonly label: Texts
  /** What the row says. */
  readonly row: string | null
  /** What the record says without it being asked. */
  readonly record: string | null
}
