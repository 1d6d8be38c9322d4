import { expect } from 'chai'
import { type Answer, openServed, PASSWORD, type Served } from './served.ts'

describe('the GraphQL gateway', () => {
  let served: Served
  let cookie: string

  before(async () => {
    served = await openServed({ mutationsPerMinute: 1000 })
    await served.person('reader', ['data-steward'])
    cookie = await served.signIn('reader')
  })
  after(() => served.close())

  it('answers what was asked', async () => {
    const { status, headers, body } = await served.graphql('{ ping me { login roles } }', {}, cookie)

    expect(status).to.equal(200)
    expect(body).to.deep.equal({ data: { ping: true, me: { login: 'reader', roles: ['data-steward'] } } })
    expect(headers.get('cache-control')).to.equal('no-store')
  })

  const deep = (levels: number) => `{ ${'parent { '.repeat(levels)}id${' }'.repeat(levels)} }`
  const documents: Record<string, [string, string]> = {
    'that cannot be parsed': ['{ ping', 'GRAPHQL_DOCUMENT_INVALID'],
    'of more than 2,000 tokens': [`{ ${'ping '.repeat(2001)}}`, 'GRAPHQL_DOCUMENT_INVALID'],
    'of 15,000 levels': [deep(15_000), 'GRAPHQL_DOCUMENT_INVALID'],
    'that is empty': ['', 'GRAPHQL_DOCUMENT_INVALID'],
    'without its subfields': ['{ me }', 'GRAPHQL_DOCUMENT_INVALID'],
    'of 13 levels': [`{ organisation(id: "x") ${deep(12)} }`, 'GRAPHQL_QUERY_TOO_COMPLEX'],
    'of 600 levels': [`{ organisation(id: "x") ${deep(600)} }`, 'GRAPHQL_QUERY_TOO_COMPLEX'],
    'of 31 aliases': [
      `{ me { ${Array.from({ length: 31 }, (_, i) => `a${i}: login`).join(' ')} } }`,
      'GRAPHQL_QUERY_TOO_COMPLEX',
    ],
    'of 11 root fields': [
      `{ ...a ...a ...a ...b } fragment a on Query { ping me { login } p: ping }
      fragment b on Query { q: ping r: ping }`,
      'GRAPHQL_QUERY_TOO_COMPLEX',
    ],
    'of 21 equal fields': [`{ me { ${'login '.repeat(21)} } }`, 'GRAPHQL_QUERY_TOO_COMPLEX'],
    'of 21 directives': [
      `{ me { ${'login @skip(if: false) roles @skip(if: false) '.repeat(11)} } }`,
      'GRAPHQL_QUERY_TOO_COMPLEX',
    ],
    'whose fragments go in a circle': [
      '{ me { ...a } } fragment a on Viewer { login ...b } fragment b on Viewer { ...a }',
      'GRAPHQL_QUERY_TOO_COMPLEX',
    ],
    'that is too dear': [
      `{ datasets(first: 100) { edges { node { ${Array.from({ length: 26 }, (_, i) => `a${i}: organisation { id name { zh } }`).join(' ')} } } } }`,
      'GRAPHQL_QUERY_TOO_COMPLEX',
    ],
    'of several operations': ['query a { ping } query b { ping }', 'GRAPHQL_OPERATION_REFUSED'],
    'with an unknown field': ['{ me { passwort } }', 'GRAPHQL_FIELD_UNKNOWN'],
    'with an unknown argument': ['{ organisation(id: "x", logim: 1) { id } }', 'GRAPHQL_FIELD_UNKNOWN'],
    'with an unknown type': ['{ me { ... on Viewr { login } } }', 'GRAPHQL_FIELD_UNKNOWN'],
    'with a malformed id': ['{ dataset(id: "1 or 1=1") { id } }', 'GRAPHQL_ID_MALFORMED'],
    'for a page of 101': ['{ datasets(first: 101) { edges { cursor } } }', 'GRAPHQL_PAGE_INVALID'],
    'for a page of -1': ['{ datasets(first: -1) { edges { cursor } } }', 'GRAPHQL_PAGE_INVALID'],
    'with a cursor whose values are of another kind': [
      `{ datasets(after: "${Buffer.from('["datasets","x","y"]').toString('base64url')}") { edges { cursor } } }`,
      'GRAPHQL_CURSOR_INVALID',
    ],
    'with an altered cursor': ['{ datasets(after: "AAAA") { edges { cursor } } }', 'GRAPHQL_CURSOR_INVALID'],
  }
  for (const [what, [document, code]] of Object.entries(documents)) {
    it(`refuses a document ${what}`, async () => {
      const answer = await served.graphql(document, {}, cookie)

      expect(codeOf(answer), JSON.stringify(answer.body).slice(0, 300)).to.equal(code)
      expect(answer.status).to.equal(400)
      expect(answer.body.data ?? null).to.equal(null)
      expect((await served.graphql('{ ping }')).body).to.deep.equal({ data: { ping: true } })
    })
  }

  it('takes a document just under the limits', async () => {
    const aliases = Array.from({ length: 30 }, (_, i) => `a${i}: ${i % 2 ? 'login' : 'roles'}`).join(' ')

    const wide = await served.graphql(`{ me { ${aliases} } }`, {}, cookie)
    const levels = await served.graphql(
      `{ me { organisation ${'{ parent '.repeat(9)}{ id }${' }'.repeat(9)} } }`,
      {},
      cookie,
    )

    expect(wide.body.errors).to.equal(undefined)
    expect(levels.body.errors).to.equal(undefined)
  })

  it('names an unknown field as the client wrote it and reveals no other word of the schema', async () => {
    const { body } = await served.graphql('{ me { logn } }', {}, cookie)

    expect(body.errors[0].extensions.params).to.deep.equal({ name: 'logn' })
    expect(JSON.stringify(body)).not.to.match(/Viewer|login|did you mean/i)
  })

  it('refuses a malformed id or value in a variable, naming no more than the variable', async () => {
    const id = await served.graphql('query ($id: UUID!) { dataset(id: $id) { id } }', { id: '12' }, cookie)
    const kind = await served.graphql(
      'query ($n: Int) { datasets(first: $n) { edges { cursor } } }',
      { n: 'x' },
      cookie,
    )
    const absent = await served.graphql('query ($id: UUID!) { dataset(id: $id) { id } }', {}, cookie)

    expect([codeOf(id), id.status]).to.deep.equal(['GRAPHQL_ID_MALFORMED', 400])
    expect([codeOf(kind), kind.status]).to.deep.equal(['GRAPHQL_VARIABLE_INVALID', 400])
    expect([codeOf(absent), absent.status]).to.deep.equal(['GRAPHQL_VARIABLE_INVALID', 400])
  })

  it('refuses several calls in one, and operations by GET', async () => {
    const batch = await served.post('/graphql', [{ query: '{ ping }' }, { query: '{ ping }' }])
    const get = await served.send('/graphql?query=mutation{ping}')

    for (const answer of [batch, get]) {
      expect(codeOf(answer)).to.equal('GRAPHQL_OPERATION_REFUSED')
      expect(answer.status).to.equal(400)
    }
  })

  it('tells its schema in trial mode and hides it in production', async () => {
    const introspection = '{ __schema { queryType { name } } }'
    const production = await openServed({ mode: 'production', publicUrl: 'https://window.example' })

    const open = await served.graphql(introspection)
    const hidden = await production.graphql(introspection)
    await production.close()

    expect(open.body.data.__schema.queryType.name).to.equal('Query')
    expect([hidden.status, hidden.body.data ?? null]).to.deep.equal([400, null])
  })

  it('carries a refusal whole: code, kind, params, both texts, path and request', async () => {
    const id = '00000000-0000-4000-8000-000000000000'

    const { status, headers, body } = await served.graphql(`{ dataset(id: "${id}") { id } }`, {}, cookie)

    const [error] = body.errors
    expect(status).to.equal(404)
    expect(error.path).to.deep.equal(['dataset'])
    expect(error.extensions).to.deep.include({ code: 'CATALOG_DATASET_NOT_FOUND', kind: 'not-found' })
    expect(error.extensions.messages).to.have.all.keys('zh', 'en')
    expect(error.extensions.requestId).to.equal(headers.get('x-request-id'))
    expect(JSON.stringify(body)).not.to.match(/stack|\.ts:|node_modules/)
  })

  it('answers the fields that were not refused', async () => {
    const { status, body } = await served.graphql(
      '{ me { login } organisation(id: "no-such") { id } }',
      {},
      cookie,
    )

    // `organisation` is never null, so its refusal takes the whole answer with it.
    expect(status).to.equal(404)
    expect(body.data).to.equal(null)
  })

  it('asks a visitor to sign in where a person without the right is forbidden', async () => {
    const command = 'mutation ($c: UUID!) { mergeRegisters(commandId: $c) { id } }'
    const c = '00000000-0000-4000-8000-000000000001'
    await served.person('citizen-only')

    const visitor = await served.graphql(command, { c })
    const citizen = await served.graphql(command, { c }, await served.signIn('citizen-only'))

    expect([codeOf(visitor), visitor.status]).to.deep.equal(['IDENTITY_TOKEN_INVALID', 401])
    expect([codeOf(citizen), citizen.status]).to.deep.equal(['POLICY_FORBIDDEN', 403])
    expect(citizen.body.errors[0].extensions.params.contact.zh).to.contain('数据管理员')
  })

  it('records each refusal of somebody known once, and none of a visitor', async () => {
    const { personId } = await served.person('refused')
    const before = (await served.refusals()).length

    await served.graphql('{ organisation(id: "no-such") { id } }', {}, await served.signIn('refused'))
    await served.graphql('{ organisation(id: "no-such") { id } }')

    const added = (await served.refusals()).slice(before)
    expect(added).to.deep.equal([
      { actorId: personId, subject: 'graphql:organisation', code: 'ORGANISATION_NOT_FOUND' },
    ])
  })

  it('answers a bug as INTERNAL with the request, and nothing else', async () => {
    const { db } = served.world
    const broken = await openServed()
    await broken.world.db.destroy()

    const { status, body } = await broken.graphql('{ datasets { edges { cursor } } }')

    expect(status).to.equal(500)
    expect(body.errors[0].extensions).to.include({ code: 'INTERNAL', kind: 'internal' })
    expect(JSON.stringify(body)).not.to.match(/destroy|driver|kysely|\.ts/i)
    expect(db).not.to.equal(broken.world.db)
    await broken.close().catch(() => undefined)
  })
})

