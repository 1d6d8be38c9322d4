import type { Kysely } from 'kysely'
import type { Database } from './database.ts'

type Handle = Kysely<Database>
type Work<Item, Answer> = (db: Handle, items: readonly Item[]) => Promise<readonly Answer[]>

interface Waiting<Item, Answer> {
  readonly item: Item
  resolve(answer: Answer): void
  reject(error: unknown): void
}

interface Queue<Item, Answer> {
  readonly waiting: Waiting<Item, Answer>[]
  groups: number
}

export interface Limits {
  /** In one group, 500 unless said. */
  readonly most?: number
  /** Groups under way at the same time, 1 unless said: more where one can be read while another waits for the disk. */
  readonly groups?: number
}

/** SQLSTATE classes 22, data exception, and 23, integrity constraint violation (ISO/IEC 9075-2, 24.1). */
const isOfData = (error: unknown) => /^2[23]/.test(String((error as { code?: unknown } | null)?.code))

/**
 * Does for many who ask at once, in whatever requests, what one statement can do for all of them: those who ask in the
 * same breath go together, those who come meanwhile go together next. `work` answers in the order of its items. When
 * the data of one of them is refused, each is tried alone, and fails by what is wrong with its own; any other failure
 * is everybody's, so that a database which does not answer keeps nobody waiting for those before him. In a transaction
 * everybody goes alone.
 */
export function together<Item, Answer>(
  work: Work<Item, Answer>,
  { most = 500, groups = 1 }: Limits = {},
): (db: Handle, item: Item) => Promise<Answer> {
  const queues = new WeakMap<Handle, Queue<Item, Answer>>()

  async function alone(db: Handle, item: Item): Promise<Answer> {
    const [answer] = await work(db, [item])
    return answer as Answer
  }

  async function serve(db: Handle, queue: Queue<Item, Answer>): Promise<void> {
    queue.groups += 1
    // The same breath is no macrotask: an embedded database leaves them no room.
    await Promise.resolve()
    while (queue.waiting.length > 0) {
      const group = queue.waiting.splice(0, most)
      try {
        const answers = await work(
          db,
          group.map(({ item }) => item),
        )
        for (const [at, { resolve }] of group.entries()) resolve(answers[at] as Answer)
      } catch (error) {
        for (const { item, resolve, reject } of group)
          if (isOfData(error)) await alone(db, item).then(resolve, reject)
          else reject(error)
      }
    }
    queue.groups -= 1
  }

  return (db, item) =>
    db.isTransaction
      ? alone(db, item)
      : new Promise((resolve, reject) => {
          const queue = queues.get(db) ?? { waiting: [], groups: 0 }
          queues.set(db, queue)
          queue.waiting.push({ item, resolve, reject })
          if (queue.groups < groups) void serve(db, queue)
        })
}
