import { expect } from 'chai'
import { MemoryProcess, migrate } from '../../workflows/index.ts'
import { chain, compiled, model, userTask } from './models.ts'
import { NOW } from './play.ts'

const S = '<startEvent id="s"/>'
const E = '<endEvent id="e"/>'
const split = (a: string, b: string) =>
  model(
    `${S}<parallelGateway id="f"/>${userTask(a)}${userTask(b)}<parallelGateway id="j"/>${userTask('z')}${E}${chain(`s f ${a} j z e`)}${chain(`f ${b} j`)}`,
  )
const nested = (content: string) =>
  model(
    `${S}<subProcess id="sp"><startEvent id="s1"/>${userTask('a')}${content}<endEvent id="e1"/></subProcess>${E}${chain('s sp e')}`,
  )
const inner = nested(chain('s1 a e1'))

const running = async (xml: string, ...done: string[]) => {
  const definition = await compiled(xml)
  const process = new MemoryProcess(definition, NOW)
  process.begin()
  for (const node of done) process.play({ complete: node })
  return { definition, process, state: process.saved.state }
}

describe('taking a running instance over to another version', () => {
  it('goes on there from where it stood, in sub-processes too', async () => {
    const { definition, state, process } = await running(inner)
    const to = await compiled(nested(`${userTask('b')}${chain('s1 a b e1')}`))

    const { state: moved } = migrate(definition, to, {}, state)
    if (!moved) throw new Error('not taken over')
    const next = new MemoryProcess(to, NOW, { ...process.saved, state: moved })
    next.play({ complete: 'a' })
    expect(next.result.waiting).to.deep.equal(['b'])
    next.play({ complete: 'b' })
    expect(next.result.status).to.equal('completed')
  })

  it('maps renamed nodes', async () => {
    const { definition, state, process } = await running(split('a', 'b'))
    const to = await compiled(split('x', 'b'))

    expect(migrate(definition, to, {}, state).obstacles.map(({ code, node }) => [code, node])).to.deep.equal([
      ['node-missing', 'a'],
    ])
    const { state: moved } = migrate(definition, to, { a: 'x' }, state)
    if (!moved) throw new Error('not taken over')
    const next = new MemoryProcess(to, NOW, { ...process.saved, state: moved })
    for (const node of ['x', 'b', 'z']) next.play({ complete: node })
    expect(next.result.status).to.equal('completed')
  })

  it('says what is in the way: another kind, another level, another loop, a join without the flow, an end', async () => {
    const { definition, state } = await running(inner)
    const codes = async (xml: string, mapping = {}) =>
      migrate(definition, await compiled(xml), mapping, state).obstacles.map(({ code }) => code)

    expect(await codes(inner.replace('<userTask id="a" />', '<manualTask id="a"/>'))).to.deep.equal([
      'kind-differs',
    ])
    expect(
      await codes(
        model(
          `${S}${userTask('a')}<subProcess id="sp"><startEvent id="s1"/><endEvent id="e1"/>${chain('s1 e1')}</subProcess>${E}${chain('s a sp e')}`,
        ),
      ),
    ).to.deep.equal(['level-differs'])
    expect(
      await codes(
        inner.replace(
          '<userTask id="a" />',
          '<userTask id="a"><standardLoopCharacteristics loopMaximum="2"/></userTask>',
        ),
      ),
    ).to.deep.equal(['loop-differs'])

    const half = await running(split('a', 'b'), 'a')
    const renamed = await compiled(split('x', 'b'))
    const { obstacles } = migrate(half.definition, renamed, {}, half.state)
    expect(obstacles.map(({ code }) => code)).to.deep.equal(['flow-missing'])
    expect(obstacles[0]?.zh).to.match(/\p{Script=Han}/u)

    const over = await running(inner, 'a')
    expect(
      migrate(over.definition, over.definition, {}, over.state).obstacles.map(({ code }) => code),
    ).to.deep.equal(['ended'])
  })

  it('lets two joins, or two flows into one, become one unless tokens wait at both', async () => {
    const three = split('a', 'b').replace(E, `${userTask('c')}${E}${chain('f c j')}`)
    const waiting = await running(three, 'a', 'b')
    const two = await compiled(three.replace('sourceRef="b" targetRef="j"', 'sourceRef="b" targetRef="z"'))
    const { obstacles } = migrate(waiting.definition, two, { b_j: 'a_j' }, waiting.state)
    expect(obstacles.map(({ code, node }) => [code, node])).to.deep.equal([['target-twice', 'j']])
    expect(obstacles[0]?.zh).to.match(/\p{Script=Han}/u)

    const gate = (id: string) => `<parallelGateway id="${id}"/>`
    const tasks = ['a', 'b', 'c', 'd'].map((id) => userTask(id)).join('')
    const apart = model(
      `${S}${gate('f')}${tasks}${gate('j')}${gate('k')}${E}${chain('s f a j e')}${chain('f b j')}${chain('f c k e')}${chain('f d k')}`,
    )
    const one = await compiled(
      model(
        `${S}${gate('f')}${tasks}${gate('m')}${E}${chain('s f a m e')}${chain('f b m')}${chain('f c m')}${chain('f d m')}`,
      ),
    )
    const mapping = { j: 'm', k: 'm', a_j: 'a_m', b_j: 'b_m', c_k: 'c_m', d_k: 'd_m' }
    const both = await running(apart, 'a', 'c')
    expect(
      migrate(both.definition, one, mapping, both.state).obstacles.map(({ code, node }) => [code, node]),
    ).to.deep.equal([['target-twice', 'k']])
    const first = await running(apart, 'a')
    const { state } = migrate(first.definition, one, mapping, first.state)
    if (!state) throw new Error('not taken over')
    const next = new MemoryProcess(one, NOW, { ...first.process.saved, state })
    for (const node of ['b', 'c', 'd']) next.play({ complete: node })
    expect(next.result.status).to.equal('completed')
  })
})
