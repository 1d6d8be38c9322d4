import { statfs } from 'node:fs/promises'

const MB = 1_048_576
/** DuckDB takes no limit of none; a disk this full refuses the first block anyway. */
const LEAST_MB = 64

/**
 * How much one process may spill, in MB: what the configuration says, else half of what the folder's disk has free as the
 * process starts, so that the snapshot it writes, and what others write, have room beside it.
 */
export async function spillLimitMb(folder: string, configuredMb: number | undefined): Promise<number> {
  if (configuredMb !== undefined) return configuredMb
  const { bavail, bsize } = await statfs(folder)
  return Math.max(LEAST_MB, Math.floor((bavail * bsize) / 2 / MB))
}
