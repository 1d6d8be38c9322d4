import { isDeepStrictEqual } from 'node:util'
import { rm } from 'node:fs/promises'
import { CRASH_STEPS, loadedAfter, prepared } from '../ingest/crashing.ts'
import { sharedData } from '../support/shared-data.ts'
import type { BenchRow } from './row.ts'

const REPETITIONS = 20

/** A19 in full: the loads of A9 killed at each of the five steps, twenty times each, beside one left alone. */
export async function loads(): Promise<BenchRow[]> {
  const files = sharedData('cn-companies')
  if (files === undefined) {
    process.stderr.write('crash: loads skipped, ../shared/data/cn-companies is absent\n')
    return []
  }
  const folder = await prepared(files)
  try {
    const undisturbed = await loadedAfter(folder)
    const rows: BenchRow[] = []
    for (const step of CRASH_STEPS) {
      let same = 0
      for (let run = 0; run < REPETITIONS; run++)
        if (isDeepStrictEqual(await loadedAfter(folder, step), undisturbed)) same += 1
      rows.push({
        name: `loads killed at ${step} that end in the same bytes, of ${REPETITIONS}`,
        value: same,
        unit: 'runs',
        target: String(REPETITIONS),
      })
    }
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
