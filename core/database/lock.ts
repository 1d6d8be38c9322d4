import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
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
  const whole = `${path}.${mine.token}`
  await writeFile(whole, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })
  try {
    for (;;) {
      if (await linked(whole, path)) return { release: () => release(path, mine.token) }
      const holder = await readHolder(path)
      if (holder && (holder.host !== mine.host || (await isAlive(holder))))
        throw errors.FOLDER_IN_USE({ folder: dataFolder, pid: holder.pid, host: holder.host })
      await removeDead(path, holder, mine.token)
    }
  } finally {
    await rm(whole, { force: true })
  }
}

/** Puts the whole file in place at once, so that nobody reads a lock half written; false when one is there. */
async function linked(whole: string, path: string): Promise<boolean> {
  try {
    await link(whole, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

/** Takes a dead lock out of the way; one that a rival put there meanwhile goes back to its place. */
async function removeDead(path: string, dead: Holder | undefined, token: string): Promise<void> {
  const aside = `${path}.${token}.dead`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = await readHolder(aside)
  if (taken && taken.token !== dead?.token) await linked(aside, path)
  await rm(aside, { force: true })
}

async function release(path: string, token: string): Promise<void> {
  const holder = await readHolder(path)
  if (holder?.token === token) await rm(path, { force: true })
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch {
    // Removed meanwhile, or cut short by a crash while it was written: nobody holds the folder.
    return undefined
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
