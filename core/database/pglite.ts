import { chmod, mkdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { startWorker } from '../entry.ts'

/** The name libpq gives a socket file; pg finds it by its folder. */
const SOCKET = '.s.PGSQL.5432'

export interface EmbeddedServer {
  /** Folder of the socket file. */
  readonly socketFolder: string
  close(): Promise<void>
}

/** Starts PGlite on `<dataFolder>/database` in a worker thread. The caller holds the folder's lock. */
export async function startEmbedded(dataFolder: string): Promise<EmbeddedServer> {
  const folder = join(dataFolder, 'database')
  const socketFolder = socketFolderOf(dataFolder)
  const socketPath = join(socketFolder, SOCKET)
  await mkdir(folder, { recursive: true })
  await mkdir(socketFolder, { recursive: true, mode: 0o700 })
  await chmod(socketFolder, 0o700)
  await rm(socketPath, { force: true })
  const worker = startWorker('pglite-worker', import.meta.url, { folder, socketPath })
  await message(worker, 'ready')
  return {
    socketFolder,
    async close() {
      const closed = message(worker, 'closed')
      worker.postMessage('close')
      await closed
      await worker.terminate()
      await rm(socketPath, { force: true })
    },
  }
}

export const socketFolderOf = (dataFolder: string) => join(dataFolder, 'socket')

/** Whether a server answers on the folder's socket file. */
export function embeddedAnswers(dataFolder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(socketFolderOf(dataFolder), SOCKET))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function message(worker: Worker, expected: string): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.on('message', function hear(said: unknown) {
      if (said !== expected) return
      worker.off('message', hear)
      worker.off('error', reject)
      resolve()
    })
  })
}
