import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Whatever opens a database on a server imports this. */
const DATABASE = join('core', 'database', 'postgres.ts')
const IMPORT =
  /^(?:import|export)\s(?!type\b)[^'"]*?from\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm
/** A process started with our surroundings finds the server named there. */
const INHERITS = /\.\.\.process\.env\b(?!\[)/
const SETS_ASIDE = /DATABASE_URL: ''/

/**
 * The test files, by path from `root`, that say the same whatever DATABASE_URL names: nothing that they import, at any
 * remove, opens a database on a server, and nothing that they start is told of one.
 */
export function filesApart(root) {
  const known = new Map()
  const importsOf = (file) => {
    if (!known.has(file)) known.set(file, importedBy(file))
    return known.get(file)
  }
  return testFiles(join(root, 'tests'))
    .filter((test) => {
      const reached = new Set([test])
      for (const file of reached) for (const next of importsOf(file)) reached.add(next)
      return !reached.has(join(root, DATABASE)) && ![...reached].some(inheritsAddress)
    })
    .map((file) => relative(root, file))
}

function importedBy(file) {
  const paths = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
    (found) => found[1] ?? found[2] ?? found[3],
  )
  return paths.map((path) => join(dirname(file), path)).filter((path) => existsSync(path))
}

function inheritsAddress(file) {
  const text = readFileSync(file, 'utf8')
  return INHERITS.test(text) && !SETS_ASIDE.test(text)
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testFiles(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}
