import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'

export interface Download {
  readonly content: Readable | Buffer
  /** As its owner named it; only ever data of a header. */
  readonly fileName: string
  readonly mediaType: string
  readonly sizeBytes?: number
}

/**
 * Sends a file that people gave us. It is never rendered on our origin: always an attachment, in a sandbox,
 * of the type we found, kept by no cache (WEB1, FIL5).
 */
export async function sendFile(
  res: Response,
  { content, fileName, mediaType, sizeBytes }: Download,
): Promise<void> {
  res.setHeader('Content-Type', mediaType)
  res.setHeader('Content-Disposition', disposition(fileName))
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Cache-Control', 'no-store')
  if (Buffer.isBuffer(content)) {
    res.setHeader('Content-Length', content.length)
    res.end(content)
    return
  }
  if (sizeBytes !== undefined) res.setHeader('Content-Length', sizeBytes)
  try {
    await pipeline(content, res)
  } catch (error) {
    // A reader that went away is no failure of ours.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** RFC 6266 with the name in UTF-8 by RFC 8187, and a plain one for old readers. */
export function disposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`
}
