import { expect } from 'chai'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Cell,
  openSource,
  type RestConnection,
  type Row,
  testSource,
} from '../../core/plane/connectors/index.ts'
import { refusal } from '../support/refusal.ts'
import { accessTo } from '../support/sources.ts'

const ROWS = Array.from({ length: 25 }, (_, index) => ({
  id: index + 1,
  name: `企业${index + 1}`,
  place: { district: '鼓楼' },
  tags: ['a', index],
}))
const SECRET = 'token-7f3a9'

describe('reading a REST source', () => {
  let server: Server
  let base: string
  let respond: (request: IncomingMessage, response: ServerResponse) => void
  const never = new AbortController().signal

  before(async () => {
    server = createServer((request, response) => respond(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => new Promise((resolve) => server.close(resolve)))

  const json = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
  const queryOf = ({ url = '' }: IncomingMessage) => new URL(url, base).searchParams
  const connection = (changes: Partial<RestConnection> = {}): RestConnection => ({
    kind: 'rest',
    url: `${base}/v1/firms`,
    auth: 'none',
    header: 'x-api-key',
    user: '',
    paging: { type: 'none' },
    recordPath: 'data.items',
    sinceParameter: null,
    maxResponseBytes: 100_000,
    timeoutSeconds: 5,
    maxPages: 100,
    pauseMs: 0,
    ...changes,
  })

  async function idsOf(changes: Partial<RestConnection>): Promise<Cell[]> {
    const session = await openSource(accessTo(connection(changes), SECRET), never)
    const rows: Row[] = []
    for await (const batch of session.read({ collection: 'records', columns: ['id'], cursor: null }))
      rows.push(...batch)
    return rows.map(([id]) => id ?? null)
  }
  const all = ROWS.map(({ id }) => String(id))

  it('takes one answer, nested members by their path, arrays as JSON', async () => {
    respond = (_, response) => json(response, { data: { items: ROWS.slice(0, 1) } })
    const session = await openSource(accessTo(connection()), never)

    const columns = (await session.columns('records')).map(({ name }) => name)
    const read = []
    for await (const batch of session.read({ collection: 'records', columns, cursor: null }))
      read.push(...batch)

    expect(columns).to.deep.equal(['id', 'name', 'place.district', 'tags', '_extra'])
    expect(read).to.deep.equal([['1', '企业1', '鼓楼', '["a",0]', null]])
  })

  it('turns pages by number, by offset, by cursor and by link', async () => {
    const sizes = { parameter: 'page', sizeParameter: 'size', size: 10, first: 1 }
    respond = (request, response) => {
      const from = (Number(queryOf(request).get('page')) - 1) * 10
      json(response, { data: { items: ROWS.slice(from, from + 10) } })
    }
    expect(await idsOf({ paging: { type: 'page', ...sizes } })).to.deep.equal(all)

    respond = (request, response) => {
      const from = Number(queryOf(request).get('page'))
      json(response, { data: { items: ROWS.slice(from, from + 7) } })
    }
    expect(await idsOf({ paging: { type: 'offset', ...sizes } })).to.deep.equal(all)

    respond = (request, response) => {
      const from = Number(queryOf(request).get('after') ?? 0)
      const next = from + 10 < ROWS.length ? from + 10 : null
      json(response, { data: { items: ROWS.slice(from, from + 10) }, next })
    }
    expect(await idsOf({ paging: { type: 'cursor', parameter: 'after', nextPath: 'next' } })).to.deep.equal(
      all,
    )

    respond = (request, response) => {
      const from = Number(queryOf(request).get('from') ?? 0)
      const link: Record<string, string> =
        from + 10 < ROWS.length ? { link: `</v1/firms?from=${from + 10}>; rel="next"` } : {}
      json(response, { data: { items: ROWS.slice(from, from + 10) } }, link)
    }
    expect(await idsOf({ paging: { type: 'link' } })).to.deep.equal(all)
  })

  it('shows its secret in a header or by name and password', async () => {
    respond = (request, response) => {
      const known = [SECRET, `Basic ${Buffer.from(`clerk:${SECRET}`).toString('base64')}`]
      const shown = [request.headers['x-api-key'], request.headers.authorization].flatMap(
        (each) => each ?? [],
      )
      if (shown.some((each) => known.includes(String(each)))) json(response, { data: { items: ROWS } })
      else response.writeHead(401).end()
    }

    expect(await idsOf({ auth: 'header' })).to.deep.equal(all)
    expect(await idsOf({ auth: 'basic', user: 'clerk' })).to.deep.equal(all)
    const refused = await refusal(idsOf({ auth: 'basic', user: 'other' }))
    expect(refused.code).to.equal('CATALOG_SOURCE_LOGIN_REFUSED')
    expect(JSON.stringify([refused.messages, refused.params])).not.to.contain(SECRET)
  })

  it('follows three redirects, each checked again, and carries the secret to no other host', async () => {
    const seen: (string | undefined)[] = []
    respond = (request, response) => {
      seen.push(request.headers['x-api-key'] as string | undefined)
      const [, hop = '0'] = /hop=(\d)/.exec(request.url ?? '') ?? []
      if (hop === '3') json(response, { data: { items: ROWS } })
      else response.writeHead(302, { location: `${base}/?hop=${Number(hop) + 1}` }).end()
    }
    expect(await idsOf({})).to.deep.equal(all)

    respond = (_, response) => response.writeHead(302, { location: base }).end()
    expect((await refusal(idsOf({}))).code).to.equal('CATALOG_SOURCE_RESPONSE_EXCEEDED')

    respond = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    expect((await refusal(idsOf({}))).code).to.equal('CATALOG_SOURCE_ADDRESS_REFUSED')

    const { port } = new URL(base)
    seen.length = 0
    respond = (request, response) => {
      seen.push(request.headers['x-api-key'] as string | undefined)
      if (request.headers.host?.startsWith('localhost')) json(response, { data: { items: ROWS } })
      else response.writeHead(302, { location: `http://localhost:${port}/` }).end()
    }
    const access = accessTo(connection({ auth: 'header' }), SECRET)
    const network = { hosts: ['127.0.0.1', 'localhost'], permitted: ['127.0.0.0/8', '::1/128'] }
    await openSource({ ...access, network }, never)
    expect(seen).to.deep.equal([SECRET, undefined])
  })

  it('refuses an answer that is too large or too slow', async () => {
    respond = (_, response) => json(response, { data: { items: ROWS } })
    const large = await refusal(idsOf({ maxResponseBytes: 500 }))
    expect([large.code, large.params['limit']]).to.deep.equal([
      'CATALOG_SOURCE_RESPONSE_EXCEEDED',
      '500 bytes',
    ])

    respond = () => undefined
    const slow = await refusal(idsOf({ timeoutSeconds: 0.05 }))
    expect(slow.code).to.equal('CATALOG_SOURCE_RESPONSE_EXCEEDED')
    server.closeAllConnections()
  })

  it('names the step of the test that fails', async () => {
    const steps = async (changes: Partial<RestConnection>, permitted = ['127.0.0.0/8']) => {
      const access = accessTo(connection(changes), SECRET)
      const { passed, failed } = await testSource(
        { ...access, network: { ...access.network, permitted } },
        'records',
        never,
      )
      return [passed.length, failed?.step, failed?.refusal.code]
    }
    respond = (_, response) => json(response, { data: { items: ROWS } })

    expect(await steps({})).to.deep.equal([4, undefined, undefined])
    expect(await steps({}, [])).to.deep.equal([0, 'resolve', 'CATALOG_SOURCE_ADDRESS_REFUSED'])
    expect(await steps({ url: 'http://127.0.0.1:1/' })).to.deep.equal([
      1,
      'connect',
      'CATALOG_SOURCE_UNREACHABLE',
    ])
    expect(await steps({ recordPath: 'nowhere' })).to.deep.equal([3, 'read', 'CATALOG_SOURCE_READ_FAILED'])
    respond = (_, response) => response.writeHead(403).end()
    expect(await steps({})).to.deep.equal([2, 'login', 'CATALOG_SOURCE_LOGIN_REFUSED'])
  })

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController()
    let asked = 0
    respond = (_, response) => {
      asked += 1
      if (asked > 3) stop.abort()
      json(response, { data: { items: ROWS }, next: asked })
    }
    const paging = { type: 'cursor', parameter: 'after', nextPath: 'next' } as const
    const session = await openSource(accessTo(connection({ paging })), stop.signal)
    let error: unknown
    try {
      for await (const _ of session.read({ collection: 'records', columns: ['id'], cursor: null }));
    } catch (thrown) {
      error = thrown
    }

    expect(stop.signal.aborted).to.equal(true)
    expect((error as Error).name).to.equal('AbortError')
  })
})
