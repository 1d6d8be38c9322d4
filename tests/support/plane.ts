import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../core/config.ts'
import { openPlane } from '../../core/plane/open.ts'
import type { Plane } from '../../core/plane/plane.ts'
import { atEnd } from './end.ts'

interface Lent {
  readonly folder: string
  readonly plane: Plane
}

let shared: Promise<Lent> | undefined

/**
 * One plane for all worlds of a process, whose files are named by their content: a world that is closed leaves the
 * processes of DuckDB to the next one, which would otherwise start its own.
 */
export async function lendPlane(): Promise<Lent> {
  shared ??= open()
  const { folder, plane } = await shared
  return { folder, plane: Object.create(plane, { close: { value: () => Promise.resolve() } }) as Plane }
}

async function open(): Promise<Lent> {
  const folder = await mkdtemp(join(tmpdir(), 'gdbos-plane-'))
  const { planeMemoryMb } = readConfig({ dataFolder: folder }, {})
  return { folder, plane: await openPlane({ folder, loadMemoryMb: planeMemoryMb }) }
}

/** Ends what was lent, and removes its files. */
atEnd(async () => {
  if (shared === undefined) return
  const { folder, plane } = await shared
  await plane.close()
  await rm(folder, { recursive: true, force: true })
})
