import { readFileSync } from 'node:fs'
import { clerkOn, openNode, type Orders, platformOn, tellAll, work } from './crash-node.ts'

/**
 * One node of the crash trial, in a process of its own: its workers run, and clerks work through it, until
 * it is told to stop or is killed. Reads its orders from the file it is given and says `ready` when it has begun.
 */
const CLERKS = 3

const orders = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Orders
const stopping = new AbortController()
const kernel = await openNode(orders)
kernel.startWorkers()
process.stdout.write('ready\n')
// The parent's end of the pipe closes when it wants the node to stop, or has gone.
process.stdin.on('end', () => stopping.abort()).resume()

const { signal } = stopping
await Promise.all([
  ...Array.from({ length: CLERKS }, () => work(clerkOn(kernel), orders.answersFile, signal)),
  tellAll(platformOn(kernel), orders.messages, signal),
])
await kernel.close()
process.exit(0)
