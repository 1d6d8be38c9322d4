/** What we use of bpmn-moddle, whose package does not lead the compiler to its own types. */
declare module 'bpmn-moddle' {
  export class BpmnModdle {
    constructor(packages?: Record<string, unknown>)
    fromXML(xml: string): Promise<{
      rootElement: object
      warnings: {
        message: string
        element?: { id?: string; $type?: string }
        property?: string
        value?: string
      }[]
    }>
  }
}
