/** The part of N3 that the tests use: it ships no types. */
declare module 'n3' {
  import type { DatasetCore, Quad } from '@rdfjs/types'

  export class Parser {
    parse(turtle: string): Quad[]
  }

  export class Store {
    constructor(quads?: Iterable<Quad>)
    add(quad: Quad): this
    readonly size: number
  }

  export interface Store extends DatasetCore {}
}
