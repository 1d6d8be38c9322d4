import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'minio'
import { DomainError } from '../errors.ts'
import type { ObjectStore, PlacedFile } from '../objects.ts'
import { isPlacedName } from './placed.ts'
import { errors } from './refusals.ts'
import { spool, verifying } from './spool.ts'

export interface S3Settings {
  readonly endpoint: string
  readonly port: number
  readonly useTls: boolean
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
}

/** Two parts of this size fit a small node's memory; the client's default of 64 MiB does not (stack.md). */
const PART_BYTES = 8 * 1_048_576
/** Waits before each look at an object that was stored. */
const LOOKS_MS = [0, 100, 500]

/**
 * Objects as keys `sha256/<hex>` of one bucket. The client sends a digest of each part that the server
 * checks; the size is compared once more when the object stands.
 * `limitMs` is how long a caller waits at most, retries included.
 */
export function openMinioStore(settings: S3Settings, folder: string, limitMs = 30_000): ObjectStore {
  const client = connect(settings, limitMs)
  const { bucket } = settings
  const spoolFolder = join(folder, 'spool')
  const keyOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw errors.OBJECT_NOT_FOUND({ sha256: sha256.slice(0, 64) })
    return `sha256/${sha256}`
  }

  let bucketReady: Promise<void> | undefined
  /** Makes the bucket of a new store, once; a failure is tried again at the next upload. */
  function readyBucket(): Promise<void> {
    bucketReady ??= within(limitMs, makeBucket(client, bucket)).catch((error: unknown) => {
      bucketReady = undefined
      throw error
    })
    return bucketReady
  }

  async function sizeOf(sha256: string): Promise<number | undefined> {
    try {
      return (await within(limitMs, client.statObject(bucket, keyOf(sha256)))).size
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw unavailable(error)
    }
  }

  /** A store that writes in place shows an object cut while somebody else uploads the same content: that passes. */
  async function isWhole(sha256: string, sizeBytes: number): Promise<boolean> {
    for (const waitMs of LOOKS_MS) {
      await delay(waitMs)
      if ((await sizeOf(sha256)) === sizeBytes) return true
    }
    return false
  }

  return {
    async put(content) {
      const { path, sha256, sizeBytes } = await spool(spoolFolder, content)
      try {
        await readyBucket()
        if ((await sizeOf(sha256)) === sizeBytes) return { sha256, sizeBytes }
        const body = createReadStream(path)
        try {
          await within(limitMs, client.putObject(bucket, keyOf(sha256), body, sizeBytes))
        } finally {
          body.destroy()
        }
        if (!(await isWhole(sha256, sizeBytes))) throw errors.STORE_UNAVAILABLE()
        return { sha256, sizeBytes }
      } catch (error) {
        throw unavailable(error)
      } finally {
        await rm(path, { force: true })
      }
    },

    async get(sha256) {
      try {
        const stored = await within(limitMs, client.getObject(bucket, keyOf(sha256)))
        return pipeline(stored, verifying(sha256), () => {})
      } catch (error) {
        throw isAbsent(error) ? errors.OBJECT_NOT_FOUND({ sha256 }) : unavailable(error)
      }
    },

    async has(sha256) {
      return (await sizeOf(sha256)) !== undefined
    },

    async remove(sha256) {
      try {
        await within(limitMs, client.removeObject(bucket, keyOf(sha256)))
      } catch (error) {
        throw unavailable(error)
      }
    },

    async *placed(prefix, signal) {
      try {
        await readyBucket()
        for await (const item of client.listObjectsV2(bucket, prefix, true)) {
          signal.throwIfAborted()
          const file = placedFile(item as Partial<Listed>)
          if (file) yield file
        }
      } catch (error) {
        signal.throwIfAborted()
        throw unavailable(error)
      }
    },

    async openPlaced(name) {
      if (!isPlacedName(name)) throw errors.PLACED_NOT_FOUND({ name })
      try {
        return await within(limitMs, client.getObject(bucket, name))
      } catch (error) {
        throw isAbsent(error) ? errors.PLACED_NOT_FOUND({ name }) : unavailable(error)
      }
    },
  }
}

function connect(settings: S3Settings, limitMs: number): Client {
  const { request } = settings.useTls ? https : http
  const client = new Client({
    endPoint: settings.endpoint,
    port: settings.port,
    useSSL: settings.useTls,
    accessKey: settings.accessKey,
    secretKey: settings.secretKey,
    partSize: PART_BYTES,
    retryOptions: { maximumRetryCount: 2, baseDelayMs: 100, maximumDelayMs: 1_000 },
    // A request given up by its caller must not stay open behind its back. Only a download may last
    // longer than the limit, as long as bytes flow.
    transport: {
      request: (options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) =>
        request(
          options.method === 'GET'
            ? { ...options, timeout: limitMs }
            : { ...options, signal: AbortSignal.timeout(limitMs) },
          onResponse,
        ).on('timeout', function (this: http.ClientRequest) {
          this.destroy(new Error('the object store sent nothing'))
        }),
    } as never,
  })
  // The client looks for an upload of the same key to resume and would mix its parts with ours.
  client.findUploadId = () => Promise.resolve(undefined as never)
  return client
}

async function makeBucket(client: Client, bucket: string): Promise<void> {
  if (await client.bucketExists(bucket)) return
  try {
    await client.makeBucket(bucket)
  } catch (error) {
    // Another node made it meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'BucketAlreadyOwnedByYou')) throw error
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(errors.STORE_UNAVAILABLE()), limitMs)
  })
  // Whichever loses the race may still fail later, with nobody left to hear it.
  work.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'NoSuchKey' || error.code === 'NotFound')
  )
}

interface Listed {
  readonly name: string
  readonly size: number
  readonly etag: string
  readonly lastModified: Date
}

/** Undefined for a folder's marker and for hidden files. */
function placedFile({ name, size, etag, lastModified }: Partial<Listed>): PlacedFile | undefined {
  if (name === undefined || size === undefined || etag === undefined || lastModified === undefined)
    return undefined
  return isPlacedName(name) ? { name, sizeBytes: size, checksum: etag, placedAt: lastModified } : undefined
}

const REFUSALS = ['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AllAccessDisabled']

/** The store's own words stay in the cause: they name hosts and keys. */
function unavailable(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (error instanceof Error && 'code' in error && REFUSALS.includes(String(error.code)))
    return Object.assign(errors.ACCESS_REFUSED(), { cause: error })
  return Object.assign(errors.STORE_UNAVAILABLE(), { cause: error })
}
