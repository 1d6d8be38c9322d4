import type { Readable } from 'node:stream'

export interface StoredObject {
  /** Lower-case hex SHA-256 of the content; also its name. */
  readonly sha256: string
  readonly sizeBytes: number
}

/** A file that somebody placed beside our own objects, under a prefix of its own. */
export interface PlacedFile {
  /** The whole key, its parts separated by `/`. */
  readonly name: string
  readonly sizeBytes: number
  /** Another one for other bytes: the SHA-256 in a folder, the ETag of S3. */
  readonly checksum: string
  readonly placedAt: Date
}

/** Content-addressed bytes: the same content is stored once. Folder and S3 pass one contract test. */
export interface ObjectStore {
  /** Spools, hashes, then stores. @throws OBJECTS_STORE_UNAVAILABLE, OBJECTS_DISK_FULL */
  put(content: Readable | Buffer): Promise<StoredObject>
  /** @throws OBJECTS_OBJECT_NOT_FOUND, OBJECTS_STORE_UNAVAILABLE */
  get(sha256: string): Promise<Readable>
  has(sha256: string): Promise<boolean>
  remove(sha256: string): Promise<void>
  /**
   * What others placed under `prefix`, which ends with `/`; in no order, hidden files and links left out.
   *
   * @throws OBJECTS_STORE_UNAVAILABLE, OBJECTS_ACCESS_REFUSED
   */
  placed(prefix: string, signal: AbortSignal): AsyncIterable<PlacedFile>
  /** @throws OBJECTS_PLACED_NOT_FOUND, OBJECTS_STORE_UNAVAILABLE, OBJECTS_ACCESS_REFUSED */
  openPlaced(name: string): Promise<Readable>
}
