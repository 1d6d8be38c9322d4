import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const FOLDER = resolve(import.meta.dirname, '../../../shared/data')

/** Path of one of the open data files, or undefined where the folder is absent (they are never committed). */
export function sharedData(path: string): string | undefined {
  const file = resolve(FOLDER, path)
  return existsSync(file) ? file : undefined
}

/** For `before(skipWithout('tw-registers'))`: skips the suite, saying why in one line, where the data is absent. */
export function skipWithout(...paths: readonly string[]): (this: Mocha.Context) => void {
  return function () {
    const absent = paths.find((path) => sharedData(path) === undefined)
    if (absent === undefined) return
    process.stderr.write(`    skipped: ../shared/data/${absent} is absent\n`)
    this.skip()
  }
}
