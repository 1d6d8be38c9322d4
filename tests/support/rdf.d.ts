declare module 'n3' {
  import type { DatasetCore, Quad } from '@rdfjs/types'

  export class Parser {
    parse(turtle: string): Quad[]
  }
  export class Store implements DatasetCore {
    constructor(quads?: readonly Quad[])
    readonly size: number
    add(quad: Quad): this
    delete(quad: Quad): this
    has(quad: Quad): boolean
    match(...pattern: unknown[]): this
    [Symbol.iterator](): Iterator<Quad>
  }
}
