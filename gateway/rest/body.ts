import type { Request } from 'express'
import { importTooLarge, MAX_IMPORT_BYTES } from '../../standards/index.ts'

/** The raw body of a table that is imported. @throws STANDARDS_IMPORT_TOO_LARGE */
export async function tableOf(req: Request): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_IMPORT_BYTES) throw importTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
