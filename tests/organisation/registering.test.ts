import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import {
  actorFor,
  childrenOf,
  dismiss,
  employ,
  establish,
  organisationById,
  organisationsByIds,
  permissionsOf,
  registerPerson,
} from '../../modules/organisation/index.ts'
import { read } from '../../modules/organisation/organisation.service.ts'
import { viewer } from '../../modules/organisation/person.service.ts'
import { openAccount } from '../../core/identity/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

const CODE = '91350100M000100Y43'

describe('registering organisations and people', () => {
  let world: World

  before(async () => {
    world = await openWorld()
    const platform = world.platform()
    await establish(platform, government)
    await establish(platform, bureau)
  })
  after(() => world.close())

  const government = {
    id: 'sample-county',
    name: both('样例县人民政府'),
    kind: 'government',
    regionCode: '990101',
  } as const
  const bureau = {
    id: 'sample-bureau',
    name: both('样例县市场监督管理局'),
    kind: 'body',
    parentId: 'sample-county',
  } as const

  it('keeps the tree, read in one batch and in the order asked for', async () => {
    expect(await organisationById(world.platform(), 'sample-bureau')).to.deep.equal({
      ...bureau,
      creditCode: null,
      regionCode: null,
      personId: null,
    })
    const ids = ['sample-bureau', 'sample-county', 'sample-bureau']
    expect((await organisationsByIds(world.platform(), ids)).map(({ id }) => id)).to.deep.equal(ids)
    expect((await childrenOf(world.platform(), 'sample-county')).map(({ id }) => id)).to.deep.equal([
      'sample-bureau',
    ])
  })

  it('announces each registration', async () => {
    const events = await world.eventsNamed('organisation.established')

    expect(events.map(({ payload }) => payload)).to.deep.include({
      organisationId: 'sample-bureau',
      kind: 'body',
    })
  })

  const refusals: [string, Parameters<typeof establish>[1], string][] = [
    ['an id already used', bureau, 'ORGANISATION_ID_TAKEN'],
    ['a parent that does not exist', { ...bureau, id: 'x1', parentId: 'nowhere' }, 'ORGANISATION_NOT_FOUND'],
    ['a second body of one name under one parent', { ...bureau, id: 'x2' }, 'ORGANISATION_NAME_TAKEN'],
    [
      'a government under a body',
      { ...government, id: 'x3', parentId: 'sample-bureau' },
      'ORGANISATION_PARENT_INVALID',
    ],
    ['an id with a separator', { ...bureau, id: 'a:b' }, 'ORGANISATION_ID_INVALID'],
    [
      'an enterprise without its credit code',
      { id: 'x4', name: both('甲'), kind: 'enterprise' },
      'ORGANISATION_CREDIT_CODE_INVALID',
    ],
    [
      'a credit code with a wrong check character',
      enterprise('x5', '91350100M000100Y44'),
      'ORGANISATION_CREDIT_CODE_INVALID',
    ],
    [
      'a region that is no code',
      { ...bureau, id: 'x6', name: both('乙'), regionCode: '35' },
      'ORGANISATION_REGION_CODE_INVALID',
    ],
    ...['*', ',', ':', '/', '\n', '\r'].map(
      (character): [string, Parameters<typeof establish>[1], string] => [
        `a name holding ${JSON.stringify(character)} (K13)`,
        { ...bureau, id: 'x7', name: { zh: '丙', en: `a${character}b` } },
        'ORGANISATION_NAME_INVALID',
      ],
    ),
  ]
  for (const [what, input, code] of refusals) {
    it(`refuses ${what}`, async () => {
      expect((await refusal(establish(world.platform(), input))).code).to.equal(code)
    })
  }

  it('holds a credit code once', async () => {
    await establish(world.platform(), enterprise('one-firm', CODE))

    const error = await refusal(establish(world.platform(), enterprise('other-firm', CODE)))

    expect(error.code).to.equal('ORGANISATION_CREDIT_CODE_TAKEN')
  })

  it('is the platform’s work: no office may add an organisation', async () => {
    const attempt = establish(world.as('system-admin', 'sample-bureau'), {
      ...bureau,
      id: 'x8',
      name: both('丁'),
    })

    expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
  })

  describe('posts', () => {
    it('make a person an actor with the roles held there, else a citizen', async () => {
      const { id } = await givenPerson()
      expect(await actorFor(world.platform(), id)).to.deep.equal({
        id,
        organisationId: `citizen:${id}`,
        roles: ['citizen'],
      })

      await employ(world.platform(), {
        personId: id,
        organisationId: 'sample-bureau',
        roles: ['reviewer', 'clerk', 'clerk'],
      })

      const inOffice = { id, organisationId: 'sample-bureau', roles: ['clerk', 'reviewer'] }
      expect(await actorFor(world.platform(), id)).to.deep.equal(inOffice)
      expect(await actorFor(world.platform(), id, 'sample-bureau')).to.deep.equal(inOffice)
      expect((await actorFor(world.platform(), id, `citizen:${id}`)).roles).to.deep.equal(['citizen'])
      const elsewhere = await refusal(actorFor(world.platform(), id, 'sample-county'))
      expect(elsewhere.code).to.equal('ORGANISATION_MEMBERSHIP_MISSING')
    })

    it('end with dismissal and may begin again', async () => {
      const { id: personId } = await givenPerson()
      const post = { personId, organisationId: 'sample-bureau' }
      await employ(world.platform(), { ...post, roles: ['clerk'] })

      await dismiss(world.platform(), post)

      expect((await actorFor(world.platform(), personId)).roles).to.deep.equal(['citizen'])
      expect((await refusal(dismiss(world.platform(), post))).code).to.equal(
        'ORGANISATION_MEMBERSHIP_MISSING',
      )
      await employ(world.platform(), { ...post, roles: ['signer'] })
      expect((await actorFor(world.platform(), personId)).roles).to.deep.equal(['signer'])
    })

    it('are announced once, though given twice', async () => {
      const { id: personId } = await givenPerson()
      const post = { personId, organisationId: 'sample-bureau', roles: ['clerk'] }

      await employ(world.platform(), post)
      await employ(world.platform(), post)

      const events = await world.eventsNamed('organisation.person.employed')
      expect(
        events.filter(({ payload }) => 'personId' in payload && payload.personId === personId),
      ).to.have.length(1)
    })

    it('are filled by the administrator of the own organisation only', async () => {
      const { id: personId } = await givenPerson()
      const post = { personId, organisationId: 'sample-bureau', roles: ['clerk'] }

      const foreign = await refusal(employ(world.as('system-admin', 'sample-county'), post))
      expect(foreign.code).to.equal('POLICY_FORBIDDEN')
      expect((await refusal(dismiss(world.as('clerk', 'sample-bureau'), post))).code).to.equal(
        'POLICY_FORBIDDEN',
      )

      expect((await employ(world.as('system-admin', 'sample-bureau'), post)).roles).to.deep.equal(['clerk'])
    })

    it('refuse the roles of offices in a firm, and those of firms in an office', async () => {
      const { id: personId } = await givenPerson()
      const name = { zh: '示例商行', en: 'Sample store' }
      await establish(world.platform(), {
        id: 'sample-store',
        kind: 'enterprise',
        name,
        creditCode: '91330100799655058B',
      })

      for (const [organisationId, role] of [
        ['sample-store', 'auditor'],
        ['sample-bureau', 'enterprise-drafter'],
      ] as const)
        expect(
          (await refusal(employ(world.platform(), { personId, organisationId, roles: [role] }))).code,
        ).to.equal('ORGANISATION_ROLE_INVALID')
    })

    it('refuse the platform’s own role, a name with a wildcard, an unknown person', async () => {
      const { id: personId } = await givenPerson()
      const post = { personId, organisationId: 'sample-bureau' }

      for (const role of ['system', 'cl*rk', ''])
        expect((await refusal(employ(world.platform(), { ...post, roles: [role] }))).code).to.equal(
          'ORGANISATION_ROLE_INVALID',
        )
      const unknown = employ(world.platform(), { ...post, personId: randomUUID(), roles: ['clerk'] })
      expect((await refusal(unknown)).code).to.equal('ORGANISATION_PERSON_NOT_FOUND')
    })
  })

  describe('looking up', () => {
    it('answers another party like one that does not exist, but shows it to itself and to the office', async () => {
      await establish(world.platform(), enterprise('seen-firm', '91350100MA00000A12'))

      const stranger = await refusal(read(world.as('enterprise-drafter', 'one-firm'), 'seen-firm'))
      const unknown = await refusal(read(world.as('enterprise-drafter', 'one-firm'), 'no-firm'))

      expect([stranger.code, unknown.code]).to.deep.equal([
        'ORGANISATION_NOT_FOUND',
        'ORGANISATION_NOT_FOUND',
      ])
      expect((await read(world.as('enterprise-drafter', 'seen-firm'), 'seen-firm')).id).to.equal('seen-firm')
      expect((await read(world.as('clerk', 'sample-bureau'), 'seen-firm')).id).to.equal('seen-firm')
      expect((await read(anonymous(), 'sample-bureau')).id).to.equal('sample-bureau')
    })

    it('greets the signed-in person and nobody else', async () => {
      const person = await givenPerson()
      await openAccount(world.platform(), {
        login: 'greeted.person',
        password: 'a-long-enough-phrase',
        personId: person.id,
        audience: 'staff',
      })
      await employ(world.platform(), {
        personId: person.id,
        organisationId: 'sample-bureau',
        roles: ['system-admin'],
      })
      const ctx = world.kernel.contextFor(await actorFor(world.platform(), person.id))

      expect(await viewer(ctx)).to.deep.equal({
        personId: person.id,
        login: 'greeted.person',
        name: person.name,
        organisationId: 'sample-bureau',
        roles: ['system-admin'],
      })
      expect(await permissionsOf(ctx)).to.include('organisation.employ')
      expect(await permissionsOf(ctx)).not.to.include('organisation.establish')
      expect(await viewer(anonymous())).to.equal(null)
      expect(await permissionsOf(anonymous())).to.deep.equal([])
    })
  })

  const anonymous = () => world.kernel.contextFor({ id: 'anonymous', organisationId: 'public', roles: [] })
  const givenPerson = () => registerPerson(world.platform(), { name: { zh: '张三', en: 'Zhang San' } })
})

function both(zh: string) {
  return { zh, en: `Sample ${zh}` }
}

function enterprise(id: string, creditCode: string) {
  return { id, name: both('某餐饮有限公司'), kind: 'enterprise', creditCode } as const
}
