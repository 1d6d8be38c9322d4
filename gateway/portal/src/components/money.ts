/** `12.34` yuan as 1234 fen, exact; undefined for what is no amount. */
export function fenOf(text: string): number | undefined {
  const [, yuan, fraction = ''] = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(',', '')) ?? []
  if (yuan === undefined) return undefined
  const fen = Number(`${yuan}${fraction.padEnd(2, '0')}`)
  return Number.isSafeInteger(fen) ? fen : undefined
}

/** 1234 fen as `12.34`. */
export function yuanOf(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