describe('a session over HTTP', () => {
  let served: Served

  before(async () => {
    served = await openServed()
    await served.person('clerk', ['clerk'])
  })
  after(() => served.close())

  it('stands in a cookie that scripts cannot read, with a new id at each sign-in', async () => {
    const first = await served.post('/api/session', { login: 'clerk', password: PASSWORD })
    const old = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const second = await served.post('/api/session', { login: 'clerk', password: PASSWORD }, old)

    expect(first.status).to.equal(201)
    expect(first.body).to.have.property('login', 'clerk')
    expect(first.headers.get('set-cookie')).to.match(/^gdbos=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(second.headers.get('set-cookie')).not.to.include(old)
    expect(codeOf(await served.graphql('{ me { login } }', {}, old))).to.equal('IDENTITY_SESSION_ENDED')
  })

  it('ends at signing out, on the server and in the browser', async () => {
    const cookie = await served.signIn('clerk')

    const out = await served.send('/api/session', { method: 'DELETE', cookie })
    const after = await served.graphql('{ me { login } }', {}, cookie)

    expect(out.status).to.equal(204)
    expect(out.headers.get('set-cookie')).to.match(/^gdbos=; .*Expires=Thu, 01 Jan 1970/)
    expect(out.headers.get('clear-site-data')).to.equal('"cache", "storage"')
    expect([codeOf(after), after.status]).to.deep.equal(['IDENTITY_SESSION_ENDED', 401])
    expect(after.headers.get('set-cookie')).to.match(/^gdbos=; /)
    expect((await served.graphql('{ me { login } }')).body.data.me).to.equal(null)
  })

  it('ends when a member of staff idles for 15 minutes', async () => {
    const cookie = await served.signIn('clerk')

    served.world.now = new Date(served.world.now.getTime() + 15 * 60_000)

    expect(codeOf(await served.graphql('{ me { login } }', {}, cookie))).to.equal('IDENTITY_SESSION_ENDED')
  })

  it('is refused for an unknown token, two tokens, and a body of the wrong shape', async () => {
    const cookie = await served.signIn('clerk')

    for (const bad of ['gdbos=nonsense', `${cookie}; ${cookie}`, `gdbos=${'x'.repeat(5000)}`])
      expect(codeOf(await served.graphql('{ ping }', {}, bad))).to.equal('IDENTITY_TOKEN_INVALID')
    const shapes = [{}, { login: { $ne: null }, password: 'x' }, { login: 'a', password: 'b', admin: true }]
    for (const body of shapes)
      expect(codeOf(await served.post('/api/session', body))).to.equal('GATEWAY_BODY_MALFORMED')
  })

  it('is refused alike for an unknown login and a wrong password, and locks after five', async () => {
    await served.person('locked', ['clerk'])

    const unknown = await served.post('/api/session', { login: 'nobody', password: 'a wrong password' })
    const wrong: Answer[] = []
    for (let attempt = 0; attempt < 5; attempt++)
      wrong.push(await served.post('/api/session', { login: 'locked', password: 'a wrong password' }))
    const sixth = await served.post('/api/session', { login: 'locked', password: PASSWORD })

    const { requestId: _, ...shown } = unknown.body
    expect(unknown.status).to.equal(401)
    for (const answer of wrong) expect(answer.body).to.deep.include(shown)
    expect([codeOf(sixth), sixth.status]).to.deep.equal(['IDENTITY_ACCOUNT_LOCKED', 429])
    expect(sixth.headers.get('retry-after')).to.equal('900')
    expect(await served.signIn('clerk')).to.match(/^gdbos=/)
  })
})

function codeOf(answer: Answer): unknown {
  return answer.body.code ?? answer.body.errors?.[0]?.extensions?.code
}
