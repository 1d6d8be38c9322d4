import type pg from 'pg'
import { CopiedBlocks } from './copied-blocks.ts'
import type { CopiedText } from './connector.ts'

/**
 * The text of `copy … to stdout`, as it arrives: the server writes the lines, and nothing here looks at a cell. A reader
 * that stops in the middle breaks the connection: the rest would else have to be read to its end.
 *
 * @throws what the server answers
 */
export async function* copiedOut(client: pg.Client, statement: string): AsyncGenerator<CopiedText> {
  const { stream } = client.connection
  const blocks = new CopiedBlocks(stream)
  client.query(new CopyOut(statement, blocks))
  try {
    yield* blocks
  } finally {
    if (!blocks.ended) stream.destroy()
  }
}

/** What the client calls with the messages of one statement; each `CopyData` of a COPY to its client is one row. */
class CopyOut {
  readonly #statement: string
  readonly #blocks: CopiedBlocks

  constructor(statement: string, blocks: CopiedBlocks) {
    this.#statement = statement
    this.#blocks = blocks
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#statement)
  }

  /** The message is a view of the driver's buffer, which it soon writes over. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#blocks.add(chunk.length, (block, at) => at + chunk.copy(block, at))
  }

  handleReadyForQuery(): void {
    this.#blocks.end()
  }

  handleError(error: Error): void {
    this.#blocks.end(error)
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}
