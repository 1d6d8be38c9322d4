import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { parentPort, workerData } from 'node:worker_threads'

/** Runs the embedded database away from the server's event loop, and serves it on a socket file. */
const { folder, socketPath } = workerData as { folder: string; socketPath: string }

const db = await PGlite.create(folder)
const server = new PGLiteSocketServer({ db, path: socketPath, maxConnections: 64 })
await server.start()
parentPort?.on('message', async () => {
  await server.stop()
  await db.close()
  parentPort?.postMessage('closed')
  parentPort?.close()
})
parentPort?.postMessage('ready')
