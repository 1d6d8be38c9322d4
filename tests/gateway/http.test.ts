import { connect } from 'node:net'
import { expect } from 'chai'
import { type Answer, openServed, PASSWORD, type Served } from './served.ts'

describe('the HTTP gateway', () => {
  let served: Served

  before(async () => {
    served = await openServed()
  })
  after(() => served.close())

  it('refuses a body that is not JSON, has a wrong charset or doubled members', async () => {
    const bodies = [
      ['application/json', '{"query": "{ ping }"'],
      ['application/json', '{"query": "{ ping }", "query": "{ me { login } }"}'],
      ['application/json', '{"query": "{ ping }", "variables": {"__proto__": {"a": 1}}}'],
      ['application/json', '{"query": "{ ping }", "variables": {"\\u0061": 1, "a": 2}}'],
      ['application/json; charset=gb18030', '{"query": "{ ping }"}'],
      ['application/json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      ['application/json', '"text"'],
    ] as const
    for (const [type, body] of bodies) {
      const answer = await post('/graphql', type, body)
      expect(codeOf(answer), String(body)).to.equal('GATEWAY_BODY_MALFORMED')
      expect(answer.status).to.equal(400)
    }
  })

  it('tells a text with a colon or a brace from a member', async () => {
    const body = { query: '{ ping }', variables: { a: { b: '"x": {', c: ['"x": }'] } } }

    const answer = await served.post('/graphql', body)

    expect(answer.body).to.deep.equal({ data: { ping: true } })
  })

  it('refuses a body over its limit, with or without its length told', async () => {
    const large = JSON.stringify({ query: '{ ping }', variables: { a: 'x'.repeat(300_000) } })

    const told = await post('/graphql', 'application/json', large)
    const untold = await served.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit)

    for (const answer of [told, untold]) {
      expect(codeOf(answer)).to.equal('GATEWAY_BODY_TOO_LARGE')
      expect(answer.status).to.equal(413)
    }
  })

  it('refuses a content type and a method that are not offered, naming those that are', async () => {
    const type = await post('/graphql', 'text/plain', '{"query":"mutation { ping }"}')
    const form = await post('/api/session', 'application/x-www-form-urlencoded', 'login=a&password=b')
    const method = await served.send('/graphql', { method: 'PUT' })
    const session = await served.send('/api/session')

    expect([codeOf(type), type.status]).to.deep.equal(['GATEWAY_TYPE_UNSUPPORTED', 415])
    expect([codeOf(form), form.status]).to.deep.equal(['GATEWAY_TYPE_UNSUPPORTED', 415])
    expect([codeOf(method), method.status]).to.deep.equal(['GATEWAY_METHOD_UNSUPPORTED', 405])
    expect(method.headers.get('allow')).to.equal('POST')
    expect(session.headers.get('allow')).to.equal('POST, DELETE')
  })

  it('refuses what another site sends, whatever its form', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const body = JSON.stringify({ login: 'anybody', password: PASSWORD })
    const attempts = [
      served.send('/api/session', { method: 'POST', headers, body }),
      served.send('/api/session', { method: 'DELETE', headers }),
      served.send('/graphql', { method: 'POST', headers: { ...headers, origin: 'null' }, body }),
      served.send('/graphql?query={ping}', { headers: { 'sec-fetch-site': 'cross-site' } }),
    ]

    for (const answer of await Promise.all(attempts)) {
      expect(codeOf(answer)).to.equal('GATEWAY_ORIGIN_FOREIGN')
      expect(answer.status).to.equal(403)
    }
  })

  it('takes what its own pages send', async () => {
    const answer = await served.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: served.base, 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ query: '{ ping }' }),
    })

    expect(answer.body).to.deep.equal({ data: { ping: true } })
  })

  it('knows no address outside its own, climbing ones included', async () => {
    for (const path of [
      '/nothing',
      '/..%2f..%2fetc%2fpasswd',
      '/a%2f..%2fetc',
      '/assets/none.js',
      '/.git/config',
      '/%00',
      '/%',
    ])
      for (const accept of path === '/nothing' ? ['*/*'] : ['*/*', 'text/html']) {
        const answer = await raw(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`,
        )
        expect(answer, `${path} ${accept}`).to.match(/^HTTP\/1.1 404/)
        expect(answer).to.include('GATEWAY_PATH_NOT_FOUND')
      }
  })

  it('answers problems as JSON with code, kind, both texts and the id of the request, never a stack', async () => {
    const answer = await served.send('/nothing')

    expect(answer.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8')
    expect(answer.body).to.deep.equal({
      type: 'about:blank',
      title: 'There is nothing at this address',
      status: 404,
      code: 'GATEWAY_PATH_NOT_FOUND',
      kind: 'not-found',
      params: {},
      messages: { zh: '没有这个地址', en: 'There is nothing at this address' },
      requestId: answer.headers.get('x-request-id'),
    })
  })

  it('cuts off a header over 16 kB and ambiguous lengths with a JSON answer, and serves the next client', async () => {
    const large = await raw(`GET /health/live HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)
    const doubled = await raw(
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    )

    expect(large)
      .to.match(/^HTTP\/1.1 431/)
      .and.to.include('GATEWAY_HEADER_TOO_LARGE')
    expect(doubled)
      .to.match(/^HTTP\/1.1 400/)
      .and.to.include('GATEWAY_REQUEST_MALFORMED')
    expect((await served.send('/health/live')).status).to.equal(200)
  })

  it('sends its protecting headers with every answer, and no banner', async () => {
    for (const path of ['/health/live', '/graphql', '/nothing', '/api/session', '/']) {
      const { headers } = await served.send(path, { headers: { accept: 'text/html' } })
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy, path).to.include("frame-ancestors 'none'")
      expect(policy, path).not.to.match(/unsafe-(inline|eval)/)
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff')
      expect(headers.get('referrer-policy'), path).to.equal('same-origin')
      expect(headers.get('x-powered-by'), path).to.equal(null)
      expect(headers.get('server'), path).to.equal(null)
    }
  })

  it('tells that it lives and is ready, and that the trial database does not survive a power cut', async () => {
    const live = await served.send('/health/live')
    const ready = await served.send('/health/ready')

    expect(live.body).to.deep.equal({ live: true })
    expect(ready.status).to.equal(200)
    expect(ready.body).to.include({ ready: true, mode: 'trial' })
    expect(ready.body).to.have.property('durable', served.kernel.database.kind === 'server')
  })

  async function post(path: string, type: string, body: string | Buffer): Promise<Answer> {
    return served.send(path, { method: 'POST', headers: { 'content-type': type }, body })
  }

  /** What comes back for bytes that fetch would never send. */
  function raw(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(served.port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })
  }
})

