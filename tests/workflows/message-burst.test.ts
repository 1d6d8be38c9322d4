import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { chain, message, model, userTask } from './models.ts'
import { BODY, openProcessWorld, type ProcessWorld } from './process-world.ts'

const MATTERS = 12
const START = `<startEvent id="s">${message('m_open')}</startEvent>`
const BEFORE = '<message id="m_open" name="opened"/>'
const CLERK = userTask('b', 'gdbos:candidateRole="clerk"')

describe('messages that come together', () => {
  let world: ProcessWorld
  let matters: string[]

  beforeEach(async () => {
    world = await openProcessWorld()
    const once = `<receiveTask id="r" messageRef="m_go"/>${CLERK}<endEvent id="e"/>${chain('s r b e')}`
    const twice = `<parallelGateway id="f"/><receiveTask id="r" messageRef="m_go"/>
      <receiveTask id="q" messageRef="m_go"/><parallelGateway id="j"/><endEvent id="e"/>
      ${chain('s f r j e')}${chain('f q j')}`
    await world.deploy(model(`${START}${once}`, { before: BEFORE, variables: ['note:string'] }))
    await world.deploy(model(`${START}${twice}`, { before: BEFORE, key: 'twice' }), { key: 'twice' })
    matters = Array.from({ length: MATTERS }, () => randomUUID())
    for (const matterId of matters) await opened(matterId, 'p')
    await world.settle()
  })
  afterEach(() => world.close())

  it('are heard in one commit where each is for one token of one instance', async () => {
    for (const matterId of matters) await heard(matterId)

    await told()

    for (const matterId of matters) expect(await world.waiting(matterId)).to.deep.equal(['b'])
    const commits = sql`(select distinct xmin::text from workflow.instance) commits`
    expect(await count(commits)).to.equal(1)
    expect(await left()).to.equal(0)
  })

  it('are each heard once by nodes that look at the same moment', async () => {
    for (const matterId of matters) await heard(matterId)
    const nodes = [world, world.restarted(), world.restarted()]

    await said()
    await Promise.all(nodes.map((node) => node.pollOnce('workflow.messages')))

    for (const matterId of matters) expect(await world.waiting(matterId)).to.deep.equal(['b'])
    expect(await stepsBy('message')).to.equal(MATTERS)
  })

  it('reach an instance in the order they came, the first of them with the others', async () => {
    const [first = ''] = matters
    await heard(first, 'one')
    await heard(first, 'two')
    for (const matterId of matters.slice(1)) await heard(matterId)

    await told()

    expect((await world.instance(first))?.variables).to.deep.include({ note: 'one' })
    expect(await stepsBy('message')).to.equal(MATTERS)
    expect(await left()).to.equal(1)
  })

  it('do not overtake the one that ends the instance', async () => {
    const [ended = '', ...others] = matters
    await world.tell('area.matter.ended', { matterId: ended, organisationId: BODY })
    await heard(ended)
    for (const matterId of others) await heard(matterId)

    await told()

    expect((await world.instance(ended))?.status).to.equal('terminated')
    expect(await stepsBy('message')).to.equal(MATTERS - 1)
  })

  it('end the instance of one that is heard and ends it, after it was heard', async () => {
    const ending = randomUUID()
    const stopping = '<receiveTask id="r" messageRef="m_stop"/>'
    const xml = `${START}${stopping}${CLERK}<endEvent id="e"/>${chain('s r b e')}`
    await world.deploy(model(xml, { before: BEFORE, key: 'ending' }), { key: 'ending' })
    await opened(ending, 'ending')
    await world.settle()
    await world.tell('area.matter.ended', { matterId: ending, organisationId: BODY })
    for (const matterId of matters) await heard(matterId)

    await told()

    expect((await world.instance(ending))?.status).to.equal('terminated')
    expect(await stepsBy('message')).to.equal(MATTERS + 1)
  })

  it('reach every token of an instance that waits for them', async () => {
    const both = randomUUID()
    await opened(both, 'twice')
    await world.settle()
    for (const matterId of [both, ...matters]) await heard(matterId)

    await told()

    expect((await world.instance(both))?.status).to.equal('completed')
    expect(await stepsBy('message')).to.equal(MATTERS + 2)
  })

  const opened = (matterId: string, processPack: string) =>
    world.tell('area.matter.opened', { matterId, organisationId: BODY, processPack })

  const heard = (matterId: string, note = 'go') =>
    world.tell('area.matter.heard', { matterId, organisationId: BODY, note })

  /** What is said becomes messages, which are looked at once. */
  async function told(): Promise<void> {
    await said()
    await world.pollOnce('workflow.messages')
  }

  async function said(): Promise<void> {
    while ((await count(sql`core.delivery where status = 'waiting'`)) > 0)
      await world.pollOnce('core.deliveries')
  }

  async function stepsBy(command: string): Promise<number> {
    const steps = await world.world.eventsNamed('workflow.instance.stepped')
    return steps.filter(({ payload }) => payload.command === command).length
  }

  const left = () => count(sql`workflow.message where status = 'new'`)

  async function count(rows: ReturnType<typeof sql>): Promise<number> {
    const { rows: counts } = await sql<{ count: number }>`select count(*)::int as count from ${rows}`.execute(
      world.world.db,
    )
    return counts[0]?.count ?? 0
  }
})
