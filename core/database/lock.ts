import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { errors } from '../config.ts'

interface Holder {
  readonly host: string
  readonly pid: number
  /** Tells a live holder from another process that was given its number later. */
  readonly processStart: string
  readonly token: string
}

export interface FolderLock {
  release(): Promise<void>
}

/**
 * Takes the data folder for this process. PGlite itself does not: two processes on one folder were each
 * told that their commits succeeded, and one's rows vanished.
 *
 * @throws CONFIG_FOLDER_IN_USE when a live process, or one of another host, holds it
 */
export async function lockFolder(dataFolder: string): Promise<FolderLock> {
  await mkdir(dataFolder, { recursive: true })
  const path = join(dataFolder, 'gdbos.lock')
  const mine: Holder = {
    host: hostname(),
    pid: process.pid,
    processStart: await startOfProcess(process.pid),
    token: randomUUID(),
  }
  const rival = await take(path, mine)
  if (rival) throw errors.FOLDER_IN_USE({ folder: dataFolder, pid: rival.pid, host: rival.host })
  return { release: () => release(path, mine.token) }
}

/** Puts `mine` at `path`; answers who holds it, or is taking it over from a dead holder, when somebody does. */
async function take(path: string, mine: Holder): Promise<Holder | undefined> {
  for (;;) {
    if (await put(path, mine)) return undefined
    const holder = await readHolder(path)
    if (!holder) continue
    if (holder.host !== mine.host || (await isAlive(holder))) return holder
    const rival = await succeed(path, holder, mine)
    if (rival) return rival
  }
}

/**
 * Frees `path` of a dead holder. Only whoever has taken the lock named after the dead one may touch it, so
 * that of several who see it dead none removes what another has put there since.
 */
async function succeed(path: string, dead: Holder, mine: Holder): Promise<Holder | undefined> {
  const succession = `${path}.${dead.token}`
  const rival = await take(succession, mine)
  if (rival) return rival
  try {
    if ((await readHolder(path))?.token === dead.token) await rm(path)
  } finally {
    await release(succession, mine.token)
  }
  return undefined
}

/** Puts the whole file in place at once, so that nobody reads a lock half written; false when one is there. */
async function put(path: string, mine: Holder): Promise<boolean> {
  const whole = `${path}.${mine.token}.new`
  await writeFile(whole, JSON.stringify(mine), { mode: 0o600 })
  try {
    await link(whole, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    await rm(whole, { force: true })
  }
}

async function release(path: string, token: string): Promise<void> {
  const holder = await readHolder(path)
  if (holder?.token === token) await rm(path, { force: true })
}

/** What a power cut left of a lock file: nobody that lives. */
const UNREADABLE: Holder = { host: hostname(), pid: 0, processStart: 'unreadable', token: 'unreadable' }

/** Undefined when nobody holds it. */
async function readHolder(path: string): Promise<Holder | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text) as Holder
  } catch {
    // Cut short, which only a power cut can do to a file put in place whole.
    return UNREADABLE
  }
}

async function isAlive({ pid, processStart }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return (await startOfProcess(pid)) === processStart
}

/** The kernel's start time of a process in clock ticks; empty where /proc is absent. */
async function startOfProcess(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
