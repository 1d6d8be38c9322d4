import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { PLATFORM } from '../../core/kernel.ts'
import { establish } from '../../modules/organisation/index.ts'
import { manifests } from '../../gateway/platform.ts'
import { seed } from '../../gateway/seed.ts'
import { definitions, deploy, handOver, offersOf, processInstance } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { WORLD_PACKS } from '../support/world.ts'
import { chain, message, model, userTask } from './models.ts'
import { BODY, MESSAGES, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const startedBy = (task: string) =>
  model(
    `<startEvent id="s">${message('m_open')}</startEvent>${userTask(task)}<endEvent id="e"/>${chain(`s ${task} e`)}`,
    { before: '<message id="m_open" name="opened"/>' },
  )
const OTHER = 'other-bureau'
const FOOD = 'food-business-licence'

describe('a process of an organisation', () => {
  let world: ProcessWorld
  const designer = (body: string) => world.as('process-designer', body)
  const platform = () => world.kernel.contextFor(PLATFORM)
  const deployAs = (body: string, task: string) =>
    deploy(designer(body), { key: 'p', xml: startedBy(task), pack: { messages: MESSAGES } }, offers.known)
  const versionOf = async (key: string) =>
    (await definitions(platform())).find((each) => each.key === key)?.version

  beforeEach(async () => {
    world = await openProcessWorld()
    for (const id of [BODY, OTHER])
      await establish(world.world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
  })
  afterEach(() => world.close())

  it('gets its versions from its own designers alone, until it is handed over', async () => {
    expect((await deployAs(BODY, 'a')).organisationId).to.equal(BODY)

    expect((await refusal(deployAs(OTHER, 'b'))).code).to.equal('POLICY_FORBIDDEN')
    expect(await versionOf('p')).to.equal(1)

    const given = await handOver(platform(), 'p', OTHER)
    expect(given).to.include({ organisationId: OTHER, version: 1 })
    expect((await deployAs(OTHER, 'b')).version).to.equal(2)
    expect((await refusal(deployAs(BODY, 'c'))).code).to.equal('POLICY_FORBIDDEN')
    expect(await world.world.eventsNamed('workflow.process.handed-over')).to.have.length(1)
  })

  it('is handed over by the platform alone, to an organisation that is there', async () => {
    await deployAs(BODY, 'a')

    for (const role of ['process-designer', 'supervisor', 'directory-admin'])
      expect((await refusal(handOver(world.as(role), 'p', OTHER))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(handOver(platform(), 'none', OTHER))).code).to.equal('WORKFLOW_PROCESS_NOT_FOUND')
    expect((await refusal(handOver(platform(), 'p', 'nobody'))).code).to.equal('ORGANISATION_NOT_FOUND')
    expect((await definitions(platform())).find(({ key }) => key === 'p')?.organisationId).to.equal(BODY)
  })

  it('is read by the designers of every body, its instances by its own', async () => {
    await deployAs(BODY, 'a')
    const id = await world.open()

    expect((await definitions(designer(OTHER))).map(({ key }) => key)).to.include('p')
    for (const [role, body] of [
      ['clerk', BODY],
      ['citizen', 'citizen:1'],
      ['enterprise-drafter', 'firm'],
    ] as const)
      expect((await refusal(definitions(world.as(role, body)))).code).to.equal('POLICY_FORBIDDEN')
    expect(await processInstance(designer(BODY), id)).not.to.equal(undefined)
    expect(await processInstance(designer(OTHER), id)).to.equal(undefined)
  })

  it('is not started by another body’s matter that does not name it', async () => {
    await deployAs(OTHER, 'a')
    const mine = await world.open()
    const [named, theirs] = [randomUUID(), randomUUID()]
    await world.tell('area.matter.opened', { matterId: named, organisationId: BODY, processPack: 'p' })
    await world.tell('area.matter.opened', { matterId: theirs, organisationId: OTHER })
    await world.settle()

    expect(await world.instance(mine)).to.equal(undefined)
    expect(await world.waiting(named)).to.deep.equal(['a'])
    expect(await world.waiting(theirs)).to.deep.equal(['a'])
  })

  it('that ships with the platform is left alone by updates once it was handed over', async () => {
    const shipped = (await definitions(platform())).find(({ key }) => key === FOOD)
    if (!shipped) throw new Error('the pack is not deployed')
    await handOver(platform(), FOOD, OTHER)
    const { pack } = shipped
    const xml = shipped.xml.replace('食品经营许可', '食品经营许可（改）')

    const next = await deploy(designer(OTHER), { key: FOOD, xml, pack }, offersOf(manifests).known)
    await seed(platform(), WORLD_PACKS)

    expect(next.version).to.equal(2)
    expect(await versionOf(FOOD)).to.equal(2)
  })
})
