import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { graphql } from 'graphql'
import { Client } from 'minio'
import type { Context } from '../../core/context.ts'
import { openMinioStore } from '../../core/objects/minio.ts'
import { testFiles } from '../../core/plane/connectors/index.ts'
import { selectAll } from '../../core/plane/plane.ts'
import { run } from '../../gateway/cli/main.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { refusal } from '../support/refusal.ts'
import { openS3 } from '../support/s3.ts'
import { openWorld, type World } from '../support/world.ts'

const [FIRST, SECOND, THIRD] = ['91350100M000100Y43', '9144030071526726XG', '91330100799655058B'] as const
const schema = composeSchema(manifests)

interface Place {
  readonly world: World
  put(name: string, content: Buffer | string): Promise<void>
  remove(name: string): Promise<void>
  close(): Promise<void>
}

const places: Record<string, () => Promise<Place>> = {
  async folder() {
    const world = await openWorld()
    const pathOf = (name: string) => join(world.dataFolder, 'objects', name)
    return {
      world,
      async put(name, content) {
        await mkdir(dirname(pathOf(name)), { recursive: true })
        await writeFile(pathOf(name), content)
      },
      remove: (name) => unlink(pathOf(name)),
      close: () => world.close(),
    }
  },
  async S3() {
    const folder = await mkdtemp(join(tmpdir(), 'gdbos-s3-'))
    const server = await openS3(folder)
    const { settings } = server
    const world = await openWorld({ s3: settings })
    const department = new Client({ ...settings, endPoint: settings.endpoint, useSSL: false })
    if (!(await department.bucketExists(settings.bucket))) await department.makeBucket(settings.bucket)
    return {
      world,
      put: async (name, content) => {
        await department.putObject(settings.bucket, name, content)
      },
      remove: (name) => department.removeObject(settings.bucket, name),
      async close() {
        await world.close()
        await server.close()
        await rm(folder, { recursive: true })
      },
    }
  },
}

