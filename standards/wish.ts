/** What may be asked of a draft beside its content. */
export interface Wish {
  /** The version wanted; the smallest that the change allows when absent. */
  readonly version?: string | null | undefined
  /** The revision of the draft that the change was made on; not looked at when absent. */
  readonly expectedRevision?: number | null | undefined
}

/** As mutations of every kind take it. */
export interface Wishes {
  readonly newVersion?: string | null
  readonly expectedRevision?: number | null
}

export const wished = ({ newVersion, expectedRevision }: Wishes): Wish => ({
  version: newVersion,
  expectedRevision,
})
