import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { SaxesParser } from 'saxes'
import { complete, exportLog, tasks } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { chain, message, model, userTask } from './models.ts'
import { BODY, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const NAME = '审查 <"材料" & 证照>'
const XML = model(
  `<startEvent id="s">${message('m_open')}</startEvent>
  ${userTask('a', `gdbos:candidateRole="clerk" name="${NAME.replace('&', '&amp;').replace('<', '&lt;').replaceAll('"', '&quot;')}"`)}
  ${userTask('b', 'gdbos:candidateRole="clerk"')}<exclusiveGateway id="x"/><endEvent id="e"/>${chain('s a x b e')}`,
  { before: '<message id="m_open" name="opened"/>' },
)
const HOUR = 3_600_000

interface Element {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly children: Element[]
}

/** XML as a tree; what is not well-formed throws. */
function parsed(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, children: [] }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  const [log] = root.children
  if (!log) throw new Error('an empty document')
  return log
}

const valueOf = ({ children }: Element, key: string) =>
  children.find(({ attributes }) => attributes['key'] === key)?.attributes['value']

describe('the log of a process for process mining', () => {
  let world: ProcessWorld
  let finished: string
  const purpose = 'find what keeps cases waiting'

  const take = async (format: 'xes' | 'ocel', ctx = world.as('auditor')) => {
    const { content } = await exportLog(ctx, { key: 'p', format, purpose })
    let text = ''
    for await (const part of content) text += part
    return text
  }

  async function answer(node: string, person: string) {
    const ctx = world.as('clerk', BODY, person)
    const { edges } = await tasks(ctx, { first: 100 })
    const found = edges.find((edge) => edge.node.node === node)
    if (!found) throw new Error(`no task waits at ${node}`)
    const { id, version: expectedVersion } = found.node
    await complete(ctx, { commandId: randomUUID(), id, expectedVersion, output: { secret: 'hush' } }, offers)
    await world.settle()
  }

  before(async () => {
    world = await openProcessWorld()
    await world.deploy(XML)
    finished = await world.open({ secret: 'hush' })
    world.advance(HOUR)
    await answer('a', 'wang')
    world.advance(HOUR)
    await answer('b', 'wang')
    await world.open()
    world.advance(HOUR)
    await answer('a', 'li')
  })
  after(() => world.close())

  it('is XES by IEEE 1849-2016, with the standard extensions', async () => {
    const log = parsed(await take('xes'))

    expect(log.name).to.equal('log')
    expect(log.attributes).to.include({
      'xes.version': '1849.2016',
      xmlns: 'http://www.xes-standard.org/',
    })
    const names = log.children.map(({ name }) => name)
    const order = ['extension', 'global', 'classifier', 'string', 'trace']
    expect(names.map((name) => order.indexOf(name))).to.deep.equal(
      names.map((name) => order.indexOf(name)).sort((a, b) => a - b),
    )
    expect(
      log.children.filter(({ name }) => name === 'extension').map(({ attributes }) => attributes['prefix']),
    ).to.have.members(['concept', 'lifecycle', 'time', 'org'])
    const globals = log.children.filter(({ name }) => name === 'global')
    expect(globals.map(({ attributes }) => attributes['scope'])).to.deep.equal(['trace', 'event'])
    for (const trace of log.children.filter(({ name }) => name === 'trace')) {
      expect(valueOf(trace, 'concept:name')).to.match(/^[0-9a-f-]{36}$/)
      for (const event of trace.children.filter(({ name }) => name === 'event'))
        for (const { attributes } of globals[1]?.children ?? [])
          expect(valueOf(event, attributes['key'] ?? '')).to.not.equal(undefined)
    }
  })

  it('tells of each case what was scheduled and done, when and by which pseudonym, in order', async () => {
    const log = parsed(await take('xes'))
    const instance = await world.instance(finished)
    const trace = log.children.find((each) => valueOf(each, 'concept:name') === instance?.id)
    const events = trace?.children.filter(({ name }) => name === 'event') ?? []

    expect(
      events.map((event) => `${valueOf(event, 'node')} ${valueOf(event, 'lifecycle:transition')}`),
    ).to.deep.equal(['s complete', 'a schedule', 'a complete', 'b schedule', 'b complete', 'e complete'])
    expect(valueOf(events[2] as Element, 'concept:name')).to.equal(NAME)
    expect(valueOf(events[2] as Element, 'time:timestamp')).to.equal('2026-01-05T02:00:00.000+00:00')
    expect(valueOf(events[2] as Element, 'org:group')).to.equal(BODY)
    expect(valueOf(events[2] as Element, 'org:role')).to.equal('clerk')
    const who = events.map((event) => valueOf(event, 'org:resource'))
    expect(who[2]).to.match(/^[0-9a-f]{16}$/)
    expect(who).to.deep.equal([undefined, undefined, who[2], undefined, who[2], undefined])
  })

  it('is OCEL 2.0: every type declared, every id once, every relation to an object that is there', async () => {
    const log = JSON.parse(await take('ocel')) as {
      objectTypes: { name: string; attributes: { name: string; type: string }[] }[]
      eventTypes: { name: string; attributes: { name: string; type: string }[] }[]
      events: {
        id: string
        type: string
        time: string
        attributes: { name: string; value: unknown }[]
        relationships: { objectId: string; qualifier: string }[]
      }[]
      objects: {
        id: string
        type: string
        attributes: { name: string; time: string; value: unknown }[]
        relationships: { objectId: string; qualifier: string }[]
      }[]
    }

    const KINDS = ['string', 'time', 'integer', 'float', 'boolean']
    for (const { attributes } of [...log.objectTypes, ...log.eventTypes])
      for (const { type } of attributes) expect(KINDS).to.include(type)
    const ids = [...log.objects, ...log.events].map(({ id }) => id)
    expect(new Set(ids).size).to.equal(ids.length)
    const objects = new Set(log.objects.map(({ id }) => id))
    for (const [types, rows] of [
      [log.objectTypes, log.objects],
      [log.eventTypes, log.events],
    ] as const)
      for (const { type, attributes, relationships } of rows) {
        const declared = types.find(({ name }) => name === type)
        expect(declared, type).to.not.equal(undefined)
        for (const { name } of attributes)
          expect(declared?.attributes.map((each) => each.name)).to.include(name)
        for (const { objectId, qualifier } of relationships) {
          expect(objects.has(objectId), objectId).to.equal(true)
          expect(qualifier).to.not.equal('')
        }
      }
    for (const { time } of log.events) expect(new Date(time).toISOString()).to.equal(time)
    expect(log.objects.filter(({ type }) => type === 'case')).to.have.length(2)
    expect(log.objects.filter(({ type }) => type === 'officer')).to.have.length(2)
    expect(log.events.filter(({ type }) => type === NAME)).to.have.length(2)
  })

  it('names nobody, nothing that was answered, and each person otherwise in each file', async () => {
    for (const format of ['xes', 'ocel'] as const) {
      const [first, second] = [await take(format), await take(format)]
      for (const word of ['wang', 'li@', 'hush', finished, 'citizen-1'])
        expect(first.includes(word), word).to.equal(false)
      const pseudonyms = (text: string) =>
        new Set([...text.matchAll(/(?:org:resource" value="|officer:)([0-9a-f]{16})/g)].map(([, id]) => id))
      expect(pseudonyms(first).size).to.equal(2)
      expect([...pseudonyms(second)].some((id) => pseudonyms(first).has(id))).to.equal(false)
    }
  })

  it('is taken for a purpose, which the access log keeps', async () => {
    const ctx = world.as('supervisor')
    expect((await refusal(exportLog(ctx, { key: 'p', format: 'xes', purpose: ' ' }))).code).to.equal(
      'WORKFLOW_PURPOSE_MISSING',
    )
    const count = async () =>
      (
        await world.world.db
          .selectFrom('core.access')
          .select('purpose')
          .where('subject', '=', 'workflow.log:p')
          .where('actorId', '=', ctx.actor.id)
          .execute()
      ).map((row) => row.purpose)
    expect(await count()).to.be.empty

    await take('xes', ctx)

    expect(await count()).to.deep.equal([purpose])
  })

  it('holds only what the actor may see', async () => {
    const traces = async (ctx: ReturnType<typeof world.as>) =>
      parsed(await take('xes', ctx)).children.filter(({ name }) => name === 'trace').length

    expect(await traces(world.as('supervisor'))).to.equal(2)
    expect(await traces(world.as('supervisor', 'other-bureau'))).to.equal(0)
    for (const role of ['clerk', 'citizen', 'data-steward'])
      expect((await refusal(take('ocel', world.as(role)))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(take('ocel', world.as('process-designer', 'other-bureau')))).code).to.equal(
      'POLICY_FORBIDDEN',
    )
  })
})
