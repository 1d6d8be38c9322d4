import { expect } from 'chai'
import { establish } from '../../modules/organisation/index.ts'
import { compare, compareVersions, deploy, type Files, versions } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { chain, flow, message, model, timer, userTask } from './models.ts'
import { BODY, MESSAGES, offers, openProcessWorld } from './process-world.ts'

const pack = (xml: string, more: Files = {}): Files => ({
  'pack.json': '{"key":"p","bpmn":"p.bpmn"}',
  'p.bpmn': xml,
  ...more,
})
const drawn = (middle: string, flows: string, variables: string[] = []) =>
  model(`<startEvent id="s"/>${middle}<endEvent id="e"/>${flows}`, { variables })

describe('the comparison of two versions', () => {
  it('finds what was added, removed and changed, by id, with the names of the attributes', async () => {
    const before = drawn(
      `${userTask('a', 'name="甲" gdbos:limitDays="5"')}<exclusiveGateway id="x" default="x_e"/>${userTask('old')}`,
      `${chain('s a x old e')}${flow('x', 'e')}`.replace(
        '<sequenceFlow id="x_old" sourceRef="x" targetRef="old">',
        '<sequenceFlow id="x_old" sourceRef="x" targetRef="old"><conditionExpression xsi:type="tFormalExpression">fee = 1</conditionExpression>',
      ),
      ['fee:number'],
    )
    const after = before
      .replace('name="甲"', 'name="甲" gdbos:candidateRole="clerk"')
      .replace('gdbos:limitDays="5"', 'gdbos:limitDays="3"')
      .replace('fee = 1', 'fee = 2')
      .replace('<userTask id="old" />', '<userTask id="old" /><userTask id="young"/>')
      .replace('name="fee" type="number"', 'name="fee" type="string"')

    const { elements } = await compare(pack(before), pack(after))

    const found = Object.fromEntries(elements.map(({ id, ...change }) => [id, change]))
    expect(Object.keys(found).sort()).to.deep.equal(['a', 'p', 'x_old', 'young'])
    expect(found['young']).to.deep.equal({ type: 'userTask', change: 'added', attributes: [] })
    expect(found['a']?.attributes).to.deep.equal([
      { name: 'limitDays', before: '5', after: '3' },
      { name: 'candidateRole', before: null, after: 'clerk' },
    ])
    expect(found['x_old']?.attributes).to.deep.equal([
      { name: 'conditionExpression.body', before: 'fee = 1', after: 'fee = 2' },
    ])
    expect(found['p']?.attributes[0]).to.include({ before: 'number', after: 'string' })
    const back = await compare(pack(after), pack(before))
    expect(back.elements.find(({ id }) => id === 'young')?.change).to.equal('removed')
  })

  it('sees that an element waits for something else or became another kind', async () => {
    const waits = (event: string) =>
      pack(drawn(`<intermediateCatchEvent id="w">${event}</intermediateCatchEvent>`, chain('s w e')))

    const { elements } = await compare(waits(timer('P1D')), waits(message('m_go')))
    const kinds = await compare(
      pack(drawn(userTask('a'), chain('s a e'))),
      pack(drawn('<receiveTask id="a" messageRef="m_go"/>', chain('s a e'))),
    )

    const names = elements[0]?.attributes.map(({ name }) => name)
    expect(elements.map(({ id }) => id)).to.deep.equal(['w'])
    expect(names).to.include('eventDefinitions.kind').and.include('eventDefinitions.messageRef')
    expect(kinds.elements[0]?.attributes[0]).to.deep.equal({
      name: 'type',
      before: 'userTask',
      after: 'receiveTask',
    })
  })

  it('counts neither spaces nor where things are drawn, and names the other files that changed', async () => {
    const xml = drawn(userTask('a'), chain('s a e'))
    const before = pack(xml, {
      'forms/a.json': '{"fields": []}',
      'forms/b.json': '{"x":1}',
      'fee.dmn': '<a/>',
    })
    const after = pack(xml.replaceAll('><', '>\n<'), {
      'forms/a.json': '{ "fields":[] }',
      'forms/b.json': '{"x":2}',
      'README.md': '',
    })

    expect(await compare(before, before)).to.deep.equal({ elements: [], files: [] })
    expect(await compare(before, after)).to.deep.equal({
      elements: [],
      files: [
        { path: 'README.md', change: 'added' },
        { path: 'fee.dmn', change: 'removed' },
        { path: 'forms/b.json', change: 'changed' },
      ],
    })
  })

  it('survives a draft that cannot be read', async () => {
    const { elements } = await compare(pack(drawn(userTask('a'), chain('s a e'))), pack('<broken'))

    expect(elements.every(({ change }) => change === 'removed')).to.equal(true)
    expect(elements.map(({ id }) => id)).to.include('a')
  })

  it('is open to the designers of other bodies, as processes are, and to nobody outside the offices', async () => {
    const world = await openProcessWorld()
    try {
      await establish(world.world.platform(), { id: BODY, name: { zh: BODY, en: BODY }, kind: 'body' })
      const designer = world.as('process-designer')
      const put = (task: string) =>
        deploy(
          designer,
          { key: 'p', xml: drawn(userTask(task), chain(`s ${task} e`)), pack: { messages: MESSAGES } },
          offers.known,
        )
      const [first, second] = [await put('a'), await put('b')]
      const other = world.as('process-designer', 'other-bureau')

      const { elements, files } = await compareVersions(other, first.id, second.id)

      expect(
        elements.filter(({ type }) => type === 'userTask').map(({ id, change }) => `${id} ${change}`),
      ).to.deep.equal(['a removed', 'b added'])
      expect(files).to.deep.equal([])
      for (const role of ['clerk', 'citizen']) {
        const attempt = compareVersions(world.as(role), first.id, second.id)
        expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
        expect((await refusal(versions(world.as(role), 'p'))).code).to.equal('POLICY_FORBIDDEN')
      }
      const gone = compareVersions(designer, first.id, '00000000-0000-4000-8000-000000000000')
      expect((await refusal(gone)).code).to.equal('WORKFLOW_DEFINITION_NOT_FOUND')
    } finally {
      await world.close()
    }
  })
})
