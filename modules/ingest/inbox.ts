import type { PlacedFile } from '../../core/objects.ts'
import type { Refusal } from './batch.ts'

/** A file under the prefix of a source, as it was when it was read last. */
export interface KnownFile extends PlacedFile {
  readonly sourceId: string
  /** Of the content that became the batch; null for a file that did not. */
  readonly objectSha256: string | null
  readonly batchId: string | null
  /** Why it did not become a batch; it is tried again at the next reading. */
  readonly refusal: Refusal | null
  readonly seenAt: Date
}

/** What one reading made of the files it found. */
export interface FileCounts {
  readonly found: number
  readonly unchanged: number
  readonly received: number
  readonly refused: number
}

export type Fate = 'unchanged' | 'received' | 'refused'

/** Whether the file became a batch as it stands (section 4: object name, size and checksum). */
export function isReceived(file: PlacedFile, known: KnownFile | undefined): boolean {
  return (
    known !== undefined &&
    known.batchId !== null &&
    known.sizeBytes === file.sizeBytes &&
    known.checksum === file.checksum
  )
}
