/** What we use of dmn-moddle, which ships no types. */
declare module 'dmn-moddle' {
  export class DmnModdle {
    constructor(packages?: Record<string, unknown>)
    fromXML(
      xml: string,
      type?: string,
    ): Promise<{
      rootElement: object
      warnings: { message: string }[]
    }>
  }
}
