import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSource, testSource } from '../../core/plane/connectors/index.ts'
import { run } from '../../gateway/cli/main.ts'
import * as catalog from '../../modules/catalog/index.ts'
import { refusal } from '../support/refusal.ts'
import { remote } from '../support/sources.ts'
import { openWorld } from '../support/world.ts'

const SECRET = 'cl:ient +秘密'
const CLIENT = 'bureau 1'
const network = { hosts: ['127.0.0.1', 'localhost'], permitted: ['127.0.0.0/8', '::1/128'] }

interface TokenRequest {
  readonly method: string | undefined
  readonly authorization: string | undefined
  readonly type: string | undefined
  readonly form: string
}

describe('a REST source that asks for an OAuth token', () => {
  let server: Server
  let base: string
  /** What the token server was asked, and the tokens it gave. */
  let asked: TokenRequest[]
  let pages: number
  let give: (response: ServerResponse, number: number) => void
  let accepts: (token: string) => boolean
  const never = new AbortController().signal

  before(async () => {
    server = createServer((request, response) => void answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    asked = []
    pages = 0
    give = (response, number) =>
      json(response, 200, { access_token: `token-${number}`, token_type: 'Bearer', expires_in: 3600 })
    accepts = () => true
  })
  after(() => new Promise((resolve) => server.close(resolve)))

  function json(response: ServerResponse, status: number, body: unknown) {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { method, headers, url = '' } = request
    if (url === '/token') {
      let form = ''
      for await (const chunk of request) form += String(chunk)
      asked.push({ method, authorization: headers.authorization, type: headers['content-type'], form })
      return give(response, asked.length)
    }
    const token = /^Bearer (token-\d+)$/.exec(headers.authorization ?? '')?.[1]
    if (token === undefined || !accepts(token)) return void response.writeHead(401).end()
    pages += 1
    const from = Number(new URL(url, base).searchParams.get('from') ?? 0)
    json(response, 200, { items: [{ id: from }], next: from < 3 ? from + 1 : null })
  }

  const access = (oauth: object = {}, secret = SECRET) => ({
    connection: remote(
      catalog.readConnection({
        kind: 'rest',
        url: `${base}/firms`,
        auth: 'oauth',
        oauth: { tokenUrl: `${base}/token`, clientId: CLIENT, scope: 'firms:read more', ...oauth },
        recordPath: 'items',
        paging: { type: 'cursor', parameter: 'from', nextPath: 'next' },
      }),
    ),
    secret,
    network,
  })

  async function idsOf(given = access()): Promise<unknown[]> {
    const session = await openSource(given, never)
    const ids: unknown[] = []
    for await (const rows of session.read({ collection: 'records', columns: ['id'], cursor: null }))
      ids.push(...rows.map(([id]) => id))
    return ids
  }

  it('asks as a client with its secret, and shows one token to every page', async () => {
    expect(await idsOf()).to.deep.equal(['0', '1', '2', '3'])

    // RFC 6749, sections 2.3.1 and 4.4.2: name and secret each form-encoded, then joined.
    const shown = Buffer.from('bureau+1:cl%3Aient+%2B%E7%A7%98%E5%AF%86').toString('base64')
    expect(asked).to.deep.equal([
      {
        method: 'POST',
        authorization: `Basic ${shown}`,
        type: 'application/x-www-form-urlencoded',
        form: 'grant_type=client_credentials&scope=firms%3Aread+more',
      },
    ])
    expect(pages).to.be.greaterThan(4)
  })

  it('leaves the scope out where none is named', async () => {
    await idsOf(access({ scope: '' }))

    expect(asked.map(({ form }) => form)).to.deep.equal(['grant_type=client_credentials'])
  })

  it('asks for another shortly before the token expires', async () => {
    give = (response, number) =>
      json(response, 200, { access_token: `token-${number}`, token_type: 'bearer', expires_in: 29 })

    await idsOf()

    expect(asked).to.have.length(pages)
  })

  it('asks once for another when the service no longer takes the token', async () => {
    accepts = (token) => token !== 'token-1' || pages < 2
    expect(await idsOf()).to.deep.equal(['0', '1', '2', '3'])
    expect(asked).to.have.length(2)

    asked = []
    accepts = () => false
    const { code, params } = await refusal(idsOf())
    expect([code, params['reason']]).to.deep.equal(['CATALOG_SOURCE_LOGIN_REFUSED', '401'])
    expect(asked).to.have.length(2)
  })

  it('names a refusal by the words of the standard alone, and repeats neither secret nor token', async () => {
    const cases: [number, unknown, string][] = [
      [401, { error: 'invalid_client', error_description: SECRET }, 'invalid_client'],
      [400, { error: SECRET }, '400'],
      [500, 'broken', '500'],
      [302, '', '302'],
      [200, { token_type: 'Bearer' }, 'access_token'],
      [200, { access_token: 'a\r\nb', token_type: 'Bearer' }, 'access_token'],
      [200, { access_token: 'token-1', token_type: 'mac' }, 'token_type'],
    ]
    for (const [status, body, reason] of cases) {
      give = (response) => {
        if (status === 302) response.setHeader('location', `${base}/token`)
        json(response, status, body)
      }
      asked = []
      const error = await refusal(idsOf())
      expect([error.code, error.params['reason']]).to.deep.equal(['CATALOG_SOURCE_LOGIN_REFUSED', reason])
      expect(asked).to.have.length(1)
      const everything = JSON.stringify([error.messages, error.params, error.stack])
      expect(everything).not.to.contain(SECRET).and.not.to.contain('token-1')
    }
  })

  it('names the step that fails, the token’s server held to the same list and networks', async () => {
    const steps = async (given: ReturnType<typeof access>) => {
      const { passed, failed } = await testSource(given, 'records', never)
      return [passed.length, failed?.step, failed?.refusal.code]
    }
    expect(await steps(access())).to.deep.equal([4, undefined, undefined])
    const elsewhere = { tokenUrl: 'http://169.254.169.254/token' }
    expect(await steps(access(elsewhere))).to.deep.equal([0, 'resolve', 'CATALOG_SOURCE_ADDRESS_REFUSED'])
    const listed = { ...access(elsewhere), network: { ...network, hosts: ['127.0.0.1', '169.254.169.254'] } }
    expect(await steps(listed)).to.deep.equal([0, 'resolve', 'CATALOG_SOURCE_ADDRESS_REFUSED'])
    expect((await refusal(idsOf(listed))).code).to.equal('CATALOG_SOURCE_ADDRESS_REFUSED')
    const closed = { tokenUrl: 'http://127.0.0.1:1/token' }
    expect(await steps(access(closed))).to.deep.equal([1, 'connect', 'CATALOG_SOURCE_UNREACHABLE'])
    give = (response) => json(response, 401, { error: 'invalid_client' })
    expect(await steps(access())).to.deep.equal([2, 'login', 'CATALOG_SOURCE_LOGIN_REFUSED'])
  })

  it('keeps the secret out of what is stored and answered, and its token’s host on the list', async () => {
    const world = await openWorld()
    try {
      const steward = world.as('data-steward', 'market-bureau')
      const { connection } = access({ tokenUrl: `${base.replace('127.0.0.1', 'localhost')}/token` })
      const source = await catalog.registerSource(steward, {
        title: `接口 ${randomUUID()}`,
        connection,
        hosts: [],
        secret: SECRET,
      })
      await catalog.permitNetworks(world.as('system-admin', 'data-bureau'), source.id, network.permitted)

      const { passed } = await catalog.tryConnection(steward, source.id)

      expect(source.network.hosts).to.deep.equal(['127.0.0.1', 'localhost'])
      expect(passed).to.have.length(4)
      const events = await world.db.selectFrom('core.event').select('payload').execute()
      const everything = JSON.stringify([await catalog.source(steward, source.id), events])
      expect(everything).not.to.contain(SECRET).and.not.to.contain('token-1')
    } finally {
      await world.close()
    }
  })

  it('is tried by the command line from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gdbos-oauth-'))
    try {
      const { connection } = access()
      await writeFile(join(folder, 'a.json'), JSON.stringify({ connection, networks: network.permitted }))
      await writeFile(join(folder, 'a.secret'), `${SECRET}\n`)
      let out = ''
      const stream = { write: (text: string) => ((out += text), true) }

      const code = await run(
        ['source', 'test', '--config', join(folder, 'a.json'), '--secret-file', join(folder, 'a.secret')],
        { stdout: stream, stderr: stream } as never,
      )

      expect([code, out.split('\n').slice(0, 4)]).to.deep.equal([
        0,
        ['resolve: passed', 'connect: passed', 'login: passed', 'read: passed'],
      ])
      expect(out).not.to.contain(SECRET).and.not.to.contain('token-1')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('is refused without its client, or with one that is not asked for', async () => {
    const rest = { kind: 'rest', url: `${base}/firms` }
    const oauth = { tokenUrl: `${base}/token`, clientId: CLIENT }
    const cases: [object, string][] = [
      [{ ...rest, auth: 'oauth' }, 'oauth'],
      [{ ...rest, auth: 'basic', oauth }, 'oauth'],
      [{ ...rest, auth: 'oauth', oauth: { ...oauth, tokenUrl: 'ftp://a.example/' } }, 'oauth.tokenUrl'],
      [{ ...rest, auth: 'oauth', oauth: { ...oauth, clientSecret: SECRET } }, 'oauth'],
    ]
    for (const [connection, reason] of cases) {
      const { code, params } = await refusal(Promise.resolve().then(() => catalog.readConnection(connection)))
      expect([code, params['reason']]).to.deep.equal(['CATALOG_SOURCE_CONNECTION_INVALID', reason])
    }
  })
})
