declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  interface Options {
    readonly url: string
    readonly method: 'POST'
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly connections: number
    readonly duration: number
  }
  interface Result {
    readonly errors: number
    readonly non2xx: number
  }
  /** Emits `response` (client, status, bytes, milliseconds) for each answer. */
  export default function autocannon(options: Options): EventEmitter & Promise<Result>
}