describe('a gateway with small shares', () => {
  it('refuses the call over the share, says when to come back, and leaves others alone', async () => {
    const served = await openServed({ mutationsPerMinute: 3 })
    const cookies = await Promise.all(
      ['first', 'second'].map(async (login) => {
        await served.person(login)
        return served.signIn(login)
      }),
    )
    const command = 'mutation { ping }'

    const answers: Answer[] = []
    for (let call = 0; call < 4; call++) answers.push(await served.graphql(command, {}, cookies[0]))
    const other = await served.graphql(command, {}, cookies[1])

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 429])
    expect(codeOf(answers[3])).to.equal('GATEWAY_RATE_EXCEEDED')
    expect(Number(answers[3]?.headers.get('retry-after'))).to.be.within(1, 20)
    expect(other.status).to.equal(200)
    await served.close()
  })

  it('lets nobody go on guessing passwords, not even with a right one at last', async () => {
    const served = await openServed()
    await served.person('guessed')
    const guess = (login: string, password: string) => served.post('/api/session', { login, password })
    // At once: a share grows back while one waits for the other.
    await Promise.all(Array.from({ length: 40 }, (_, at) => guess(`nobody-${at}`, 'a wrong password')))

    const right = await guess('guessed', PASSWORD)

    expect(right.status).to.equal(429)
    expect(right.headers.get('set-cookie')).to.equal(null)
    await served.close()
  })

  it('refuses an address that asks too often', async () => {
    const served = await openServed({ requestsPerMinute: 2 })

    const answers: Answer[] = []
    for (let call = 0; call < 3; call++) answers.push(await served.graphql('{ ping }'))

    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 429])
    expect((await served.send('/health/live')).status).to.equal(200)
    await served.close()
  })
})

describe('a gateway behind TLS', () => {
  it('gives a cookie that is bound to the host, hidden from scripts and only sent over TLS', async () => {
    const served = await openServed({ publicUrl: 'https://window.example' })
    await served.person('citizen')

    const { headers } = await served.post('/api/session', { login: 'citizen', password: PASSWORD })

    expect(headers.get('set-cookie')).to.match(
      /^__Host-gdbos=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(headers.get('strict-transport-security')).to.equal('max-age=31536000')
    await served.close()
  })
})

function codeOf(answer: Answer | undefined): unknown {
  return answer?.body.code ?? answer?.body.errors?.[0]?.extensions?.code
}
