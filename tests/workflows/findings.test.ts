import { expect } from 'chai'
import { gate } from '../../workflows/index.ts'
import { chain, flow, known, message, model, serviceTask, timer, userTask } from './models.ts'

const ROOTS = `<signal id="g" name="alarm"/><escalation id="x_up" name="up" escalationCode="up"/>`
const S = '<startEvent id="s"/>'
const E = '<endEvent id="e"/>'
const A = `${S}${userTask('a')}${E}${chain('s a e')}`
const event = (kind: string, attributes = '', content = '') =>
  `<${kind}EventDefinition id="d_${(serial += 1)}" ${attributes}>${content}</${kind}EventDefinition>`
let serial = 0
const boundary = (definition: string, host = 'a', more = '') =>
  `<boundaryEvent id="b" attachedToRef="${host}">${definition}</boundaryEvent>${more}`
const away = `<endEvent id="x"/>${chain('b x')}`
const between = (node: string) => `${S}${node}${E}${chain('s n e')}`
const sub = (content: string, attributes = '', kind = 'subProcess') =>
  `<${kind} id="n" ${attributes}>${content}</${kind}>`
const inner = `<startEvent id="s1"/>${userTask('i')}<endEvent id="e1"/>${chain('s1 i e1')}`
const looped = (content: string) => between(`<userTask id="n">${content}</userTask>`)
const multi = (content: string, attributes = '') =>
  `<multiInstanceLoopCharacteristics ${attributes}>${content}</multiInstanceLoopCharacteristics>`
const cycle = (text: string) =>
  `<timerEventDefinition id="d_${(serial += 1)}"><timeCycle xsi:type="tFormalExpression">${text}</timeCycle></timerEventDefinition>`

