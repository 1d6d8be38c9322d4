import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketHandler, type PGLiteSocketHandlerOptions } from '@electric-sql/pglite-socket'
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { Turns } from './turns.ts'

/** Runs the embedded database away from the server's event loop, and serves it on a socket file. */
const { folder, socketPath } = workerData as { folder: string; socketPath: string }

const db = await PGlite.create(folder)
// The package types its queue by a class with private members; Turns has the four methods it calls.
const queryQueue = new Turns(db) as unknown as PGLiteSocketHandlerOptions['queryQueue']
const clients = new Set<PGLiteSocketHandler>()

const server = createServer((socket) => {
  const client = new PGLiteSocketHandler({ queryQueue, closeOnDetach: true })
  clients.add(client)
  client.addEventListener('close', () => clients.delete(client))
  void client.attach(socket)
})
server.maxConnections = 64
server.listen(socketPath, () => parentPort?.postMessage('ready'))
parentPort?.on('message', () => void close())

async function close(): Promise<void> {
  await Promise.all([...clients].map((client) => client.detach(true)))
  await new Promise<void>((resolve) => server.close(() => resolve()))
  await db.close()
  parentPort?.postMessage('closed')
  parentPort?.close()
}
