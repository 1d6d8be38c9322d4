/** What we use of bpmnlint, which carries no types for its entry. */
declare module 'bpmnlint' {
  interface Report {
    readonly id: string
    readonly message: string
  }

  export class Linter {
    constructor(options: {
      config: { extends?: string; rules?: Record<string, unknown> }
      resolver: {
        resolveRule(pkg: string, name: string): unknown
        resolveConfig(pkg: string, name: string): unknown
      }
    })
    lint(root: unknown): Promise<Record<string, readonly Report[]>>
  }
}
