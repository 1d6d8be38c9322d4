import type { Context } from '../../core/context.ts'
import { DomainError } from '../../core/errors.ts'
import type { Encoding } from '../../core/text/encoding.ts'
import type { Layout } from './layout.ts'
import { readingOf } from './load.ts'

/** How many rows of a file speak for its columns (section 5.5). */
const SAMPLE_ROWS = 2_000

export interface SampledFile {
  readonly sha256: string
  readonly encoding: Encoding
  readonly layout: Layout
}

/**
 * An even sample of the rows of the whole kept file, the same each time: the file's digest is the seed. Null for a
 * file that cannot be read to its end.
 */
export async function drawSample(
  ctx: Context,
  { sha256, encoding, layout }: SampledFile,
  signal?: AbortSignal,
): Promise<string[][] | null> {
  const content = await ctx.objects.get(sha256)
  const seed = Number.parseInt(sha256.slice(0, 8), 16)
  const spec = { content, ...readingOf(encoding, layout), count: SAMPLE_ROWS, seed }
  try {
    return await ctx.plane.sample(spec, signal ? { signal } : {})
  } catch (error) {
    // The load will say what is wrong with it; until then its first rows speak for its columns.
    if (!(error instanceof DomainError) || signal?.aborted === true) throw error
    ctx.log.warn({ err: error, object: sha256 }, 'no sample was drawn')
    return null
  } finally {
    content.destroy()
  }
}
