import type pg from 'pg'
import type { CopiedText } from './connector.ts'

const BLOCK_BYTES = 1_048_576
/** Whole blocks that wait for their reader before the server has to wait too. */
const MOST_WAITING = 4

/**
 * The text of `copy … to stdout`, as it arrives: the server writes the lines, and nothing here looks at a cell. A reader
 * that stops in the middle breaks the connection: the rest would else have to be read to its end.
 *
 * @throws what the server answers
 */
export async function* copiedOut(client: pg.Client, statement: string): AsyncGenerator<CopiedText> {
  const { stream } = client.connection
  const copy = new CopyOut(statement, stream)
  client.query(copy)
  try {
    for (;;) {
      const piece = await copy.next()
      if (piece === undefined) return
      yield piece
    }
  } finally {
    if (!copy.ended) stream.destroy()
  }
}

/** What the client calls with the messages of one statement; each `CopyData` of a COPY to its client is one row. */
class CopyOut {
  ended = false
  readonly #statement: string
  readonly #stream: { pause(): unknown; resume(): unknown }
  readonly #waiting: CopiedText[] = []
  #block = Buffer.allocUnsafe(BLOCK_BYTES)
  #used = 0
  #rows = 0
  #lastStart = 0
  #failure: Error | undefined
  #wake: () => void = () => {}

  constructor(statement: string, stream: { pause(): unknown; resume(): unknown }) {
    this.#statement = statement
    this.#stream = stream
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#statement)
  }

  /** The message is a view of the driver's buffer, which it soon writes over. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.#used + chunk.length > this.#block.length) this.#flush(chunk.length)
    this.#lastStart = this.#used
    this.#used += chunk.copy(this.#block, this.#used)
    this.#rows += 1
  }

  handleCommandComplete(): void {
    this.#flush()
  }

  handleReadyForQuery(): void {
    this.#end()
  }

  handleError(error: Error): void {
    this.#end(error)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}

  /** Undefined after the last. */
  async next(): Promise<CopiedText | undefined> {
    while (this.#waiting.length === 0 && !this.ended)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    const piece = this.#waiting.shift()
    if (this.#waiting.length < MOST_WAITING && !this.ended) this.#stream.resume()
    if (piece === undefined && this.#failure !== undefined) throw this.#failure
    return piece
  }

  #flush(need = 0): void {
    if (this.#used > 0) {
      const text = this.#block.subarray(0, this.#used)
      this.#waiting.push({ text, rows: this.#rows, last: text.subarray(this.#lastStart) })
      if (this.#waiting.length >= MOST_WAITING) this.#stream.pause()
      this.#wake()
    }
    this.#block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, need))
    this.#used = 0
    this.#rows = 0
  }

  #end(failure?: Error): void {
    this.ended = true
    // The last block may have stopped the stream; what is asked next has to be heard.
    this.#stream.resume()
    this.#failure = failure
    this.#wake()
  }
}
