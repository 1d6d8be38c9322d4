import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import * as identity from '../../core/identity/index.ts'
import { hashPassword, matches } from '../../core/identity/password.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

const PASSWORD = 'correct horse battery'
const MINUTE = 60_000

describe('signing in', () => {
  let world: World
  let serial = 0

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('gives a new token each time and keeps only its digest', async () => {
    const { login } = await givenAccount()

    const first = await signIn(login)
    const second = await signIn(login)

    expect(first.token).not.to.equal(second.token)
    const stored = JSON.stringify(await world.db.selectFrom('core.session').selectAll().execute())
    expect(stored).not.to.include(first.token)
    expect((await identity.resume(world.platform(), first.token)).account.login).to.equal(login)
  })

  it('ends the session the browser held before, so that no id outlives a login', async () => {
    const { login } = await givenAccount()
    const before = await signIn(login)

    await identity.signIn(world.platform(), { login, password: PASSWORD, replaces: before.token })

    expect(await ended(before.token)).to.equal('IDENTITY_SESSION_ENDED')
  })

  it('takes a login in any case and a password in any Unicode form', async () => {
    const { login } = await givenAccount('staff', '口令Ａbcdefghij é')

    const { account } = await identity.signIn(world.platform(), {
      login: login.toUpperCase(),
      password: '口令Abcdefghij é',
    })

    expect(account.login).to.equal(login)
  })

  it('records who signed in', async () => {
    const { login, personId } = await givenAccount()

    await signIn(login)

    const rows = await world.db
      .selectFrom('core.access')
      .select('kind')
      .where('actorId', '=', personId)
      .execute()
    expect(rows).to.deep.equal([{ kind: 'login' }])
  })

  it('locks for 15 minutes after five failures, the right password included, and then forgets', async () => {
    const { login } = await givenAccount()
    const other = await givenAccount()

    for (let attempt = 0; attempt < 5; attempt++)
      expect((await refusal(signIn(login, 'a wrong password'))).code).to.equal('IDENTITY_LOGIN_REFUSED')
    const locked = await refusal(signIn(login))

    expect(locked).to.include({ code: 'IDENTITY_ACCOUNT_LOCKED', status: 429 })
    expect(locked.params).to.deep.equal({ minutes: 15 })
    await signIn(other.login)
    advance(15 * MINUTE)
    await signIn(login)
  })

  it('counts failures that come at the same time', async () => {
    const { login } = await givenAccount()

    await Promise.allSettled(Array.from({ length: 5 }, () => signIn(login, 'a wrong password')))

    expect((await refusal(signIn(login))).code).to.equal('IDENTITY_ACCOUNT_LOCKED')
  })

  it('locks a login that does not exist alike', async () => {
    for (let attempt = 0; attempt < 5; attempt++)
      expect((await refusal(signIn('nobody-here'))).code).to.equal('IDENTITY_LOGIN_REFUSED')

    expect((await refusal(signIn('nobody-here'))).code).to.equal('IDENTITY_ACCOUNT_LOCKED')
  })

  it('lets an administrator clear the lock', async () => {
    const { login } = await givenAccount()
    for (let attempt = 0; attempt < 5; attempt++) await refusal(signIn(login, 'a wrong password'))

    await identity.unlock(world.platform(), login)

    await signIn(login)
  })

  it('takes as long for a login that does not exist as for a wrong password', async () => {
    const { login } = await givenAccount()
    const known: number[] = []
    const unknown: number[] = []

    for (let round = 0; round < 12; round++) {
      known.push(await timed(signIn(login, 'a wrong password')))
      unknown.push(await timed(signIn(`unknown-${round}`)))
      await identity.unlock(world.platform(), login)
    }

    expect(median(unknown)).to.be.within(median(known) * 0.7, median(known) * 1.3)
  })

  it('ends a session of staff after 15 idle minutes and of the public after 30', async () => {
    const staff = await signIn((await givenAccount('staff')).login)
    const citizen = await signIn((await givenAccount('public')).login)

    advance(15 * MINUTE - 1)
    await identity.resume(world.platform(), staff.token)
    advance(15 * MINUTE)

    expect(await ended(staff.token)).to.equal('IDENTITY_SESSION_ENDED')
    await identity.resume(world.platform(), citizen.token)
    advance(30 * MINUTE)
    expect(await ended(citizen.token)).to.equal('IDENTITY_SESSION_ENDED')
  })

  it('ends a session in use after 8 hours', async () => {
    const { token } = await signIn((await givenAccount('staff')).login)

    for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 10) {
      advance(10 * MINUTE)
      await identity.resume(world.platform(), token)
    }
    advance(10 * MINUTE)

    expect(await ended(token)).to.equal('IDENTITY_SESSION_ENDED')
  })

  it('ends sessions at signing out, at a new password and when the account is disabled', async () => {
    const { id, login } = await givenAccount()
    const out = await signIn(login)
    await identity.signOut(world.platform(), out.token)
    const old = await signIn(login)
    await identity.changePassword(world.platform(), login, { current: PASSWORD, next: 'staple lamp river' })
    const last = await identity.signIn(world.platform(), { login, password: 'staple lamp river' })
    await identity.disable(world.platform(), id)

    for (const { token } of [out, old, last]) expect(await ended(token)).to.equal('IDENTITY_SESSION_ENDED')
    expect((await refusal(signIn(login, 'staple lamp river'))).code).to.equal('IDENTITY_LOGIN_REFUSED')
  })

  it('refuses a token nobody was given', async () => {
    for (const token of ['', 'x'.repeat(43), 'x'.repeat(10_000), "' or 1=1 --"])
      expect(await ended(token)).to.equal('IDENTITY_TOKEN_INVALID')
  })

  it('refuses short, common and telling passwords, and a login taken or malformed', async () => {
    const open = (login: string, password: string) =>
      refusal(
        identity.openAccount(world.platform(), {
          login,
          password,
          personId: randomUUID(),
          audience: 'staff',
        }),
      )
    const taken = await givenAccount()

    for (const password of [
      'short',
      '12345678901',
      'Password1234',
      'aaaaaaaaaaaaaa',
      'zhang-san-2026',
      '123456789012',
    ])
      expect((await open('zhang-san', password)).code, password).to.equal('IDENTITY_PASSWORD_WEAK')
    expect((await open(taken.login, PASSWORD)).code).to.equal('IDENTITY_LOGIN_TAKEN')
    for (const login of ['', 'A', 'a b', '张三', '../x', 'a'.repeat(65)])
      expect((await open(login, PASSWORD)).code, login).to.equal('IDENTITY_LOGIN_INVALID')
  })

  it('keeps passwords by scrypt with N = 2^15, r = 8, p = 3 and a salt of their own', async () => {
    const [one, two] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)])

    expect(one).to.match(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/)
    expect(one).not.to.equal(two)
    expect(await matches(PASSWORD, one)).to.equal(true)
    expect(await matches(`${PASSWORD} `, one)).to.equal(false)
  })

  function givenAccount(audience: identity.Audience = 'staff', password = PASSWORD) {
    serial += 1
    return identity.openAccount(world.platform(), {
      login: `person-${serial}`,
      password,
      personId: randomUUID(),
      audience,
    })
  }

  const signIn = (login: string, password = PASSWORD) =>
    identity.signIn(world.platform(), { login, password })

  async function ended(token: string): Promise<string> {
    return (await refusal(identity.resume(world.platform(), token))).code
  }

  function advance(ms: number) {
    world.now = new Date(world.now.getTime() + ms)
  }

  async function timed(attempt: Promise<unknown>): Promise<number> {
    const start = performance.now()
    await refusal(attempt)
    return performance.now() - start
  }

  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
})
