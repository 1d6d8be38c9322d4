/** Whether dist/ holds what the sources say. */
export function isBuilt(): Promise<boolean>
/** When the file was last changed, in ms; undefined where there is none. */
export function modified(path: string): Promise<number | undefined>
