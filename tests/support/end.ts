const works: (() => Promise<void>)[] = []

/** What is to be done when all tests of this process have run: the last named first, for it stands on those before. */
export function atEnd(work: () => Promise<void>): void {
  works.unshift(work)
}

export async function end(): Promise<void> {
  for (const work of works) await work()
}
