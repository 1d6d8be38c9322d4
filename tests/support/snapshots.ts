import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What a fresh database is made from: the sources, the packs and data they ship, the libraries. */
const MADE_FROM = [
  'package-lock.json',
  'core',
  'standards',
  'modules',
  'workflows',
  'gateway',
  'tests/support',
]
const PREFIX = 'gdbos-snapshots-'
const DAY_MS = 24 * 60 * 60_000

/**
 * What `make` makes, kept on disk for every other process of a run and for the next run of the same sources.
 * Those of other sources are removed after a day.
 */
export async function kept(name: string, make: () => Promise<Blob>): Promise<Blob> {
  const path = await madeOnce(name, async (making) => writeFile(making, (await make()).stream()))
  return new Blob([await readFile(path)])
}

/** The same for a folder that `make` fills; whoever asks copies it and leaves it as it is. */
export function keptFolder(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  return madeOnce(name, async (making) => {
    await mkdir(making)
    await make(making)
  })
}

/** How often those look who wait for another process to make it, in milliseconds. */
const LOOK_MS = 100
/** A mark without a number of its maker is older than this only if he died. */
const EMPTY_MS = 5_000
/** Longer than any making takes. */
const MAKING_MS = 10 * 60_000

/** Its path. One process makes it, whole or not at all, and whoever else wants it meanwhile waits for that one. */
async function madeOnce(name: string, make: (making: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), `${PREFIX}${await digestOfSources()}`)
  const path = join(folder, name)
  const mark = `${path}.maker`
  if (existsSync(path)) return path
  await removeOld()
  await mkdir(folder, { recursive: true })
  while (!(await isOurs(mark))) {
    if (existsSync(path)) return path
    await pause(LOOK_MS)
  }
  try {
    if (existsSync(path)) return path
    const making = `${path}.${process.pid}`
    // What an attempt before left.
    await rm(making, { recursive: true, force: true })
    await make(making)
    await rename(making, path).catch(async (error: unknown) => {
      // Two that found the mark of a dead one at the same moment may both have made it; theirs is as good.
      if (!existsSync(path)) throw error
      await rm(making, { recursive: true, force: true })
    })
    return path
  } finally {
    await rm(mark, { force: true })
  }
}

/** Whether it is for this process to make: nobody does, or who did is dead, whose mark is taken away for the next look. */
async function isOurs(mark: string): Promise<boolean> {
  try {
    await writeFile(mark, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const maker = Number(await readFile(mark, 'utf8').catch(() => ''))
    const since = await stat(mark).catch(() => undefined)
    // One that died before it wrote its number, or whose number somebody else has by now.
    const isOver = since !== undefined && since.mtimeMs < Date.now() - (maker === 0 ? EMPTY_MS : MAKING_MS)
    if (isOver || (maker !== 0 && !isAlive(maker))) await rm(mark, { force: true })
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function removeOld(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  for (const folder of folders.map((name) => join(tmpdir(), name)))
    if ((await stat(folder)).mtimeMs < Date.now() - DAY_MS) await rm(folder, { recursive: true, force: true })
}

let digested: Promise<string> | undefined

/** Of all that a fresh database is made from. */
export function digestOfSources(): Promise<string> {
  digested ??= (async () => {
    const hash = createHash('sha256')
    for (const top of MADE_FROM)
      for (const file of await filesIn(top)) hash.update(file).update(await readFile(join(ROOT, file)))
    return hash.digest('hex').slice(0, 16)
  })()
  return digested
}

async function filesIn(path: string): Promise<string[]> {
  if (path === 'gateway/portal') return []
  const entries = await readdir(join(ROOT, path), { withFileTypes: true }).catch(() => undefined)
  if (!entries) return [path]
  const found = await Promise.all(entries.map(({ name }) => filesIn(`${path}/${name}`)))
  return found.flat().sort()
}
