import DataLoader from 'dataloader'
import type { Context } from './context.ts'

type Batch<Key, Value> = (ctx: Context, keys: readonly Key[]) => Promise<readonly Value[]>

/**
 * The loaders of one request, made when first asked for. A transaction has its own: a loader made outside
 * it would ask the outer handle, which on the embedded database waits for the transaction for ever.
 */
export class Loaders {
  readonly #loaders = new Map<unknown, Map<unknown, unknown>>()

  get<Key, Value>(ctx: Context, batch: Batch<Key, Value>): DataLoader<Key, Value> {
    const ofHandle = this.#loaders.get(ctx.db) ?? new Map<unknown, unknown>()
    this.#loaders.set(ctx.db, ofHandle)
    // The map is keyed by the batch function, which fixes the types of the loader made for it.
    const known = ofHandle.get(batch) as DataLoader<Key, Value> | undefined
    if (known) return known
    const loader = new DataLoader<Key, Value>((keys) => batch(ctx, keys))
    ofHandle.set(batch, loader)
    return loader
  }

  /** Forgets what was read: after a change in the same request it may be stale. */
  clear(): void {
    this.#loaders.clear()
  }
}

/** Reads `key` together with every other key asked for in the same tick; `batch` answers in key order. */
export function loadThrough<Key, Value>(ctx: Context, batch: Batch<Key, Value>, key: Key): Promise<Value> {
  return ctx.loaders.get(ctx, batch).load(key)
}
