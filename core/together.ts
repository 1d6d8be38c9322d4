import type { Kysely } from 'kysely'
import type { Database } from './database.ts'

type Handle = Kysely<Database>
type Work<Item, Answer> = (db: Handle, items: readonly Item[]) => Promise<readonly Answer[]>

interface Waiting<Item, Answer> {
  readonly item: Item
  resolve(answer: Answer): void
  reject(error: unknown): void
}

const MOST_TOGETHER = 500

/** SQLSTATE classes 22, data exception, and 23, integrity constraint violation (ISO/IEC 9075-2, 24.1). */
const isOfData = (error: unknown) => /^2[23]/.test(String((error as { code?: unknown } | null)?.code))

/**
 * Does for many who ask at once, in whatever requests, what one statement can do for all of them: the first goes alone,
 * those who come meanwhile go together next. `work` answers in the order of its items. When the data of one of them
 * is refused, each is tried alone, and fails by what is wrong with its own; any other failure is everybody's, so
 * that a database which does not answer keeps nobody waiting for those before him. In a transaction everybody goes alone.
 */
export function together<Item, Answer>(
  work: Work<Item, Answer>,
): (db: Handle, item: Item) => Promise<Answer> {
  const queues = new WeakMap<Handle, Waiting<Item, Answer>[]>()

  async function alone(db: Handle, item: Item): Promise<Answer> {
    const [answer] = await work(db, [item])
    return answer as Answer
  }

  async function serve(db: Handle, queue: Waiting<Item, Answer>[]): Promise<void> {
    queues.set(db, queue)
    while (queue.length > 0) {
      const group = queue.splice(0, MOST_TOGETHER)
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
    queues.delete(db)
  }

  return (db, item) =>
    db.isTransaction
      ? alone(db, item)
      : new Promise((resolve, reject) => {
          const queue = queues.get(db)
          if (queue) queue.push({ item, resolve, reject })
          else void serve(db, [{ item, resolve, reject }])
        })
}
