import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { once } from '../../core/commands.ts'
import { run } from '../../gateway/cli/main.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

const SECRET = 'registry-Pa55word'
const SERVER = { kind: 'postgres', host: '10.1.2.3', database: 'registry', user: 'reader' } as const

describe('registering a source', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const steward = () => world.as('data-steward', 'market-bureau')
  const given = (connection: unknown = SERVER, secret = SECRET) =>
    catalog.registerSource(steward(), {
      title: `登记库 ${randomUUID()}`,
      connection: catalog.readConnection(connection),
      hosts: [],
      secret,
    })

  it('keeps the secret sealed under a named key, for this source alone, and shows it nowhere', async () => {
    const source = await given()

    const { rows } = await sql<Record<string, unknown>>`
      select secret, secret_key_id, connection from catalog.source where id = ${source.id}`.execute(world.db)
    const sealed = String(rows[0]?.['secret'])
    const everything = JSON.stringify([
      source,
      rows,
      await world.eventsNamed('catalog.source.registered'),
      await catalog.source(steward(), source.id),
    ])
    expect(everything).not.to.include(SECRET)
    expect(sealed.split('.')[1]).to.equal(source.secretKeyId)
    const { crypto } = world.kernel
    expect(crypto.open(sealed, `catalog.source:${source.id}`).toString()).to.equal(SECRET)
    expect(() => crypto.open(sealed, `catalog.source:${randomUUID()}`)).to.throw()
  })

  it('replaces the secret and records that it was done, not what it is', async () => {
    const source = await given()

    const replaced = await catalog.replaceSecret(steward(), source.id, 'another-Pa55word')
    const cleared = await catalog.replaceSecret(steward(), source.id, '')

    expect(replaced.secretKeyId).to.equal(source.secretKeyId)
    expect(cleared.secretKeyId).to.equal(null)
    const events = await world.eventsNamed('catalog.source.secret-replaced')
    expect(events.length).to.be.greaterThan(1)
    expect(JSON.stringify(events)).not.to.include('Pa55word')
  })

  it('leaves no digest of the secret with the command', async () => {
    const commandId = randomUUID()
    const call = (secret: string) => ({
      commandId,
      name: 'catalog.replaceSourceSecret',
      input: { id: 'x', secret },
    })

    const first = await once(steward(), call('one'), () => Promise.resolve(1))
    const second = await once(steward(), call('two'), () => Promise.resolve(2))

    expect([first, second]).to.deep.equal([1, 1])
  })

  it('refuses an internal address until an administrator permits its network for this source', async () => {
    const source = await given()
    const before = await catalog.tryConnection(steward(), source.id)
    expect(before.failed).to.deep.include({ step: 'resolve' })
    expect(before.failed?.refusal.code).to.equal('CATALOG_SOURCE_ADDRESS_REFUSED')

    expect((await refusal(catalog.permitNetworks(steward(), source.id, ['10.0.0.0/8']))).code).to.equal(
      'POLICY_FORBIDDEN',
    )
    const admin = world.as('system-admin', 'data-bureau')
    expect((await refusal(catalog.permitNetworks(admin, source.id, ['10.0.0.0']))).code).to.equal(
      'CATALOG_SOURCE_NETWORK_INVALID',
    )
    const permitted = await catalog.permitNetworks(admin, source.id, ['10.0.0.0/8'])
    expect(permitted.network.permitted).to.deep.equal(['10.0.0.0/8'])
  })

  it('refuses a connection that is not one, without repeating what was entered', async () => {
    const attempts: unknown[] = [
      { ...SERVER, password: SECRET },
      { ...SERVER, host: 'db.example/../x' },
      { ...SERVER, port: 0 },
      { kind: 'rest', url: `https://clerk:${SECRET}@api.example/` },
      { kind: 'rest', url: 'file:///etc/passwd' },
      'postgres://',
    ]

    for (const connection of attempts) {
      const error = await refusal(Promise.resolve().then(() => catalog.readConnection(connection)))
      expect(error.code).to.equal('CATALOG_SOURCE_CONNECTION_INVALID')
      expect(JSON.stringify([error.params, error.messages])).not.to.include(SECRET)
    }
  })

  it('takes one name once for an organisation', async () => {
    const { title } = await given()
    const again = catalog.registerSource(steward(), {
      title: ` ${title} `,
      connection: catalog.readConnection(SERVER),
      hosts: [],
      secret: '',
    })

    expect((await refusal(again)).code).to.equal('CATALOG_SOURCE_TITLE_TAKEN')
  })

  it('is nobody’s business in another organisation', async () => {
    const source = await given()
    const other = world.as('data-steward', 'tax-bureau')
    const reading = {
      collection: 'x',
      datasetId: randomUUID(),
      keyColumns: [],
      cursorColumn: null,
      overlap: 0,
    }

    for (const attempt of [
      catalog.source(other, source.id),
      catalog.replaceSecret(other, source.id, 'mine'),
      catalog.tryConnection(other, source.id),
      ingest.discoverSource(other, source.id, 'x'),
      catalog.configureSource(other, source.id, reading),
    ])
      expect((await refusal(attempt)).code).to.equal('CATALOG_SOURCE_NOT_FOUND')
    const { edges } = await catalog.sources(other, { first: 100 })
    expect(edges.map(({ node }) => node.id)).not.to.include(source.id)
    expect((await refusal(catalog.sources(world.as('clerk', 'tax-bureau'), { first: 1 }))).code).to.equal(
      'POLICY_FORBIDDEN',
    )
  })
})

describe('gdbos source test', () => {
  let folder: string
  let server: Server
  let url: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-source-'))
    server = createServer((request, response) => {
      response.statusCode = request.headers['x-key'] === SECRET ? 200 : 401
      response.end('[{"id":1}]')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await writeFile(join(folder, 'good.secret'), `${SECRET}\n`)
    await writeFile(join(folder, 'bad.secret'), 'other')
  })
  after(async () => {
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  })

  async function attempt(secret: string, networks: readonly string[]) {
    const file = join(folder, 'source.json')
    const connection = { kind: 'rest', url, auth: 'header', header: 'x-key' }
    await writeFile(file, JSON.stringify({ connection, networks }))
    let stdout = ''
    const io = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => true } }
    const secretFile = join(folder, `${secret}.secret`)
    const exit = await run(
      ['source', 'test', '--config', file, '--secret-file', secretFile, '--collection', 'records', '--json'],
      io,
    )
    expect(stdout).not.to.include(SECRET)
    return {
      exit,
      ...(JSON.parse(stdout) as { passed: string[]; failed: { step: string; code: string } | null }),
    }
  }

  it('names the steps that passed and the one that failed', async () => {
    const loopback = ['127.0.0.0/8']

    expect(await attempt('good', loopback)).to.deep.include({
      exit: 0,
      passed: ['resolve', 'connect', 'login', 'read'],
      failed: null,
    })
    const refused = await attempt('bad', loopback)
    expect([refused.exit, refused.failed?.step, refused.failed?.code]).to.deep.equal([
      3,
      'login',
      'CATALOG_SOURCE_LOGIN_REFUSED',
    ])
    const internal = await attempt('good', [])
    expect([internal.exit, internal.failed?.step, internal.failed?.code]).to.deep.equal([
      1,
      'resolve',
      'CATALOG_SOURCE_ADDRESS_REFUSED',
    ])
  })
})
