import type { PGlite } from '@electric-sql/pglite'

/** Message types of the PostgreSQL wire protocol that end a request: the next may come from another client. */
const QUERY = 0x51
const SYNC = 0x53
const TERMINATE = 0x58
const STARTUP = 0x00

const SYNC_MESSAGE = new Uint8Array([SYNC, 0, 0, 0, 4])

interface Waiting {
  readonly client: number
  readonly message: Uint8Array
  readonly onData: (data: Uint8Array) => void
  readonly resolve: (bytes: number) => void
  readonly reject: (error: Error) => void
}

/**
 * Who may speak to the one session of the embedded database. A client keeps the turn from the first message
 * of a request (Parse, Bind, …) to its Sync, and from begin to commit. The socket package's own queue takes
 * turns by message, so that two clients overwrote each other's unnamed statement ("unnamed prepared
 * statement does not exist", seen under load with pglite-socket 0.2.17); this one stands in its place.
 */
export class Turns {
  readonly #db: PGlite
  #waiting: Waiting[] = []
  #running = false
  /** Whose request or transaction is open. */
  #holder: number | undefined
  #midRequest = false

  constructor(db: PGlite) {
    this.#db = db
  }

  enqueue(client: number, message: Uint8Array, onData: (data: Uint8Array) => void): Promise<number> {
    // The session outlives its clients: one that says goodbye must not end it.
    if (message[0] === TERMINATE) return Promise.resolve(0)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ client, message, onData, resolve, reject })
      void this.#run()
    })
  }

  getQueueLength(): number {
    return this.#waiting.length
  }

  /** Forgets what a client that went away still wanted. */
  clearQueueForHandler(client: number): void {
    const gone = this.#waiting.filter((waiting) => waiting.client === client)
    this.#waiting = this.#waiting.filter((waiting) => waiting.client !== client)
    for (const { reject } of gone) reject(new Error('the client disconnected'))
  }

  /** Ends the request and rolls back the transaction that a client left open. */
  async clearTransactionIfNeeded(client: number): Promise<void> {
    if (this.#holder !== client) return
    if (this.#midRequest) await this.#db.runExclusive(() => this.#db.execProtocolRaw(SYNC_MESSAGE))
    this.#midRequest = false
    if (this.#db.isInTransaction()) await this.#db.query('rollback')
    this.#holder = undefined
    void this.#run()
  }

  async #run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    for (let next = this.#next(); next; next = this.#next()) await this.#execute(next)
    this.#running = false
  }

  #next(): Waiting | undefined {
    const held = this.#holder !== undefined && (this.#midRequest || this.#db.isInTransaction())
    const index = held ? this.#waiting.findIndex(({ client }) => client === this.#holder) : 0
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  async #execute({ client, message, onData, resolve, reject }: Waiting): Promise<void> {
    const [type] = message
    this.#holder = client
    this.#midRequest = type !== QUERY && type !== SYNC && type !== STARTUP
    let bytes = 0
    try {
      await this.#db.runExclusive(() =>
        this.#db.execProtocolRawStream(message, {
          onRawData(data) {
            bytes += data.length
            onData(data)
          },
        }),
      )
      resolve(bytes)
    } catch (error) {
      this.#midRequest = false
      reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