/** A model with just that fault: the rule, the element it is found at, and the model. */
const FAULTS: readonly (readonly [rule: string, element: string, elements: string])[] = [
  [
    'start-trigger-misplaced',
    's',
    `<startEvent id="s">${event('error')}</startEvent>${userTask('a')}${E}${chain('s a e')}`,
  ],
  [
    'start-trigger-misplaced',
    's1',
    between(
      sub(
        `<startEvent id="s1">${message()}</startEvent>${userTask('i')}<endEvent id="e1"/>${chain('s1 i e1')}`,
      ),
    ),
  ],
  ['start-missing', 'n', between(sub(''))],
  ['start-several', 'n', between(sub(`${inner}<startEvent id="s3"/>${chain('s3 i')}`))],
  ['event-sub-process-start', 'n', `${A}${sub(inner, 'triggeredByEvent="true"')}`],
  [
    'event-sub-process-flow',
    'n',
    `${S}${sub(`<startEvent id="s1">${message()}</startEvent><endEvent id="e1"/>${chain('s1 e1')}`, 'triggeredByEvent="true"')}${E}${chain('s n e')}`,
  ],
  [
    'cancel-misplaced',
    'e',
    `${S}${userTask('a')}<endEvent id="e">${event('cancel')}</endEvent>${chain('s a e')}`,
  ],
  ['cancel-misplaced', 'b', `${A}${boundary(event('cancel'))}${away}`],
  ['boundary-host', 'b', `${A}${boundary(event('escalation', 'escalationRef="x_up"'))}${away}`],
  ['compensation-handler-missing', 'b', `${A}${boundary(event('compensate'))}`],
  [
    'compensation-flow',
    'h',
    `${S}${userTask('a')}${E}${chain('s a e')}${boundary(event('compensate'))}<userTask id="h" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="h"/>${chain('h e')}`,
  ],
  ['compensation-unused', 'h', `${A}<userTask id="h" isForCompensation="true"/>`],
  [
    'compensation-target',
    'n',
    between(
      `<intermediateThrowEvent id="n">${event('compensate', 'activityRef="i"')}</intermediateThrowEvent>`,
    )
      .replace(E, `${E}<subProcess id="q">${inner}</subProcess>${chain('n q e')}`)
      .replace(chain('n e'), ''),
  ],
  [
    'link-unpaired',
    'n',
    `${S}<intermediateThrowEvent id="n">${event('link', 'name="l"')}</intermediateThrowEvent>${userTask('a')}${E}${chain('s a e')}${chain('a n')}`,
  ],
  [
    'event-gateway-target',
    'a',
    `${S}<eventBasedGateway id="n"/>${userTask('a')}<receiveTask id="r" messageRef="m_go"/>${E}${chain('s n a e')}${chain('n r e')}`,
  ],
  [
    'event-gateway-target',
    'n',
    `${S}<eventBasedGateway id="n"/><receiveTask id="r" messageRef="m_go"/>${E}${chain('s n r e')}`,
  ],
  ['instantiate-misplaced', 'n', between('<receiveTask id="n" messageRef="m_go" instantiate="true"/>')],
  ['loop-source-missing', 'n', looped(multi(''))],
  ['loop-limit', 'n', looped(multi('<loopCardinality>1001</loopCardinality>'))],
  ['loop-limit', 'n', looped('<standardLoopCharacteristics loopMaximum="0"/>')],
  ['loop-endless', 'n', looped('<standardLoopCharacteristics/>')],
  [
    'cycle-without-wait',
    'n',
    between(
      '<sendTask id="n" messageRef="m_go"><standardLoopCharacteristics><loopCondition>b</loopCondition></standardLoopCharacteristics></sendTask>',
    ),
  ],
  [
    'cycle-without-wait',
    'm',
    `${S}<exclusiveGateway id="m"/>${sub(`<startEvent id="s1"/><endEvent id="e1"/>${chain('s1 e1')}`)}<exclusiveGateway id="g2" default="g2_e"/>${E}${chain('s m n g2 e')}${flow('g2', 'm', 'b')}`,
  ],
  ['expression-type', 'n', looped(multi('', 'gdbos:collection="t"'))],
  ['expression-type', 'n', looped(multi('<loopCardinality>t</loopCardinality>'))],
  [
    'expression-type',
    'n',
    looped(
      multi(
        '<loopCardinality>2</loopCardinality><completionCondition>numberOfInstances</completionCondition>',
      ),
    ),
  ],
  [
    'expression-invalid',
    'n',
    between(
      '<userTask id="n"><extensionElements><gdbos:input from="nothing + 1" to="own"/></extensionElements></userTask>',
    ),
  ],
  [
    'mapping-invalid',
    'n',
    between('<userTask id="n"><extensionElements><gdbos:input from="t"/></extensionElements></userTask>'),
  ],
  ['ad-hoc-empty', 'n', between(sub('', '', 'adHocSubProcess'))],
  [
    'ad-hoc-content',
    'e1',
    between(sub(`${userTask('i')}<endEvent id="e1"/>${chain('i e1')}`, '', 'adHocSubProcess')),
  ],
  ['call-missing', 'n', between('<callActivity id="n"/>')],
  [
    'call-version-invalid',
    'n',
    between('<callActivity id="n" calledElement="q" gdbos:calledVersion="new"/>'),
  ],
  ['process-unknown', 'n', between('<callActivity id="n" calledElement="nobody"/>')],
  ['process-unknown', 'n', between('<callActivity id="n" calledElement="q" gdbos:calledVersion="7"/>')],
  [
    'signal-missing',
    'n',
    between(`<intermediateThrowEvent id="n">${event('signal')}</intermediateThrowEvent>`),
  ],
  [
    'condition-missing',
    'n',
    between(`<intermediateCatchEvent id="n">${event('conditional')}</intermediateCatchEvent>`),
  ],
  [
    'error-undeclared',
    'e',
    `${S}${userTask('a')}<endEvent id="e">${event('error')}</endEvent>${chain('s a e')}`,
  ],
  [
    'escalation-undeclared',
    'n',
    between(`<intermediateThrowEvent id="n">${event('escalation')}</intermediateThrowEvent>`),
  ],
  [
    'event-definition-several',
    'n',
    between(`<intermediateCatchEvent id="n">${message()}${timer('PT1H')}</intermediateCatchEvent>`),
  ],
  [
    'timer-invalid',
    'n',
    between(`<intermediateCatchEvent id="n">${cycle('R3/PT30S')}</intermediateCatchEvent>`),
  ],
  [
    'timer-invalid',
    'n',
    between(`<intermediateCatchEvent id="n">${cycle('R0/PT1H')}</intermediateCatchEvent>`),
  ],
  [
    'timer-invalid',
    'n',
    between(`<intermediateCatchEvent id="n">${cycle('every day')}</intermediateCatchEvent>`),
  ],
  ['boundary-incoming', 'b', `${A}${boundary(message())}${away}${chain('a b')}`],
  [
    'join-starved',
    'j',
    `${S}${sub(`<startEvent id="s1"/><exclusiveGateway id="g1" default="g1_y"/>${userTask('i')}${userTask('y')}<parallelGateway id="j"/><endEvent id="e1"/>${chain('s1 g1')}${flow('g1', 'i', 'b')}${flow('g1', 'y')}${chain('i j e1')}${chain('y j')}`)}${E}${chain('s n e')}`,
  ],
  [
    'gateway-default-missing',
    'n',
    `${S}<inclusiveGateway id="n"/>${userTask('a')}${E}<endEvent id="x"/>${chain('s n')}${flow('n', 'a', 'b')}${flow('n', 'e', 'not(b)')}${chain('a x')}`,
  ],
  [
    'gateway-default-foreign',
    'n',
    `${S}<exclusiveGateway id="n" default="a_x"/>${userTask('a')}${E}<endEvent id="x"/>${chain('s n')}${flow('n', 'a', 'b')}${flow('n', 'e', 'not(b)')}${chain('a x')}`,
  ],
  ['role-invalid', 'n', between(userTask('n', 'gdbos:candidateRole="The Boss"'))],
  ['limit-days-invalid', 'n', between(userTask('n', 'gdbos:limitDays="soon"'))],
  [
    'end-unreachable',
    'i2',
    between(
      sub(`${inner}${userTask('i2')}<parallelGateway id="g3"/>`).replace(
        chain('s1 i e1'),
        `${chain('s1 g3 i e1')}${chain('g3 i2')}`,
      ),
    ),
  ],
  ['node-unreachable', 'i2', between(sub(`${inner}${userTask('i2')}${chain('i2 e1')}`))],
  [
    'data-name-invalid',
    'n',
    between(
      `<dataObject id="o" name="two words"/><dataObjectReference id="r" dataObjectRef="o"/><userTask id="n"><ioSpecification><dataInput id="in" name="given"/><inputSet><dataInputRefs>in</dataInputRefs></inputSet><outputSet/></ioSpecification><dataInputAssociation><sourceRef>r</sourceRef><targetRef>in</targetRef></dataInputAssociation></userTask>`,
    ),
  ],
]

