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

/**
 * Does for many who ask at once, in whatever requests, what one statement can do for all of them: the first goes alone,
 * those who come meanwhile go together next. `work` answers in the order of its items. When it fails nobody has been
 * served: each is then tried alone, and fails by what is wrong with its own. In a transaction everybody goes alone.
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
      } catch {
        for (const { item, resolve, reject } of group) await alone(db, item).then(resolve, reject)
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
