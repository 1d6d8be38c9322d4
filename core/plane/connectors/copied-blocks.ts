import type { CopiedText } from './connector.ts'

const BLOCK_BYTES = 1_048_576
/** Whole blocks that wait for their reader before the server has to wait too. */
const MOST_WAITING = 4

/** What the rows of one answer come through. */
interface Tap {
  pause(): unknown
  resume(): unknown
}

/** Gathers rows, as text, into blocks for a reader who takes his time. */
export class CopiedBlocks {
  ended = false
  readonly #tap: Tap
  readonly #waiting: CopiedText[] = []
  #block = Buffer.allocUnsafe(BLOCK_BYTES)
  #used = 0
  #rows = 0
  #lastStart = 0
  #failure: unknown
  #wake: () => void = () => {}

  constructor(tap: Tap) {
    this.#tap = tap
  }

  /**
   * One row.
   *
   * @param most bytes it may take
   * @param write puts it into the block from a place on, and answers the place behind it
   */
  add(most: number, write: (block: Buffer, at: number) => number): void {
    if (this.#used + most > this.#block.length) this.#flush(most)
    this.#lastStart = this.#used
    this.#used = write(this.#block, this.#used)
    this.#rows += 1
  }

  /** After the last row. */
  end(failure?: unknown): void {
    if (this.ended) return
    if (failure === undefined) this.#flush()
    this.ended = true
    this.#failure = failure
    // The last block may have stopped the stream; what is asked next has to be heard.
    this.#tap.resume()
    this.#wake()
  }

  /** The blocks in their order. @throws what {@link end} was given */
  async *[Symbol.asyncIterator](): AsyncGenerator<CopiedText> {
    for (;;) {
      while (this.#waiting.length === 0 && !this.ended)
        await new Promise<void>((resolve) => (this.#wake = resolve))
      const piece = this.#waiting.shift()
      if (this.#waiting.length < MOST_WAITING && !this.ended) this.#tap.resume()
      if (piece !== undefined) yield piece
      else if (this.#failure !== undefined) throw this.#failure
      else return
    }
  }

  #flush(need = 0): void {
    if (this.#used > 0) {
      const text = this.#block.subarray(0, this.#used)
      this.#waiting.push({ text, rows: this.#rows, last: text.subarray(this.#lastStart) })
      if (this.#waiting.length >= MOST_WAITING) this.#tap.pause()
      this.#wake()
    }
    this.#block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, need))
    this.#used = 0
    this.#rows = 0
  }
}
