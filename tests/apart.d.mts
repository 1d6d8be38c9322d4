export function filesApart(root: string): string[]
