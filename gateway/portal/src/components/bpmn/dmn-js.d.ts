/** What we use of dmn-js, which carries no types. */
declare module 'dmn-js/lib/Modeler' {
  export interface View {
    readonly id: string
    readonly type: 'drd' | 'decisionTable' | 'literalExpression' | 'boxedExpression'
    readonly name?: string
    readonly element: { readonly id: string; readonly name?: string }
  }

  export default class Modeler {
    constructor(options: {
      container: HTMLElement
      drd?: object
      decisionTable?: object
      literalExpression?: object
      boxedExpression?: object
    })
    importXML(xml: string): Promise<{ warnings: unknown[] }>
    saveXML(options?: { format?: boolean }): Promise<{ xml: string }>
    getViews(): View[]
    getActiveView(): View | undefined
    getActiveViewer(): {
      on(event: string, listener: () => void): void
      off(event: string, listener: () => void): void
    } | null
    open(view: View): Promise<unknown>
    on(
      event: string,
      listener: (event: { viewer?: unknown; activeView?: View; views?: View[] }) => void,
    ): void
    destroy(): void
  }
}
