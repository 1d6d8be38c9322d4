import type { Readable } from 'node:stream'

export interface StoredObject {
  /** Lower-case hex SHA-256 of the content; also its name. */
  readonly sha256: string
  readonly sizeBytes: number
}

/** Content-addressed bytes: the same content is stored once. Folder and S3 pass one contract test. */
export interface ObjectStore {
  /** Spools, hashes, then stores. @throws OBJECTS_STORE_UNAVAILABLE, OBJECTS_DISK_FULL */
  put(content: Readable | Buffer): Promise<StoredObject>
  /** @throws OBJECTS_OBJECT_NOT_FOUND, OBJECTS_STORE_UNAVAILABLE */
  get(sha256: string): Promise<Readable>
  has(sha256: string): Promise<boolean>
  remove(sha256: string): Promise<void>
}
