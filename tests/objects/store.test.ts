import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import http from 'node:http'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import { DomainError } from '../../core/errors.ts'
import type { ObjectStore } from '../../core/objects.ts'
import { openFolderStore } from '../../core/objects/folder.ts'
import { openMinioStore } from '../../core/objects/minio.ts'
import { refusal } from '../support/refusal.ts'
import { openS3 } from '../support/s3.ts'

const KEYS = { accessKey: 'S3RVER', secretKey: 'S3RVER', bucket: 'gdbos', useTls: false }

const stores: Record<string, (folder: string) => Promise<{ store: ObjectStore; close(): Promise<void> }>> = {
  async folder(folder) {
    return { store: openFolderStore(folder), close: async () => {} }
  },
  async S3(folder) {
    const { settings, close } = await openS3(join(folder, 's3'))
    return { store: openMinioStore(settings, folder), close }
  },
}

for (const [driver, openStore] of Object.entries(stores)) {
  describe(`keeping files in a ${driver} store`, () => {
    let folder: string
    let store: ObjectStore
    let close: () => Promise<void>

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gdbos-objects-'))
      ;({ store, close } = await openStore(folder))
    })
    after(async () => {
      await close()
      await rm(folder, { recursive: true })
    })

    it('names a file by the digest of its bytes and gives the same bytes back', async () => {
      const content = Buffer.from('食品经营许可证')

      const stored = await store.put(content)

      expect(stored).to.deep.equal({ sha256: digest(content), sizeBytes: content.length })
      expect(await buffer(await store.get(stored.sha256))).to.deep.equal(content)
    })

    it('takes a stream of several parts', async () => {
      const content = randomBytes(20 * 1_048_576)

      const stored = await store.put(Readable.from(slices(content, 65_536)))

      expect(stored).to.deep.equal({ sha256: digest(content), sizeBytes: content.length })
      expect(digest(await buffer(await store.get(stored.sha256)))).to.equal(stored.sha256)
    })

    it('takes an empty file', async () => {
      const stored = await store.put(Buffer.alloc(0))

      expect(stored.sizeBytes).to.equal(0)
      expect(await buffer(await store.get(stored.sha256))).to.have.length(0)
    })

    it('keeps the same content once, also when it comes twice at a time', async () => {
      const content = randomBytes(100_000)

      const stored = await Promise.all([store.put(content), store.put(content)])

      expect(stored[0]).to.deep.equal(stored[1])
      expect(await buffer(await store.get(stored[0].sha256))).to.deep.equal(content)
    })

    it('tells what it holds, and holds no more what was removed', async () => {
      const { sha256 } = await store.put(randomBytes(100))

      expect(await store.has(sha256)).to.equal(true)
      await store.remove(sha256)
      await store.remove(sha256)

      expect(await store.has(sha256)).to.equal(false)
      expect((await refusal(store.get(sha256))).code).to.equal('OBJECTS_OBJECT_NOT_FOUND')
    })

    it('refuses a name that is no digest, without looking for it', async () => {
      expect((await refusal(store.get('../../etc/passwd'))).code).to.equal('OBJECTS_OBJECT_NOT_FOUND')
    })

    it('keeps nothing of a file whose sender went away', async () => {
      const broken = Readable.from(
        (function* () {
          yield randomBytes(1000)
          throw new Error('the sender went away')
        })(),
      )

      const outcome = await store.put(broken).catch((error: Error) => error.message)

      expect(outcome).to.equal('the sender went away')
      expect(await spoolOf(folder)).to.be.empty
    })

    it('leaves its spool empty', async () => {
      await store.put(randomBytes(1000))

      expect(await spoolOf(folder)).to.be.empty
    })
  })
}

