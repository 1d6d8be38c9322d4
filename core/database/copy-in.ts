import type pg from 'pg'

/** What the driver's types leave out of its connection. */
interface CopyingConnection extends pg.Connection {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** What the client tells the statement's asker in the end. */
interface Copied {
  readonly command: 'COPY'
  readonly rowCount: number
  readonly rows: readonly never[]
}

/**
 * `copy … from stdin` of text that is there in full: sent as soon as the server asks for it. A row that it refuses undoes
 * the whole statement, like any other.
 */
export class CopyIn {
  readonly #statement: string
  readonly #text: Buffer
  readonly result: Promise<Copied>
  #resolve: (copied: Copied) => void = () => undefined
  #reject: (error: Error) => void = () => undefined
  #rowCount = 0

  constructor(statement: string, text: Buffer) {
    this.#statement = statement
    this.#text = text
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#statement)
  }

  handleCopyInResponse(connection: CopyingConnection): void {
    connection.sendCopyFromChunk(this.#text)
    connection.endCopyFrom()
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rowCount = Number(/\d+$/.exec(text)?.[0] ?? 0)
  }

  handleReadyForQuery(): void {
    this.#resolve({ command: 'COPY', rowCount: this.#rowCount, rows: [] })
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}
