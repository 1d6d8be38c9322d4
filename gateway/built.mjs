// Whether dist/ holds what the sources say. Plain Node: nothing is installed yet when it is asked.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = [
  'core',
  'standards',
  'modules',
  'workflows',
  'gateway',
  'package.json',
  'package-lock.json',
  'tsconfig.build.json',
  'tsconfig.json',
]
/** A build writes its mark last; a source changed after it makes the build stale. */
export async function isBuilt() {
  const built = await modified(join(root, 'dist', 'built'))
  return built !== undefined && built >= (await newest(SOURCES))
}

/** When the file was last changed, in ms; undefined where there is none. */
export async function modified(path) {
  try {
    return (await stat(path)).mtimeMs
  } catch {
    return undefined
  }
}

/** When the newest source was changed; what a build makes itself does not count. */
async function newest(names) {
  let latest = 0
  for (const name of names) {
    const path = join(root, name)
    const found = await stat(path).catch(() => undefined)
    if (!found) continue
    // A folder changes when a file in it is removed.
    latest = Math.max(latest, found.mtimeMs)
    if (!found.isDirectory()) continue
    const below = (await readdir(path)).filter((entry) => entry !== 'generated' && entry !== 'node_modules')
    latest = Math.max(latest, await newest(below.map((entry) => join(name, entry))))
  }
  return latest
}
