type Always<T, K extends keyof T> = T[K] extends NonNullable<T[K]> ? true : false

/** What may be absent is left out instead. */
export type Present<T> = { [K in keyof T as Always<T, K> extends true ? K : never]: T[K] } & {
  [K in keyof T as Always<T, K> extends true ? never : K]?: NonNullable<T[K]>
}

/** Without the members that are null or undefined. */
export function present<T extends object>(members: T): Present<T> {
  // fromEntries forgets the names; a filter does not tell the compiler what it left out.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null)) as Present<T>
}
