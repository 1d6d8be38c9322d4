import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Config } from '../core/config.ts'
import { type Kernel, openKernel, PLATFORM } from '../core/kernel.ts'
import { composeApp } from './app.ts'
import { manifests } from './platform.ts'
import { answerOf, errors } from './refusals.ts'
import type { Readiness } from './rest/health.ts'
import { routers } from './rest/routers.ts'
import { seed } from './seed.ts'

/** What a stop may take altogether (4.3); then the process ends anyway and the next start repairs. */
const STOP_MS = 15_000
const DRAIN_MS = 10_000
const UPLOAD_MS = 600_000

export interface RunningServer {
  readonly kernel: Kernel
  /** Where the portal is, as people type it. */
  readonly url: string
  readonly port: number
  /** Ends every connection, worker and child within 15 s; a second call waits for the first. */
  stop(): Promise<void>
}

export interface ServerOptions {
  /** The clock; tests set it. */
  readonly now?: () => Date
  /** Runs once everything is loaded and before the first request: the demo. */
  readonly prepare?: (kernel: Kernel) => Promise<void>
}

/**
 * Opens everything, brings it up to date and listens. What was opened before a failure is closed again.
 *
 * @throws CONFIG_FOLDER_IN_USE, CONFIG_SCHEMA_NEWER, DATABASE_SERVER_UNAVAILABLE, CONFIG_SETTING_INVALID
 */
export async function startServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  const kernel = await openKernel(config, manifests, options.now ? { now: options.now } : {})
  try {
    await seed(kernel.contextFor(PLATFORM))
    await options.prepare?.(kernel)
    return await serve(kernel)
  } catch (error) {
    await kernel.close()
    throw error
  }
}

/** Listens with what is open already, and closes it when stopped. */
export async function serve(kernel: Kernel): Promise<RunningServer> {
  const { config, log } = kernel
  const readiness: Readiness = { stopping: false }
  const origins: string[] = [new URL(config.publicUrl).origin]
  const { app, apollo } = await composeApp(kernel, { readiness, origins, routers })
  // Express types its handler for its own request, which Node's becomes on the way in.
  const server = createServer({ maxHeaderSize: 16_384, keepAliveTimeout: 5_000 }, app)
  server.headersTimeout = 10_000
  server.requestTimeout = UPLOAD_MS
  server.maxConnections = 500
  server.on('clientError', answerBrokenRequest)
  const port = await bind(server, config)
  if (config.mode === 'trial')
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) origins.push(`http://${host}:${port}`)
  kernel.startWorkers()
  log.info({ port, mode: config.mode, database: kernel.database.kind }, 'listening')

  let stopping: Promise<void> | undefined
  async function shutDown(): Promise<void> {
    readiness.stopping = true
    await delay(config.drainDelaySeconds * 1000)
    const workers = kernel.stopWorkers()
    await drain(server)
    await apollo.stop()
    await workers
    await kernel.close()
    log.info('stopped')
  }
  return {
    kernel,
    port,
    url: config.port === 0 ? `http://127.0.0.1:${port}` : config.publicUrl,
    stop: () => (stopping ??= shutDown()),
  }
}

function bind(server: Server, { host, port }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Lets requests in work end, idle connections go at once, and the rest be cut after 10 s. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What is no HTTP never reaches Express; it gets the same form of answer, and the connection ends (API3). */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW' ? errors.HEADER_TOO_LARGE() : errors.REQUEST_MALFORMED()
  const answer = answerOf(refusal, 'none')
  const body = JSON.stringify({
    type: 'about:blank',
    title: answer.messages.en,
    status: refusal.status,
    ...answer,
  })
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${refusal.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

/**
 * Stops the server on SIGTERM or SIGINT and ends the process: 0 when all was closed in time. A second
 * signal ends it at once.
 */
export function stopOnSignals(server: Pick<RunningServer, 'stop' | 'kernel'>): void {
  const drainMs = server.kernel.config.drainDelaySeconds * 1000
  let asked = false
  const stop = () => {
    if (asked) process.exit(1)
    asked = true
    setTimeout(() => process.exit(1), drainMs + STOP_MS).unref()
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        server.kernel.log.error({ err: error }, 'stop failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
