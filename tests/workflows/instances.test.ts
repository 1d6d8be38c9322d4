import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { establish } from '../../modules/organisation/index.ts'
import {
  deploy,
  incidents,
  operations,
  processInstance,
  processInstances,
  retireVersion,
} from '../../workflows/index.ts'
import * as inspection from '../../workflows/inspection.service.ts'
import { refusal } from '../support/refusal.ts'
import { chain, message, model, serviceTask, userTask } from './models.ts'
import { BODY, MESSAGES, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const OTHER = 'other-bureau'
const started = (middle: string, node: string, key: string) =>
  model(
    `<startEvent id="s">${message('m_open')}</startEvent>${middle}<endEvent id="e"/>${chain(`s ${node} e`)}`,
    { before: '<message id="m_open" name="opened"/>', variables: ['do:string', 'caseId:string'], key },
  )

describe('the list of process instances', () => {
  let world: ProcessWorld
  const designer = (body: string) => world.as('process-designer', body)
  const put = (body: string, key: string, middle: string, node: string) =>
    deploy(
      designer(body),
      { key, xml: started(middle, node, key), pack: { messages: MESSAGES } },
      offers.known,
    )
  const list = async (ctx: ReturnType<typeof designer>, filter = {}, page = { first: 20 }) =>
    (await processInstances(ctx, filter, page)).edges.map(({ node }) => node.businessKey)

  beforeEach(async () => {
    world = await openProcessWorld()
    for (const id of [BODY, OTHER])
      await establish(world.world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
  })
  afterEach(() => world.close())

  it('shows each body its own, designers those of their processes, auditors all', async () => {
    await put(OTHER, 'theirs', userTask('a'), 'a')
    const matter = randomUUID()
    await world.tell('area.matter.opened', { matterId: matter, organisationId: BODY, processPack: 'theirs' })
    await world.settle()

    expect(await list(designer(OTHER))).to.deep.equal([matter])
    expect(await list(designer(BODY))).to.deep.equal([])
    expect(await list(world.as('clerk', BODY))).to.deep.equal([matter])
    expect(await list(world.as('clerk', OTHER))).to.deep.equal([])
    expect(await list(world.as('auditor', 'audit-office'))).to.deep.equal([matter])
    const citizen = processInstances(world.as('citizen', 'citizen:1'), {}, { first: 20 })
    expect((await refusal(citizen)).code).to.equal('POLICY_FORBIDDEN')
  })

  it('shows the caller and the called only to who may see them, and says of a retired version that it is', async () => {
    const task = userTask('b', `gdbos:candidateRole="clerk" gdbos:organisation="&quot;${OTHER}&quot;"`)
    const child = model(`<startEvent id="s"/>${task}<endEvent id="e"/>${chain('s b e')}`, { key: 'child' })
    await deploy(designer(BODY), { key: 'child', xml: child }, offers.known)
    await put(BODY, 'parent', '<callActivity id="c" calledElement="child"/>', 'c')
    const open = async () => {
      const matter = await world.open()
      return processInstance(world.as('clerk'), matter)
    }
    const parent = await open()
    const [called] = parent ? await inspection.called(world.as('clerk'), parent) : []
    if (!parent || !called) throw new Error('nothing was called')
    const [own, other] = [world.as('clerk'), world.as('clerk', OTHER)]

    expect((await inspection.caller(own, called))?.id).to.equal(parent.id)
    expect((await processInstance(other, called.businessKey, called.id))?.id).to.equal(called.id)
    expect(await inspection.caller(other, called)).to.equal(null)
    expect(await inspection.called(world.as('clerk', 'third-bureau'), parent)).to.deep.equal([])

    const { id, version: expectedVersion } = parent
    await operations.terminate(world.as('supervisor'), { id, expectedVersion, reason: 'x' })
    await world.settle()
    await retireVersion(designer(BODY), { key: 'child', version: 1, reason: 'x' })
    const stopped = await open()
    const { edges } = await incidents(world.as('supervisor'), {}, { first: 20 })
    expect(edges.map(({ node }) => [node.instanceId, (node.error as { code: string }).code])).to.deep.equal([
      [stopped?.id, 'WORKFLOW_VERSION_RETIRED'],
    ])
  })

  it('is filtered by process, state and the beginning of the business key, page by page', async () => {
    await put(BODY, 'tasks', userTask('a'), 'a')
    await put(BODY, 'jobs', serviceTask('w'), 'w')
    const open = async (variables: object) => {
      const id = randomUUID()
      await world.tell('area.matter.opened', { matterId: id, organisationId: BODY, variables })
      world.advance(1_000)
      await world.settle()
      return id
    }
    const [good, bad] = [await open({}), await open({ do: 'refuse' })]
    const ctx = world.as('auditor')

    expect(await list(ctx, { key: 'tasks' })).to.deep.equal([bad, good])
    expect(await list(ctx, { key: 'jobs', status: 'incident' })).to.deep.equal([bad])
    expect(await list(ctx, { key: 'jobs', status: 'completed' })).to.deep.equal([good])
    expect(await list(ctx, { status: 'running' })).to.deep.equal([bad, good])
    expect(await list(ctx, { businessKey: good.slice(0, 8) })).to.deep.equal([good, good])
    expect(await list(ctx, { businessKey: '%' })).to.deep.equal([])
    const first = await processInstances(ctx, {}, { first: 3 })
    const after = first.pageInfo.endCursor
    const rest = await processInstances(ctx, {}, { first: 3, after })
    expect([...first.edges, ...rest.edges].map(({ node }) => node.id)).to.have.length(4)
    expect(new Set([...first.edges, ...rest.edges].map(({ node }) => node.id)).size).to.equal(4)
    expect((await refusal(processInstances(ctx, {}, { first: 0 }))).code).to.equal('GRAPHQL_PAGE_INVALID')
  })
})