describe('a file damaged in the folder store', () => {
  it('is refused at the end of reading rather than passed on as whole', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gdbos-objects-'))
    const store = openFolderStore(folder)
    const { sha256 } = await store.put(Buffer.from('before'))
    await writeFile(join(folder, 'sha256', sha256.slice(0, 2), sha256), 'after')

    const error = await refusal(buffer(await store.get(sha256)))

    expect(error.code).to.equal('OBJECTS_OBJECT_DAMAGED')
    await rm(folder, { recursive: true })
  })
})

describe('an S3 store that cannot serve', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-objects-'))
  })
  after(() => rm(folder, { recursive: true }))

  const failures: Record<string, (socket: Socket) => void> = {
    'resets every connection': (socket) => socket.resetAndDestroy(),
    'resets after some bytes': (socket) => socket.once('data', () => socket.resetAndDestroy()),
    'never answers': (socket) => socket.resume(),
    'answers with what is no HTTP': (socket) => socket.end('hello\r\n'),
  }
  for (const [what, behave] of Object.entries(failures)) {
    it(`and ${what} is refused within the limit, leaving no file`, async () => {
      const server = createServer((socket) => behave(socket.on('error', () => {})))
      const port = await listen(server)
      const store = openMinioStore({ endpoint: '127.0.0.1', port, ...KEYS }, folder, 800)
      const before = performance.now()

      const error = await refusal(store.put(randomBytes(3_000_000)))

      expect(error).to.include({ code: 'OBJECTS_STORE_UNAVAILABLE', status: 503 })
      expect(error.message).not.to.include(String(port))
      expect(performance.now() - before).to.be.below(3000)
      expect(await spoolOf(folder)).to.be.empty
      server.close()
    })
  }

  it('and is not there at all is refused', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()
    const store = openMinioStore({ endpoint: '127.0.0.1', port, ...KEYS }, folder, 800)

    expect((await refusal(store.has('0'.repeat(64)))).code).to.equal('OBJECTS_STORE_UNAVAILABLE')
  })

  it('and does not know our keys is refused', async () => {
    const server = await openS3(join(folder, 's3'))
    const store = openMinioStore({ ...server.settings, secretKey: 'wrong' }, folder, 800)

    const { code, kind } = await refusal(store.put(Buffer.from('x')))
    expect([code, kind]).to.deep.equal(['OBJECTS_ACCESS_REFUSED', 'unavailable'])
    await server.close()
  })
})

describe('an S3 store that writes in place', () => {
  for (const [cut, outcome] of [
    [1, 'kept'],
    [Infinity, 'OBJECTS_STORE_UNAVAILABLE'],
  ] as const)
    it(`and shows an upload cut ${cut === 1 ? 'once' : 'for good'} is ${cut === 1 ? 'asked again' : 'refused'}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'gdbos-objects-'))
      const { settings, close } = await openS3(join(folder, 's3'))
      let left: number = cut
      /** The real server, but that it tells too small a size of an object so many times. */
      const between = http.createServer((asked, answer) => {
        const { method = '', url = '', headers } = asked
        const passed = http.request({ port: settings.port, method, path: url, headers }, (response) => {
          const isCut =
            method === 'HEAD' && url.includes('sha256') && response.statusCode === 200 && left-- > 0
          answer.writeHead(response.statusCode ?? 500, {
            ...response.headers,
            ...(isCut && { 'content-length': '7' }),
          })
          response.pipe(answer)
        })
        asked.pipe(passed)
      })
      const port = await listen(between)
      const store = openMinioStore({ ...settings, port }, folder)

      const put = store.put(Buffer.from('content'.repeat(9)))

      expect(await put.then(() => 'kept', codeOf)).to.equal(outcome)
      between.close()
      await close()
      await rm(folder, { recursive: true })
    })
})

const codeOf = (error: unknown) => (error instanceof DomainError ? error.code : String(error))

function* slices(content: Buffer, size: number) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex')

async function spoolOf(folder: string): Promise<string[]> {
  const spool = join(folder, 'spool')
  return existsSync(spool) ? readdir(spool) : []
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
