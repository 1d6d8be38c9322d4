import { expect } from 'chai'
import { transaction } from '../../core/context.ts'
import { freshKeys } from '../../core/crypto/keys.ts'
import { openCrypto } from '../../core/crypto/provider.ts'
import {
  type Certificate,
  certificateOf,
  issue,
  reinstate,
  revoke,
  suspend,
  verify,
} from '../../modules/certificate/index.ts'
import { establish, registerPerson } from '../../modules/organisation/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { both, BUREAU, CODE, establishSample, FIRM, input, OTHER, visitorOf } from './fixtures.ts'

describe('issuing a certificate', () => {
  let world: World

  before(async () => {
    world = await openWorld({ now: '2026-02-25T10:00:00+08:00' })
    await establishSample(world)
  })
  beforeEach(() => {
    world.now = new Date('2026-02-25T10:00:00+08:00')
  })
  after(() => world.close())

  it('numbers it JY and 14 digits with a check digit, and ends it the day before its anniversary', async () => {
    const certificate = await issue(world.platform(), input())

    expect(certificate.number).to.match(/^JY1990101\d{7}$/)
    expect(certificate).to.include({ issuedOn: '2026-02-25', validUntil: '2031-02-24', state: 'active' })
    expect(certificate.issuer.zh).to.equal('样例县市场监督管理局')
  })

  it('answers the first one when the case asks again', async () => {
    const wanted = input()

    const [first, second] = [await issue(world.platform(), wanted), await issue(world.platform(), wanted)]

    expect(second).to.deep.equal(first)
    expect(await certificateOf(world.platform(), wanted.caseId)).to.deep.equal(first)
    const events = (await world.eventsNamed('certificate.issued')).map(
      ({ payload }) => payload as { caseId: string },
    )
    expect(events.filter(({ caseId }) => caseId === wanted.caseId)).to.have.length(1)
  })

  it('counts for each body, without gap when a transaction fails', async () => {
    const before = runningOf(await issue(world.platform(), input()))
    await transaction(world.platform(), async (ctx) => {
      await issue(ctx, input())
      throw new Error('the decision failed')
    }).catch(() => undefined)

    const after = runningOf(await issue(world.platform(), input()))
    const foreign = await issue(world.platform(), input({ organisationId: OTHER }))

    expect(after).to.equal(before + 1)
    expect(foreign.number).to.match(/^JY2990101000001\d$/)
  })

  it('is the signer’s of that body or a process, nobody else’s', async () => {
    for (const ctx of [
      world.as('clerk', BUREAU),
      world.as('signer', OTHER),
      world.as('enterprise-drafter', FIRM),
    ])
      expect((await refusal(issue(ctx, input()))).code).to.equal('POLICY_FORBIDDEN')

    expect((await issue(world.as('signer', BUREAU), input())).state).to.equal('active')
  })

  it('never prints what could be a person’s number', async () => {
    const number = '11010519491231002X'
    const { id } = await registerPerson(world.platform(), { name: both('李四') })
    const person = { holder: '李四', holderOrganisationId: `citizen:${id}` }

    for (const wanted of [
      { holderCode: number },
      { ...person, holderCode: number },
      { ...person, holderCode: CODE },
    ])
      expect((await refusal(issue(world.platform(), input(wanted)))).code).to.equal(
        'CERTIFICATE_CONTENT_INVALID',
      )
    expect((await issue(world.platform(), input({ ...person, holderCode: null }))).holderCode).to.equal(null)
  })

  it('refuses content that no QR code would hold', async () => {
    const attempt = issue(world.platform(), input({ holder: '馆'.repeat(300) }))

    expect((await refusal(attempt)).code).to.equal('CERTIFICATE_CONTENT_INVALID')
  })

  describe('its token', () => {
    it('verifies for everybody, with what the certificate says, in at most 1,200 bytes', async () => {
      const { token, number } = await issue(world.platform(), input())

      const verification = await verify(visitor(), token)

      expect(verification).to.include({
        result: 'valid',
        number,
        holder: '样例小馆餐饮有限公司',
        validUntil: '2031-02-24',
      })
      expect(verification.claims).to.deep.equal(input().claims)
      expect(token.length).to.be.below(1200)
    })

    it('is altered, and shows no data, by any one letter changed', async () => {
      const { token } = await issue(world.platform(), input())

      for (let at = 0; at < token.length; at++) {
        const letter = token[at] === 'A' ? 'B' : 'A'
        const altered = token.slice(0, at) + letter + token.slice(at + 1)
        expect(await verify(visitor(), altered), `letter ${at}`).to.deep.equal({
          result: 'altered',
          number: null,
          holder: null,
          issuer: null,
          issuedOn: null,
          validUntil: null,
          claims: null,
        })
      }
    })

    it('of another installation is an unknown issuer’s; what is no token is altered', async () => {
      const foreign = await openWorld()
      await establish(foreign.platform(), { id: BUREAU, name: both('外地局'), kind: 'government' })
      await establish(foreign.platform(), {
        id: FIRM,
        name: both('外地馆'),
        kind: 'enterprise',
        creditCode: CODE,
      })
      const { token } = await issue(foreign.platform(), input({ issuedOn: '2026-01-05' }))
      await foreign.close()

      expect((await verify(visitor(), token)).result).to.equal('unknown-issuer')
      for (const nonsense of ['', 'x', '1.2.3.4', '....', token.slice(0, -1), `${token}.x`])
        expect((await verify(visitor(), nonsense)).result, nonsense).to.equal('altered')
    })

    it('forged by a key of one’s own over a certificate of ours is altered', async () => {
      const { token } = await issue(world.platform(), input())
      const forger = openCrypto(freshKeys())
      const payload = token.split('.')[2]
      const signed = `1.${forger.sign('').keyId}.${payload}`

      const forged = `${signed}.${forger.sign(signed).value.toString('base64url')}`

      expect((await verify(visitor(), forged)).result).to.equal('altered')
    })

    it('says expired from the day after the last one', async () => {
      const { token } = await issue(world.platform(), input({ validMonths: 1 }))
      world.now = new Date('2026-03-24T23:59:59+08:00')
      expect((await verify(visitor(), token)).result).to.equal('valid')

      world.now = new Date('2026-03-25T00:00:00+08:00')
      expect((await verify(visitor(), token)).result).to.equal('expired')
    })

    it('says suspended, valid again, revoked; a second revocation leaves day and reason of the first', async () => {
      const { id, token } = await issue(world.platform(), input())
      const signer = world.as('signer', BUREAU)

      await suspend(signer, id, '待核查')
      expect((await verify(visitor(), token)).result).to.equal('suspended')
      await reinstate(signer, id)
      expect((await verify(visitor(), token)).result).to.equal('valid')
      await revoke(signer, id, '以欺骗手段取得')
      expect((await verify(visitor(), token)).result).to.equal('revoked')

      world.now = new Date('2026-03-01T10:00:00+08:00')
      const again = await refusal(revoke(signer, id, '另一理由'))
      expect(again.code).to.equal('CERTIFICATE_REVOCATION_REPEATED')
      expect(again.params).to.deep.equal({ revokedOn: '2026-02-25', reason: '以欺骗手段取得' })
    })

    it('is revoked by the issuing body’s signer only; for others the certificate is not there', async () => {
      const { id } = await issue(world.platform(), input())

      expect((await refusal(revoke(world.as('signer', OTHER), id, '理由'))).code).to.equal(
        'CERTIFICATE_NOT_FOUND',
      )
      expect((await refusal(suspend(world.as('signer', OTHER), id, '理由'))).code).to.equal(
        'CERTIFICATE_NOT_FOUND',
      )
      expect((await refusal(reinstate(world.as('signer', OTHER), id))).code).to.equal('CERTIFICATE_NOT_FOUND')
      expect((await refusal(revoke(world.as('clerk', BUREAU), id, '理由'))).code).to.equal('POLICY_FORBIDDEN')
      expect((await refusal(revoke(world.as('signer', BUREAU), id, ' '))).code).to.equal(
        'CERTIFICATE_REASON_MISSING',
      )
    })
  })

  const visitor = () => visitorOf(world)
})

const runningOf = ({ number }: Certificate) => Number(number.slice(9, 15))
