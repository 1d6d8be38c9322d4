import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { citizenId, establish } from '../../modules/organisation/index.ts'
import { issue } from '../../modules/certificate/index.ts'
import { render } from '../../modules/certificate/rendering.ts'
import { openServed, type Served } from '../gateway/served.ts'

describe('the address of a certificate’s PDF', () => {
  let served: Served
  let id: string
  let number: string
  let token: string
  let caseId: string

  before(async () => {
    served = await openServed({}, '2026-02-25T10:00:00+08:00')
    const platform = served.world.platform()
    await establish(platform, {
      id: 'sample-bureau',
      name: { zh: '样例局', en: 'Sample Bureau' },
      kind: 'body',
    })
    await served.person('bureau.clerk', ['clerk'], 'sample-bureau')
    await served.person('other.clerk', ['clerk', 'signer'], 'other-bureau')
    const { personId } = await served.person('holder')
    await served.person('stranger')
    caseId = randomUUID()
    ;({ id, number, token } = await issue(platform, {
      caseId,
      organisationId: 'sample-bureau',
      holderOrganisationId: citizenId(personId),
      type: 'food-business-licence',
      title: { zh: '食品经营许可证', en: 'Food Business Licence' },
      holder: '王五',
      holderCode: null,
      claims: [],
      issuedOn: '2026-02-25',
      validMonths: null,
      numberPrefix: 'JY',
    }))
    // The server's own workers may be at it already; whoever comes second stores nothing.
    await render(platform, id)
  })
  after(() => served.close())

  it('gives the holder a file to keep, never to be shown on our origin', async () => {
    const { status, headers, body } = await served.send(path(), { cookie: await served.signIn('holder') })

    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.equal('application/pdf')
    expect(headers.get('content-disposition')).to.match(/^attachment; /)
    expect(headers.get('content-disposition')).to.include(encodeURIComponent(`食品经营许可证 ${number}.pdf`))
    expect(headers.get('content-security-policy')).to.equal("default-src 'none'; sandbox")
    expect(headers.get('cache-control')).to.equal('no-store')
    expect(String(body).slice(0, 5)).to.equal('%PDF-')
  })

  it('tells that the holder took it, so that it counts as handed over (T23)', async () => {
    await served.send(path(), { cookie: await served.signIn('bureau.clerk') })

    const events = (await served.world.eventsNamed('certificate.downloaded')).map(({ payload }) => payload)
    const fact = { certificateId: id, caseId, organisationId: 'sample-bureau' }
    expect(events).to.deep.equal([
      { ...fact, byHolder: true },
      { ...fact, byHolder: false },
    ])
  })

  it('is not there for a stranger, another body, a visitor, or a wrong id', async () => {
    for (const login of ['stranger', 'other.clerk'])
      expect((await served.send(path(), { cookie: await served.signIn(login) })).status, login).to.equal(404)
    expect((await served.send(path())).status).to.equal(404)
    const cookie = await served.signIn('holder')
    const wrong = [
      `/api/certificates/${randomUUID()}.pdf`,
      `/api/certificates/${id}`,
      '/api/certificates/x.pdf',
    ]
    for (const address of wrong)
      expect((await served.send(address, { cookie })).status, address).to.equal(404)
  })

  it('is beside a public check of the token, open to visitors', async () => {
    const query = `query($token: String!) { verifyCertificate(token: $token) {
      result number holder issuer { zh en } issuedOn validUntil claims } }`

    const { body } = await served.graphql(query, { token })
    const altered = await served.graphql(query, { token: token.slice(0, -1) })

    expect(body.data.verifyCertificate).to.deep.equal({
      result: 'valid',
      number,
      holder: '王五',
      issuer: { zh: '样例局', en: 'Sample Bureau' },
      issuedOn: '2026-02-25',
      validUntil: null,
      claims: [],
    })
    expect(altered.body.data.verifyCertificate).to.include({ result: 'altered', number: null, holder: null })
  })

  it('knows who I am, and that a visitor is nobody', async () => {
    const query = '{ me { login organisation { id kind } organisations { id } roles permissions } }'

    const { body } = await served.graphql(query, {}, await served.signIn('bureau.clerk'))
    const visitor = await served.graphql(query)

    expect(body.data.me).to.deep.include({
      login: 'bureau.clerk',
      organisation: { id: 'sample-bureau', kind: 'BODY' },
    })
    expect(body.data.me.roles).to.deep.equal(['clerk'])
    expect(body.data.me.permissions).to.include('certificate.readIssued')
    expect(visitor.body.data.me).to.equal(null)
  })

  const path = () => `/api/certificates/${id}.pdf`
})
