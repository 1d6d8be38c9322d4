import { statfs } from 'node:fs/promises'
import { Router } from 'express'
import { ping } from '../../core/database/health.repository.ts'
import type { Kernel } from '../../core/kernel.ts'
import { ANONYMOUS } from '../context.ts'
import { onlyMethods } from './errors.ts'

/** What the server knows of itself; the owner sets `stopping` before it stops. */
export interface Readiness {
  stopping: boolean
}

const ANSWER_MS = 900
const MIN_FREE_BYTES = 500 * 1_048_576
const MIN_FREE_SHARE = 0.05

/**
 * `/health/live`: the loop turns. `/health/ready`: whether work may be sent here, with the causes by code
 * when not. Neither needs a session, and both answer within a second.
 */
export function health(kernel: Kernel, readiness: Readiness): Router {
  const router = Router()
  router.all(['/health/live', '/health/ready'], onlyMethods('GET', 'HEAD'))
  router.get('/health/live', (_req, res) => {
    res.setHeader('Cache-Control', 'no-store')
    res.json({ live: true })
  })
  router.get('/health/ready', async (_req, res) => {
    const causes = await causesOf(kernel, readiness)
    res.setHeader('Cache-Control', 'no-store')
    res.status(causes.length === 0 ? 200 : 503).json({
      ready: causes.length === 0,
      causes,
      mode: kernel.config.mode,
      database: kernel.database.kind,
      // The embedded database does not promise to survive a power cut (K1).
      durable: kernel.database.kind === 'server',
    })
  })
  return router
}

async function causesOf(kernel: Kernel, { stopping }: Readiness): Promise<string[]> {
  const [databaseAnswers, diskHasRoom] = await Promise.all([
    within(ping(kernel.contextFor(ANONYMOUS))),
    within(requireRoom(kernel.config.dataFolder)),
  ])
  return [
    ...(stopping ? ['GATEWAY_SERVER_STOPPING'] : []),
    ...(databaseAnswers ? [] : ['DATABASE_SERVER_UNAVAILABLE']),
    ...(diskHasRoom ? [] : ['OBJECTS_DISK_FULL']),
  ]
}

async function requireRoom(folder: string): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder)
  if (bavail * bsize < Math.min(MIN_FREE_BYTES, blocks * bsize * MIN_FREE_SHARE)) throw new Error('disk full')
}

async function within(check: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_MS)
  })
  const answer = check.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