for (const [store, openPlace] of Object.entries(places)) {
  describe(`reading the files that a department placed in a ${store} store`, () => {
    let place: Place
    let world: World

    before(async () => {
      place = await openPlace()
      ;({ world } = place)
    })
    after(() => place?.close())

    /** Each call by itself, as each request is. */
    const steward = (): Context => world.as('data-steward', 'market-bureau')

    it('makes a batch of each, loads them one after another once the mapping is known, and skips them after', async () => {
      const { source, dataset, prefix } = await given()
      await place.put(`${prefix}2026-01.csv`, register([FIRST, '一月']))
      await later()
      await place.put(`${prefix}2026/02.csv`, register([FIRST, '二月'], [SECOND, '二月']))

      expect(await read(source)).to.deep.equal({ found: 2, unchanged: 0, received: 2, refused: 0 })
      expect(await fates(source)).to.deep.equal({ '2026-01.csv': 'received', '2026/02.csv': 'received' })
      await confirmFirst(source)

      expect(await fates(source)).to.deep.equal({ '2026-01.csv': 'published', '2026/02.csv': 'published' })
      expect(await namesOf(dataset)).to.deep.equal(['二月', '二月'])
      expect(await catalog.currentVersion(steward(), dataset.id)).to.include({ version: 2, rows: 2 })
      expect(await read(source)).to.deep.equal({ found: 2, unchanged: 2, received: 0, refused: 0 })

      await later()
      await place.put(`${prefix}2026-01.csv`, register([FIRST, '改过'], [SECOND, '二月'], [THIRD, '新']))
      expect(await read(source)).to.deep.equal({ found: 2, unchanged: 1, received: 1, refused: 0 })
      expect(await catalog.currentVersion(steward(), dataset.id)).to.include({ version: 3, rows: 3 })
      const [event] = (await world.eventsNamed('ingest.pull.files-read')).slice(-1)
      expect(event?.payload).to.include({ sourceId: source.id, received: 1 })
    })

    it('stops only the bad file, names it with the reason, and tries it again', async () => {
      const { source, dataset, prefix } = await given()
      await place.put(`${prefix}a-broken.xlsx`, Buffer.from('PK\u0003\u0004 not a workbook'))
      await place.put(`${prefix}b-good.csv`, register([FIRST, '好的']))
      await place.put(`${prefix}c-empty.csv`, '')

      expect(await read(source)).to.deep.equal({ found: 3, unchanged: 0, received: 1, refused: 2 })
      const files = await ingest.filesOf(steward(), await catalog.source(steward(), source.id))
      expect(Object.fromEntries(files.map((each) => [each.name, each.refusal?.code ?? null]))).to.deep.equal({
        [`${prefix}a-broken.xlsx`]: 'INGEST_FILE_UNREADABLE',
        [`${prefix}b-good.csv`]: null,
        [`${prefix}c-empty.csv`]: 'INGEST_FILE_EMPTY',
      })
      await confirmFirst(source)
      expect(await namesOf(dataset)).to.deep.equal(['好的'])

      await place.put(`${prefix}c-empty.csv`, register([FIRST, '补上了']))
      await place.remove(`${prefix}a-broken.xlsx`)
      expect(await read(source)).to.deep.equal({ found: 2, unchanged: 1, received: 1, refused: 0 })
      expect(await namesOf(dataset)).to.deep.equal(['补上了'])
    })

    it('names the step of a test that fails, and lists the files when none does', async () => {
      const { source, prefix } = await given()

      const empty = await catalog.tryConnection(steward(), source.id)
      expect([empty.passed, empty.failed?.step, empty.failed?.refusal.code]).to.deep.equal([
        ['resolve', 'connect', 'login'],
        'read',
        'CATALOG_SOURCE_PREFIX_EMPTY',
      ])
      await place.put(`${prefix}x/y.csv`, register([FIRST, '甲']))
      await place.put(`${prefix}.hidden`, 'secret')

      const tested = await catalog.tryConnection(steward(), source.id)
      expect([tested.passed.length, tested.failed, tested.collections]).to.deep.equal([4, null, ['x/y.csv']])
    })

    it('shows the structure of a file, its samples masked, and of no file outside its prefix', async () => {
      const { source, prefix } = await given()
      await place.put(`${prefix}firms.csv`, register([FIRST, '好味来餐饮'], [SECOND, '另一家']))
      await place.put('inbox/tax-bureau/secret.csv', 'a\n1')

      const discovery = await ingest.discoverSource(steward(), source.id, 'firms.csv')
      expect(discovery).to.include({ collection: 'firms.csv', sampledRows: 2 })
      const code = discovery.columns.find(({ name }) => name === '统一社会信用代码')
      expect(code).to.deep.include({ nullRate: 0, distinct: 2, candidateKey: true })
      expect(JSON.stringify(discovery)).not.to.include(FIRST)
      for (const name of ['../../tax-bureau/secret.csv', '/etc/passwd', '.hidden', 'absent.csv'])
        expect((await refusal(ingest.discoverSource(steward(), source.id, name))).code).to.equal(
          'OBJECTS_PLACED_NOT_FOUND',
        )
    })

    it('refuses a prefix of another organisation, and every way out of one’s own', async () => {
      for (const prefix of [
        'inbox/tax-bureau/',
        'inbox/market-bureau-2/',
        'inbox/market-bureau/../tax-bureau/',
        'inbox/market-bureau/./x',
        'inbox/market-bureau//x',
        'inbox/market-bureau/.x',
        'inbox/market-bureau\\..\\tax-bureau',
        'inbox/market-bureau/x\u0000',
        'inbox/',
        '/inbox/market-bureau/',
        'sha256/',
      ]) {
        const { code, kind } = await refusal(registered(prefix))
        expect([prefix, code, kind]).to.deep.equal([prefix, 'CATALOG_SOURCE_PREFIX_REFUSED', 'forbidden'])
      }
    })

    it('is nobody’s business in another organisation, and nothing can be written to it', async () => {
      const { source, dataset } = await given()
      const other = world.as('data-steward', 'tax-bureau')

      for (const attempt of [
        ingest.pullSource(other, source.id),
        ingest.discoverSource(other, source.id, 'x.csv'),
        catalog.tryConnection(other, source.id),
      ])
        expect((await refusal(attempt)).code).to.equal('CATALOG_SOURCE_NOT_FOUND')
      expect(await ingest.filesOf(other, source)).to.deep.equal([])
      const delivery = { sourceId: source.id, datasetId: dataset.id, collection: 'x', keyColumns: ['code'] }
      expect((await refusal(catalog.setDelivery(steward(), delivery))).code).to.equal(
        'CATALOG_SOURCE_READ_ONLY',
      )
    })

    it('goes on after a crash with the files that are no batch yet, and ends at once when cancelled', async () => {
      const { source, prefix } = await given()
      for (const name of ['1', '2', '3', '4'])
        await place.put(`${prefix}${name}.csv`, register([FIRST, `第${name}`]))
      const { id } = await ingest.pullSource(steward(), source.id)
      await runUntil(id, 2)
      expect(await ingest.pull(steward(), id)).to.include({ status: 'running' })
      expect(Object.keys(await fates(source))).to.have.length(2)

      await world.settle()
      expect(await ingest.pull(steward(), id)).to.deep.include({
        status: 'handed',
        files: { found: 4, unchanged: 2, received: 2, refused: 0 },
      })

      for (const name of ['5', '6']) await place.put(`${prefix}${name}.csv`, register([FIRST, `第${name}`]))
      const second = await ingest.pullSource(steward(), source.id)
      await runUntil(second.id, 5)
      await ingest.cancelPull(steward(), second.id)
      await world.settle()

      expect(await ingest.pull(steward(), second.id)).to.include({ status: 'cancelled' })
      expect(Object.keys(await fates(source))).to.have.length(5)
    })

    it('is registered, tested, read and shown by GraphQL', async () => {
      const prefix = `inbox/market-bureau/${randomUUID()}/`
      await place.put(`${prefix}firms.csv`, register([FIRST, '甲']))
      await place.put(`${prefix}bad.csv`, '')
      const dataset = await newDataset()
      async function ask<T>(source: string, variables: Record<string, unknown>): Promise<T> {
        const variableValues = { commandId: randomUUID(), ...variables }
        const { data, errors } = await graphql({ schema, source, variableValues, contextValue: steward() })
        expect(errors?.map(({ message }) => message) ?? []).to.deep.equal([])
        return data as T
      }
      const { registerSource } = await ask<{ registerSource: { id: string } }>(
        `mutation ($commandId: UUID!, $input: SourceInput!) { registerSource(commandId: $commandId, input: $input) {
          id kind prefix hosts hasSecret mayDeliver } }`,
        { input: { title: randomUUID(), connection: { kind: 'files', prefix }, secret: '' } },
      )
      const { id, ...shown } = registerSource
      expect(shown).to.deep.equal({ kind: 'FILES', prefix, hosts: [], hasSecret: false, mayDeliver: false })
      const { sourceTest } = await ask<{ sourceTest: { steps: { passed: boolean }[] } }>(
        `query ($id: UUID!) { sourceTest(id: $id) { steps { step passed } collections }
          sourceDiscovery(id: $id, collection: "firms.csv") { columns { name } } }`,
        { id },
      )
      expect(sourceTest.steps.map(({ passed }) => passed)).to.deep.equal([true, true, true, true])
      await ask(
        `mutation ($id: UUID!, $input: SourceReadingInput!) { configureSource(id: $id, input: $input) { id } }`,
        { id, input: { collection: '', datasetId: dataset.id } },
      )
      await ask(
        `mutation ($commandId: UUID!, $id: UUID!) { pullSource(commandId: $commandId, sourceId: $id) { id } }`,
        {
          id,
        },
      )
      await world.settle()

      const { source } = await ask<{ source: unknown }>(
        `query ($id: UUID!) { source(id: $id) { reading { collection dataset { id } }
          files { name batch { status } refusal { code messages { zh } } }
          pulls { status batch { id } files { found received refused } } } }`,
        { id },
      )
      const below = prefix.split('/')[2] ?? ''
      expect(source).to.deep.equal({
        reading: { collection: prefix, dataset: { id: dataset.id } },
        files: [
          {
            name: `${below}/bad.csv`,
            batch: null,
            refusal: { code: 'INGEST_FILE_EMPTY', messages: { zh: '文件中没有数据' } },
          },
          { name: `${below}/firms.csv`, batch: { status: 'RECEIVED' }, refusal: null },
        ],
        pulls: [{ status: 'HANDED', batch: null, files: { found: 2, received: 1, refused: 1 } }],
      })
    })

    /** Runs the pull as its worker would, which dies when `batches` files are known. */
    async function runUntil(pullId: string, batches: number): Promise<void> {
      const job = world.kernel.manifests.flatMap(({ jobs }) => jobs?.['ingest.pull'] ?? [])[0]
      const dying = new AbortController()
      const ctx = world.platform()
      const { put } = ctx.objects
      let puts = 0
      const objects = {
        ...ctx.objects,
        put: (content: Parameters<typeof put>[0]) => {
          puts += 1
          if (puts > limit) dying.abort()
          return put(content)
        },
      }
      const known = Object.keys(
        await fates(await catalog.source(steward(), (await ingest.pull(steward(), pullId)).sourceId)),
      )
      const limit = batches - known.length
      await job
        ?.run({ ...ctx, objects }, { pullId }, { signal: dying.signal, progress: () => Promise.resolve() })
        .catch((error: unknown) => error)
      expect(dying.signal.aborted).to.equal(true)
    }

    const registered = (prefix: string) =>
      Promise.resolve().then(() =>
        catalog.registerSource(steward(), {
          title: randomUUID(),
          connection: catalog.readConnection({ kind: 'files', prefix }),
          hosts: [],
          secret: '',
        }),
      )

    const newDataset = () =>
      catalog.registerDataset(steward(), {
        title: `登记簿 ${randomUUID()}`,
        schemaCode: 'business-registration',
      })

    async function given() {
      const prefix = `inbox/market-bureau/${randomUUID()}/`
      const dataset = await newDataset()
      const { id } = await registered(prefix)
      const reading = {
        collection: '',
        datasetId: dataset.id,
        keyColumns: [],
        cursorColumn: null,
        overlap: 0,
      }
      return { prefix, dataset, source: await catalog.configureSource(steward(), id, reading) }
    }

    async function read(source: catalog.Source): Promise<ingest.FileCounts | null> {
      const { id } = await ingest.pullSource(steward(), source.id)
      await world.settle()
      const { status, files, refusal } = await ingest.pull(steward(), id)
      expect([status, refusal]).to.deep.equal(['handed', null])
      return files
    }

    async function fates(source: catalog.Source): Promise<Record<string, string>> {
      const files = await ingest.filesOf(steward(), source)
      const { connection } = source
      const prefix = connection.kind === 'files' ? connection.prefix : ''
      const pairs = files
        .filter(({ batchId }) => batchId !== null)
        .map(async ({ name, batchId }) => {
          const { status } = await ingest.batch(steward(), batchId ?? '')
          return [name.slice(prefix.length), status] as const
        })
      return Object.fromEntries((await Promise.all(pairs)).sort(([a], [b]) => (a < b ? -1 : 1)))
    }

    async function confirmFirst(source: catalog.Source): Promise<void> {
      const files = await ingest.filesOf(steward(), source)
      const waiting = files.filter(({ batchId }) => batchId !== null)
      const batch = await ingest.batch(steward(), waiting.at(-1)?.batchId ?? '')
      const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward(), batch))
      await ingest.confirmMapping(steward(), {
        batchId: batch.id,
        encoding: batch.encoding ?? 'utf-8',
        columns,
      })
      await world.settle()
    }

    async function namesOf(dataset: catalog.Dataset): Promise<unknown[]> {
      const version = await catalog.currentVersion(steward(), dataset.id)
      const files = version?.files.map(({ sha256 }) => sha256) ?? []
      const rows = await selectAll(world.kernel.plane, { sources: [{ files, columns: { name: 'name' } }] })
      return rows.map(({ name }) => name)
    }
  })
}