const reported = (xml: string) => gate(xml, { known: { ...known, processes: new Map([['q', 3]]) } })

describe('a finding of the gate', () => {
  for (const [rule, element, elements] of FAULTS)
    it(`${rule} at ${element}`, async () => {
      const { findings } = await reported(
        model(elements, { variables: ['b:boolean', 't:string'], before: ROOTS }),
      )
      const found = findings.find((one) => one.rule === rule && one.element === element)
      expect(findings.map((one) => `${one.rule} ${one.element}`)).to.include(`${rule} ${element}`)
      expect(found?.zh).to.match(/\p{Script=Han}/u)
      expect(found?.en).to.match(/^[A-Z“]/)
    })

  it('names what is another engine’s, says what to write instead, and does not obey it', async () => {
    const xml = model(
      `${S}<userTask id="a" c:assignee="demo" c:formKey="f"><extensionElements><z:assignmentDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" candidateGroups="x"/></extensionElements>
        <multiInstanceLoopCharacteristics f:collection="all"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>${E}${chain('s a e')}`,
    ).replace(
      '<definitions',
      '<definitions xmlns:c="http://camunda.org/schema/1.0/bpmn" xmlns:f="http://flowable.org/bpmn"',
    )
    const { valid, warnings, definition } = await reported(xml)

    expect(valid).to.equal(true)
    const [found] = warnings.filter(({ rule }) => rule === 'extension-ignored')
    expect(found?.element).to.equal('a')
    expect(found?.en)
      .to.include('c:assignee → gdbos:candidateRole')
      .and.include('f:collection → loopDataInputRef')
    expect(found?.en).to.include('z:assignmentDefinition')
    expect(JSON.stringify(definition)).not.to.include('demo')
  })

  it('reads lanes, pools, message flows and data objects of a model that has them all', async () => {
    const xml = model(
      `<laneSet id="ls"><lane id="l1"><flowNodeRef>a</flowNodeRef></lane></laneSet><dataObject id="o" name="sheet"/><dataObjectReference id="r" dataObjectRef="o"/>
        ${S}<userTask id="a"><ioSpecification><dataOutput id="out" name="filled"/><inputSet/><outputSet><dataOutputRefs>out</dataOutputRefs></outputSet></ioSpecification><dataOutputAssociation><sourceRef>out</sourceRef><targetRef>r</targetRef></dataOutputAssociation></userTask>
        ${serviceTask('w')}${E}${chain('s a w e')}`,
      {
        before: `<collaboration id="c"><participant id="p1"/><participant id="p2" processRef="p"/><messageFlow id="mf" sourceRef="p1" targetRef="a"/></collaboration>`,
      },
    )
    const { findings, definition } = await reported(xml)

    expect(findings).to.deep.equal([])
    expect(definition?.variables).to.deep.equal([{ name: 'sheet', type: 'any' }])
    expect(definition?.nodes['a']).to.deep.include({ outputs: [{ from: 'filled', to: 'sheet' }] })
  })
})
