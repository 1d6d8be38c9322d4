import { expect } from 'chai'
import { sql } from 'kysely'
import { openPolicy, safe } from '../../core/policy/enforcer.ts'
import { authorize, definePermissions } from '../../core/policy.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

const can = definePermissions('test', {
  read: { action: { zh: '查看办件', en: 'read cases' }, roles: ['clerk', 'reviewer', 'system'] },
  decide: {
    action: { zh: '作出决定', en: 'decide cases' },
    roles: ['reviewer'],
    ownOrganisation: true,
  },
  seed: { action: { zh: '装入事项', en: 'seed items' }, roles: ['system'] },
})

describe('asking whether an actor may', () => {
  let world: World
  const policy = openPolicy(Object.values(can))
  const as = (role: string, organisation: string) => ({ ...world.as(role, organisation), policy })

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('lets a role do what its permission names, and nobody else', async () => {
    expect(await policy.allows(as('clerk', 'tax-bureau'), can.read)).to.be.true
    expect(await policy.allows(as('citizen', 'tax-bureau'), can.read)).to.be.false
  })

  it('keeps a permission over own things from reaching another organisation', async () => {
    const own = { organisationId: 'tax-bureau' }

    expect(await policy.allows(as('reviewer', 'tax-bureau'), can.decide, own)).to.be.true
    const error = await refusal(authorize(as('reviewer', 'market-bureau'), can.decide, own))

    expect(error).to.include({ code: 'POLICY_FORBIDDEN', kind: 'forbidden' })
    expect(error.messages).to.deep.equal({
      zh: '当前身份不能作出决定，如有需要请联系所属单位的审查人员',
      en: 'You may not decide cases; ask the reviewer of the body it belongs to',
    })
  })

  it('names whom to ask in words, and never a program', async () => {
    const citizen = as('citizen', 'tax-bureau')

    const read = await refusal(authorize(citizen, can.read))
    const seed = await refusal(authorize(citizen, can.seed))

    expect(read.messages).to.deep.equal({
      zh: '当前身份不能查看办件，如有需要请联系窗口人员、审查人员',
      en: 'You may not read cases; ask the counter clerk or the reviewer',
    })
    expect(seed.messages.en).to.equal('You may not seed items; ask the system administrator')
  })

  it('ends a right that the organisation took away at the next request', async () => {
    expect(await policy.allows(as('clerk', 'health-bureau'), can.read)).to.be.true

    await world.db
      .insertInto('core.policyRule')
      .values({ organisationId: 'health-bureau', role: 'clerk', permission: 'test.read', effect: 'deny' })
      .execute()
    await sql`update core.policy_version set version = version + 1`.execute(world.db)

    expect(await policy.allows(as('clerk', 'health-bureau'), can.read)).to.be.false
    expect(await policy.allows(as('clerk', 'tax-bureau'), can.read)).to.be.true
  })

  it('answers rightly while rules are being rebuilt again and again', async () => {
    const wrong: boolean[] = []
    const asking = Array.from({ length: 200 }, async () => {
      const allowed = await policy.allows(as('reviewer', 'tax-bureau'), can.read)
      if (!allowed) wrong.push(allowed)
    })
    const changing = Array.from({ length: 10 }, () =>
      sql`update core.policy_version set version = version + 1`.execute(world.db),
    )

    await Promise.all([...asking, ...changing])

    expect(wrong).to.be.empty
  })

  it('refuses names that casbin could read as patterns', () => {
    for (const name of ['*', 'a,b', 'a:b', 'a/b', 'a\nb']) expect(() => safe(name)).to.throw('not allowed')
  })
})