describe('testing a place for files', () => {
  let folder: string
  const never = new AbortController().signal
  const connection = { kind: 'files', prefix: 'inbox/market-bureau/' } as const

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-files-'))
  })
  after(() => rm(folder, { recursive: true }))

  it('says whether the store is away or refuses us', async () => {
    const { settings, close } = await openS3(join(folder, 's3'))
    const steps = async (changes: object) => {
      const store = openMinioStore({ ...settings, ...changes }, folder)
      const { failed } = await testFiles(store, connection, 'market-bureau', never)
      return [failed?.step, failed?.refusal.code]
    }

    const refused = await steps({ secretKey: 'wrong' })
    const other = await testFiles(openMinioStore(settings, folder), connection, 'tax-bureau', never)
    await close()

    expect(refused).to.deep.equal(['login', 'OBJECTS_ACCESS_REFUSED'])
    expect([other.failed?.step, other.failed?.refusal.code]).to.deep.equal([
      'resolve',
      'CATALOG_SOURCE_PREFIX_REFUSED',
    ])
    expect(await steps({})).to.deep.equal(['connect', 'OBJECTS_STORE_UNAVAILABLE'])
  })

  it('is done on the command line too, and follows no link out of the store', async () => {
    const inbox = join(folder, 'data', 'objects', 'inbox', 'market-bureau')
    await mkdir(inbox, { recursive: true })
    await writeFile(join(folder, 'outside.csv'), 'a\n1\n')
    await symlink(join(folder, 'outside.csv'), join(inbox, 'link.csv'))
    await symlink(folder, join(inbox, 'up'))
    const config = join(folder, 'source.json')
    await writeFile(config, JSON.stringify({ connection }))

    const before = await cli('source', 'test', '--config', config, '--data', join(folder, 'data'), '--json')
    await writeFile(join(inbox, 'firms.csv'), register([FIRST, '甲']))
    const after = await cli('source', 'test', '--config', config, '--data', join(folder, 'data'), '--json')

    expect(JSON.parse(before.text)).to.deep.include({ passed: ['resolve', 'connect', 'login'] })
    expect(JSON.parse(before.text).failed.code).to.equal('CATALOG_SOURCE_PREFIX_EMPTY')
    expect([after.code, JSON.parse(after.text).collections]).to.deep.equal([0, ['firms.csv']])
  })

  async function cli(...args: string[]): Promise<{ code: number; text: string }> {
    let text = ''
    const stream = { write: (part: string) => ((text += part), true) } as never
    const code = await run(args, { stdout: stream, stderr: stream })
    return { code, text }
  }
})

function register(...rows: readonly (readonly [code: string, name: string])[]): string {
  const header = '统一社会信用代码,企业名称,法定代表人,住所,成立日期,注册资本,登记状态,经营范围'
  const lines = rows.map(
    ([code, name]) => `${code},${name},林晓梅,人民路28号,2019-06-18,100万元,存续,餐饮服务`,
  )
  return `${[header, ...lines].join('\n')}\n`
}

/** S3 keeps whole milliseconds, and the order of two files is that of their times. */
const later = () => new Promise((resolve) => setTimeout(resolve, 1_100))
