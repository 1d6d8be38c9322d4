import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { newId, openServed, type Served } from './served.ts'

const KEY = 'food-business-licence'
const INSIGHT = `query ($key: String!) { processInsight(key: $key) {
  ownCasesOnly versions definition { version } cases { running completed p50 }
  nodes { node } flows { flow } bottlenecks { node share } variants { count top { path } } } }`
const REPLAY = `mutation ($id: UUID!, $key: String!, $from: Int!, $to: Int, $xml: String) {
  replayProcess(commandId: $id, key: $key, from: $from, to: $to, xml: $xml) {
    id from to status total counts { same otherPath } places { node } cases { instanceId } } }`

describe('the analysis of processes over HTTP', () => {
  let served: Served
  let leader: string
  let clerk: string

  before(async () => {
    served = await openServed({ mutationsPerMinute: 1000 })
    await served.person('leader', ['supervisor'])
    await served.person('clerk', ['clerk'])
    leader = await served.signIn('leader')
    clerk = await served.signIn('clerk')
  })
  after(() => served.close())

  it('answers a process that has no cases yet with zeros and nothing', async () => {
    const { body } = await served.graphql(INSIGHT, { key: KEY }, leader)

    expect(body.data.processInsight).to.deep.equal({
      ownCasesOnly: true,
      versions: [1],
      definition: { version: 1 },
      cases: { running: 0, completed: 0, p50: null },
      nodes: [],
      flows: [],
      bottlenecks: [],
      variants: { count: 0, top: [] },
    })
    const refused = await served.graphql(INSIGHT, { key: KEY }, clerk)
    expect(refused.body.errors[0].extensions.code).to.equal('POLICY_FORBIDDEN')
  })

  it('begins one replay for one command id, and refuses what is no draft', async () => {
    const variables = { id: newId(), key: KEY, from: 1, to: 1 }
    const [first, again] = [
      await served.graphql(REPLAY, variables, leader),
      await served.graphql(REPLAY, variables, leader),
    ]

    expect(first.body.data.replayProcess).to.include({ from: 1, to: 1, total: 0 })
    expect(again.body.data.replayProcess.id).to.equal(first.body.data.replayProcess.id)
    const refused = await served.graphql(REPLAY, { id: newId(), key: KEY, from: 1, xml: '<a/>' }, leader)
    expect(refused.body.errors[0].extensions.code).to.equal('WORKFLOW_MODEL_INVALID')
  })

  it('takes a draft whose table is that of the version the cases ran on', async () => {
    const xml = await readFile(new URL(`../../workflows/packs/${KEY}/${KEY}.bpmn`, import.meta.url), 'utf8')

    const { body } = await served.graphql(REPLAY, { id: newId(), key: KEY, from: 1, xml }, leader)

    expect(body.errors).to.equal(undefined)
    expect(body.data.replayProcess).to.include({ from: 1, to: null, total: 0 })
  })

  it('sends the log as a file, for a purpose', async () => {
    const address = (format: string, purpose: string) =>
      `/api/processes/${KEY}/log?${new URLSearchParams({ format, purpose }).toString()}`

    const xes = await served.send(address('xes', 'look'), { cookie: leader })
    expect(xes.status).to.equal(200)
    expect(xes.headers.get('content-disposition')).to.contain(`filename="${KEY}.xes"`)
    expect(xes.body).to.contain('</log>')
    const ocel = await served.send(address('ocel', 'look'), { cookie: leader })
    expect(ocel.body).to.have.all.keys('objectTypes', 'eventTypes', 'events', 'objects')

    const statuses = [
      await served.send(address('xes', ''), { cookie: leader }),
      await served.send(address('csv', 'look'), { cookie: leader }),
      await served.send(address('xes', 'look'), { cookie: clerk }),
      await served.send(address('xes', 'look')),
    ].map(({ status, body }) => `${status} ${body.code}`)
    expect(statuses.slice(0, 3)).to.deep.equal([
      '400 WORKFLOW_PURPOSE_MISSING',
      '400 GATEWAY_REQUEST_MALFORMED',
      '403 POLICY_FORBIDDEN',
    ])
    expect(statuses[3]).to.match(/^40[13] /)
  })
})
