import type { Wish } from './standard.service.ts'

/** As mutations of every kind take it. */
export interface Wishes {
  readonly newVersion?: string | null
  readonly expectedRevision?: number | null
}

export const wished = ({ newVersion, expectedRevision }: Wishes): Wish => ({
  version: newVersion,
  expectedRevision,
})
