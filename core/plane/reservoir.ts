/**
 * An even sample of what passes by, without knowing how much will: every one of n has the chance size / n.
 * The same seed and the same arrivals give the same sample.
 */
export class Reservoir<Item> {
  readonly #size: number
  readonly #random: () => number
  readonly #kept: { readonly at: number; readonly item: Item }[] = []
  #seen = 0

  constructor(size: number, seed: number) {
    this.#size = size
    this.#random = randomFrom(seed)
  }

  /** `make` is called only for what is kept. */
  offer(make: () => Item): void {
    const at = this.#seen
    this.#seen += 1
    const place = at < this.#size ? at : Math.floor(this.#random() * this.#seen)
    if (place < this.#size) this.#kept[place] = { at, item: make() }
  }

  get seen(): number {
    return this.#seen
  }

  /** In the order in which they came. */
  items(): Item[] {
    return [...this.#kept].sort((a, b) => a.at - b.at).map(({ item }) => item)
  }
}

/** Mulberry32: 32 bits of state are enough to choose rows, and every machine gives the same. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
