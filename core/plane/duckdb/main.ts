import { DomainError, type ErrorParams } from '../../errors.ts'
import type { PlaneProgress } from '../plane.ts'
import { errors } from '../refusals.ts'
import type { Order, Report, Request, Setup } from './messages.ts'
import { match } from './match.ts'
import { advanced, movementOf } from './movement.ts'
import { amend } from './amend.ts'
import { changes } from './changes.ts'
import { failing } from './failing.ts'
import { select } from './select.ts'
import { openSession } from './session.ts'
import { sample } from './sample.ts'
import { outline } from './outline.ts'
import { stage } from './stage.ts'
import { validate } from './validate.ts'

/** How often a load is looked at; a good deal less than it may stand still. */
const LOOK_MS = 500

// The child process of the plane: takes one request at a time from its parent and dies with it.

const setup = JSON.parse(process.argv[2] ?? '{}') as Setup
const { connection, reader } = await openSession(setup)
let interrupted = false
let progress: PlaneProgress | undefined
let more: () => void = () => {}

const work = {
  connection,
  reader,
  folder: setup.folder,
  get interrupted() {
    return interrupted
  },
  report,
  /** Resolves when the parent has taken the rows sent last. */
  taken: () => new Promise<void>((resolve) => (more = resolve)),
}

export type Work = typeof work

function report(message: Report): void {
  if (message.type === 'progress') progress = message.progress
  process.send?.(message)
}

process.on('disconnect', () => process.exit(0))
process.on('message', (order: Order) => {
  if (order.type === 'more') more()
  else if (order.type === 'interrupt') {
    interrupted = true
    connection.interrupt()
    reader.interrupt()
    more()
  } else {
    interrupted = false
    watched(order.request, order.isLoad).then(
      (result) => report({ type: 'done', result }),
      (error: unknown) => report(failure(error)),
    )
  }
})
report({ type: 'ready' })

/**
 * Runs a request. While the statement of a load moves, its progress is told again: the parent ends a load that shows
 * none. A query may take its time and no more, moving or not.
 */
async function watched(request: Request, isLoad: boolean): Promise<unknown> {
  progress = undefined
  if (!isLoad) return run(request)
  const moved = movementOf([connection, reader])
  const timer = setInterval(() => {
    const movement = moved()
    if (movement === undefined) return
    report({
      type: 'progress',
      progress: advanced(progress ?? { phase: 'read', rows: 0, bytes: 0 }, movement),
    })
  }, LOOK_MS)
  try {
    return await run(request)
  } finally {
    clearInterval(timer)
  }
}

async function run(request: Request): Promise<unknown> {
  if (request.operation === 'stage') return stage(work, request.spec, request.token)
  if (request.operation === 'validate') return validate(work, request.spec, request.token)
  if (request.operation === 'match') return match(work, request.spec, request.token)
  if (request.operation === 'amend') return amend(work, request.spec, request.token)
  if (request.operation === 'failing') return failing(work, request.spec, request.token)
  if (request.operation === 'changes') return changes(work, request.spec)
  if (request.operation === 'outline') return outline(work, request.spec, request.token)
  if (request.operation === 'sample') return sample(work, request.spec, request.token)
  return select(work, request.spec)
}

/** A driver's message may hold paths and rows (K24): only its kind travels as a parameter, the rest as detail for the log. */
function failure(error: unknown): Report {
  if (error instanceof DomainError) return failed(error)
  const message = error instanceof Error ? error.message : String(error)
  const detail = error instanceof Error ? (error.stack ?? message) : message
  if (/^Out of Memory Error|^OutOfMemory/i.test(message)) {
    if (/No space left/i.test(message)) return failed(errors.DISK_FULL(), detail)
    const isSpill = /max_temp_directory_size/i.test(message)
    return failed(isSpill ? errors.SPILL_EXCEEDED() : errors.MEMORY_EXCEEDED(), detail)
  }
  if (/^INTERRUPT/i.test(message)) return failed(errors.CANCELLED(), detail)
  if (/No space left|ENOSPC/.test(message)) return failed(errors.DISK_FULL(), detail)
  const kind = /^([A-Z][A-Za-z ]{2,30} (?:Error|Exception)):/.exec(message)?.[1] ?? 'error'
  return failed(errors.QUERY_FAILED({ reason: kind }), detail)
}

function failed(error: DomainError, detail = ''): Report {
  const { code, params } = error as { code: string; params: ErrorParams }
  return { type: 'failed', code, params, detail }
}
