import { expect } from 'chai'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { deploy, gate, knownNames, readDecisions, rehearse } from '../../workflows/index.ts'
import { manifests } from '../../gateway/platform.ts'
import { refusal } from '../support/refusal.ts'
import { chain, compiled, flow, message, model, timer, userTask } from './models.ts'
import { offers, openProcessWorld } from './process-world.ts'

describe('the rehearsal of a definition', () => {
  it('reaches an end and prints the paths it went', async () => {
    const definition = await compiled(
      model(
        `<startEvent id="s"/>${userTask('a')}<boundaryEvent id="t" attachedToRef="a">${timer('P30D')}</boundaryEvent>
        <exclusiveGateway id="g" default="g_e"/>${userTask('b')}<endEvent id="e"/><endEvent id="x"/>
        ${chain('s a g')}${flow('g', 'b', 'n > 1')}${flow('g', 'e')}${chain('b e')}${chain('t x')}`,
        { variables: ['n:number'] },
      ),
    )

    const rehearsal = await rehearse(definition)

    expect(rehearsal.outcome).to.equal('ended')
    expect(rehearsal.coverage).to.equal(1)
    expect(
      rehearsal.paths.map(({ forced, outcome, nodes }) => [forced, outcome, nodes.join(' ')]),
    ).to.deep.equal([
      [null, 'ended', 's a g e'],
      ['g_b', 'ended', 's a g b e'],
      ['t', 'ended', 's t x'],
    ])
  })

  it('leaves loops, and is ended when its time is over', async () => {
    const definition = await compiled(
      model(
        `<startEvent id="s"/><exclusiveGateway id="m"/>${userTask('a')}<exclusiveGateway id="g" default="g_m"/><endEvent id="e"/>
        ${chain('s m a g')}${flow('g', 'e', 'n > 1')}${flow('g', 'm')}`,
        { variables: ['n:number'] },
      ),
    )
    const first = await rehearse(definition)
    expect(first.outcome).to.equal('ended')
    const other = model(`<startEvent id="s"/>${userTask('a')}<endEvent id="e"/>${chain('s a e')}`)
    expect((await rehearse(await compiled(other))).outcome).to.equal('ended')
    // That a path stands shows after a tenth of a second.
    expect((await rehearse(definition, 1)).outcome).to.equal('timed-out')
    // Nothing of one is told to another, whose thread it had.
    expect(await Promise.all([rehearse(definition), rehearse(definition)])).to.deep.equal([first, first])
  })

  it('covers the shipped food business licence', async () => {
    const folder = join(import.meta.dirname, '..', '..', 'workflows', 'packs', 'food-business-licence')
    const xml = readFileSync(join(folder, 'food-business-licence.bpmn'), 'utf8')
    const decisions = [await readDecisions(readFileSync(join(folder, 'route.dmn'), 'utf8'))]
    const { definition, findings } = await gate(xml, { known: { ...knownNames(manifests), decisions } })
    expect(findings).to.deep.equal([])
    if (!definition) return
    // It is asked what the paths are, not how soon: a busy machine takes longer than a deployment may.
    const rehearsal = await rehearse(definition, 150_000)
    expect(rehearsal.paths.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([])
    expect(rehearsal.outcome).to.equal('ended')
    expect(rehearsal.coverage).to.be.above(0.9)
  })
})

describe('deploying a process', () => {
  const good = (name: string) =>
    model(`<startEvent id="s"/>${userTask(name)}<endEvent id="e"/>${chain(`s ${name} e`)}`)

  it('makes a version of each new file, keeps the rehearsal, and answers the same file with what there is', async () => {
    const world = await openProcessWorld()

    const first = await world.deploy(good('a'))
    const again = await world.deploy(good('a'))
    const second = await world.deploy(good('b'))

    expect(again.id).to.equal(first.id)
    expect([first.version, second.version]).to.deep.equal([1, 2])
    expect(first.rehearsal.outcome).to.equal('ended')
    const deployed = await world.world.eventsNamed('workflow.definition.deployed')
    expect(deployed.filter(({ payload }) => 'key' in payload && payload.key === 'p')).to.have.length(2)
    await world.close()
  })

  it('keeps the version an instance started with', async () => {
    const world = await openProcessWorld()
    const withStart = (name: string) =>
      good(name)
        .replace('<startEvent id="s"/>', `<startEvent id="s">${message('m_open')}</startEvent>`)
        .replace('<process', '<message id="m_open" name="opened"/><process')
    await world.deploy(withStart('a'))
    const old = await world.open()
    await world.deploy(withStart('b'))
    const fresh = await world.open()

    expect(await world.waiting(old)).to.deep.equal(['a'])
    expect(await world.waiting(fresh)).to.deep.equal(['b'])
    await world.close()
  })

  it('is for process designers, and refuses scripts, unknown tasks and broken models with their codes', async () => {
    const world = await openProcessWorld()
    const designer = world.as('process-designer')
    const code = async (xml: string, ctx = designer) =>
      (await refusal(deploy(ctx, { key: 'p', xml }, offers.known))).code
    const node = (xml: string) => model(`<startEvent id="s"/>${xml}<endEvent id="e"/>${chain('s x e')}`)

    expect(await code(good('a'), world.as('clerk'))).to.equal('POLICY_FORBIDDEN')
    expect(await code(node('<scriptTask id="x"/>'))).to.equal('WORKFLOW_SCRIPT_FORBIDDEN')
    expect(await code(node('<serviceTask id="x" implementation="no.such"/>'))).to.equal(
      'WORKFLOW_TASK_UNKNOWN',
    )
    expect(await code(node('<subProcess id="x"/>'))).to.equal('WORKFLOW_MODEL_INVALID')
    expect(await code(good('a').replace('id="p"', 'id="other"'))).to.equal('WORKFLOW_KEY_MISMATCH')
    const pack = { messages: [{ event: 1 }] } as never
    expect((await refusal(deploy(designer, { key: 'p', xml: good('a'), pack }, offers.known))).code).to.equal(
      'WORKFLOW_MODEL_INVALID',
    )
    expect((await deploy(designer, { key: 'p', xml: good('a') }, offers.known)).version).to.equal(1)
    await world.close()
  })
})
