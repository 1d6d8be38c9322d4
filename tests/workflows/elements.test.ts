import { expect } from 'chai'
import type { ScriptStep } from '../../workflows/index.ts'
import { chain, flow, message, model, serviceTask, timer, userTask } from './models.ts'
import { play } from './play.ts'

/** One way through a model: what is done to it, and what it must have done by then. */
interface Expected {
  readonly script: readonly ScriptStep[]
  readonly trace: string
  /** `completed` unless said. */
  readonly status?: string
  readonly waiting?: readonly string[]
  readonly variables?: object
}

interface Case {
  readonly title: string
  readonly variables?: readonly string[]
  readonly elements: string
  readonly ways: readonly Expected[]
}

const ROOTS = `<signal id="g_go" name="alarm"/><escalation id="x_up" name="up" escalationCode="up"/>
  <escalation id="x_other" name="other" escalationCode="other"/><error id="e_other" errorCode="AREA_OTHER"/>`

const event = (kind: string, attributes = '', content = '') =>
  `<${kind}EventDefinition id="d_${kind}_${(serial += 1)}" ${attributes}>${content}</${kind}EventDefinition>`
let serial = 0
const signal = () => event('signal', 'signalRef="g_go"')
const condition = (text: string) =>
  event(
    'conditional',
    '',
    `<condition xsi:type="tFormalExpression">${text.replace('<', '&lt;').replace('>', '&gt;')}</condition>`,
  )
const cycle = (text: string) =>
  event('timer', '', `<timeCycle xsi:type="tFormalExpression">${text}</timeCycle>`)
const error = (ref = 'e_bad') => event('error', `errorRef="${ref}"`)
const escalation = (ref = 'x_up') => event('escalation', `escalationRef="${ref}"`)
const boundary = (id: string, host: string, definition: string, attributes = '') =>
  `<boundaryEvent id="${id}" attachedToRef="${host}" ${attributes}>${definition}</boundaryEvent>`
const catching = (id: string, definition: string) =>
  `<intermediateCatchEvent id="${id}">${definition}</intermediateCatchEvent>`
const throwing = (id: string, definition: string) =>
  `<intermediateThrowEvent id="${id}">${definition}</intermediateThrowEvent>`
const end = (id: string, definition = '') => `<endEvent id="${id}">${definition}</endEvent>`
const start = (id: string, definition = '', attributes = '') =>
  `<startEvent id="${id}" ${attributes}>${definition}</startEvent>`
const sub = (id: string, content: string, attributes = '', kind = 'subProcess') =>
  `<${kind} id="${id}" ${attributes}>${content}</${kind}>`
const eventSub = (id: string, content: string) => sub(id, content, 'triggeredByEvent="true"')
const looped = (id: string, characteristics: string, attributes = '') =>
  `<userTask id="${id}" ${attributes}>${characteristics}</userTask>`
const multi = (content: string, attributes = '') =>
  `<multiInstanceLoopCharacteristics ${attributes}>${content}</multiInstanceLoopCharacteristics>`
const expression = (name: string, text: string) =>
  `<${name} xsi:type="tFormalExpression">${text.replace('<', '&lt;').replace('>', '&gt;')}</${name}>`
const undone = (host: string) =>
  `${boundary(`${host}_c`, host, event('compensate'))}<userTask id="undo_${host}" isForCompensation="true"/>
   <association id="${host}_a" sourceRef="${host}_c" targetRef="undo_${host}" associationDirection="One"/>`
const S = '<startEvent id="s"/>'

const CASES: readonly Case[] = [
  {
    title: 'manual task: a person says when it is done',
    elements: `${S}<manualTask id="a"/>${end('e')}${chain('s a e')}`,
    ways: [
      { script: [], trace: '+s -s +a', status: 'running', waiting: ['a'] },
      { script: [{ complete: 'a' }], trace: '+s -s +a -a +e -e' },
    ],
  },
  {
    title: 'start event: signal',
    elements: `${start('s', signal())}${userTask('a')}${end('e')}${chain('s a e')}`,
    ways: [
      { script: [], trace: '', status: 'running', waiting: ['s'] },
      { script: [{ signal: 'alarm' }], trace: '+s -s +a', status: 'running', waiting: ['a'] },
    ],
  },
  {
    title: 'start event: timer',
    elements: `${start('s', timer('PT1H'))}${userTask('a')}${end('e')}${chain('s a e')}`,
    ways: [{ script: [{ advance: 'PT1H' }], trace: '+s -s +a', status: 'running', waiting: ['a'] }],
  },
  {
    title: 'start events: several, one instance by whichever comes',
    elements: `${S}${start('t', message())}${userTask('a')}${userTask('b')}${end('e')}${chain('s a e')}${chain('t b e')}`,
    ways: [{ script: [], trace: '+s -s +a', status: 'running', waiting: ['a'] }],
  },
  {
    title: 'receive task that instantiates',
    elements: `<receiveTask id="r" messageRef="m_go" instantiate="true"/>${userTask('a')}${end('e')}${chain('r a e')}`,
    ways: [{ script: [{ message: 'go' }], trace: '+r -r +a', status: 'running', waiting: ['a'] }],
  },
  {
    title: 'event-based gateway that instantiates',
    elements: `<eventBasedGateway id="g" instantiate="true"/>${catching('c', message())}${catching('d', message('m_stop'))}
      ${userTask('a')}${end('e')}${chain('g c a e')}${chain('g d e')}`,
    ways: [
      { script: [{ message: 'go' }], trace: '+g -g +c -c +a', status: 'running', waiting: ['a'] },
      { script: [{ message: 'stop' }], trace: '+g -g +d -d +e -e' },
    ],
  },
  {
    title: 'event-based gateway: the first event is the way, the others are forgotten',
    elements: `${S}<eventBasedGateway id="g"/>${catching('c', message())}${catching('d', timer('PT1H'))}
      <receiveTask id="r" messageRef="m_stop"/>${catching('n', signal())}${userTask('a')}${end('e')}
      ${chain('s g c e')}${chain('g d a e')}${chain('g r e')}${chain('g n e')}`,
    ways: [
      { script: [], trace: '+s -s +g', status: 'running', waiting: ['g'] },
      { script: [{ message: 'go' }], trace: '+s -s +g -g +c -c +e -e' },
      { script: [{ message: 'stop' }], trace: '+s -s +g -g +r -r +e -e' },
      { script: [{ signal: 'alarm' }], trace: '+s -s +g -g +n -n +e -e' },
      {
        script: [{ advance: 'PT1H' }, { message: 'go' }],
        trace: '+s -s +g -g +d -d +a',
        status: 'running',
        waiting: ['a'],
      },
    ],
  },
  {
    title:
      'inclusive gateway: every way whose condition holds, the default when none does; the join waits for those',
    variables: ['n:number'],
    elements: `${S}${userTask('q')}<inclusiveGateway id="f" default="f_c"/>${userTask('a')}${userTask('b')}${userTask('c')}
      <inclusiveGateway id="j"/>${end('e')}${chain('s q f')}${flow('f', 'a', 'n > 1')}${flow('f', 'b', 'n > 2')}${flow('f', 'c')}
      ${chain('a j e')}${chain('b j')}${chain('c j')}`,
    ways: [
      {
        script: [{ complete: 'q', output: { n: 3 } }, { complete: 'b' }],
        trace: '+s -s +q -q +f -f +a +b -b',
        status: 'running',
        waiting: ['a'],
      },
      {
        script: [{ complete: 'q', output: { n: 3 } }, { complete: 'b' }, { complete: 'a' }],
        trace: '+s -s +q -q +f -f +a +b -b -a +j -j +e -e',
      },
      {
        script: [{ complete: 'q', output: { n: 2 } }, { complete: 'a' }],
        trace: '+s -s +q -q +f -f +a -a +j -j +e -e',
      },
      {
        script: [{ complete: 'q', output: { n: 0 } }, { complete: 'c' }],
        trace: '+s -s +q -q +f -f +c -c +j -j +e -e',
      },
    ],
  },
  {
    title:
      'inclusive join after a parallel split and a choice: waits while a token can still come, and no longer',
    variables: ['yes:boolean'],
    elements: `${S}<parallelGateway id="f"/>${userTask('a')}${userTask('b')}<exclusiveGateway id="x" default="x_e"/>
      <inclusiveGateway id="j"/>${userTask('c')}${end('e')}${end('d')}
      ${chain('s f a j c d')}${chain('f b x')}${flow('x', 'j', 'yes')}${flow('x', 'e')}`,
    ways: [
      { script: [{ complete: 'a' }], trace: '+s -s +f -f +a +b -a', status: 'running', waiting: ['b'] },
      {
        script: [{ complete: 'a' }, { complete: 'b', output: { yes: false } }],
        trace: '+s -s +f -f +a +b -a -b +x -x +e -e +j -j +c',
        status: 'running',
        waiting: ['c'],
      },
      {
        script: [{ complete: 'a' }, { complete: 'b', output: { yes: true } }, { complete: 'c' }],
        trace: '+s -s +f -f +a +b -a -b +x -x +j -j +c -c +d -d',
      },
    ],
  },
  {
    title: 'intermediate throw events: none, message heard by the process itself, signal',
    elements: `${S}<parallelGateway id="f"/>${catching('c', message())}${catching('d', signal())}${throwing('n', '')}
      ${throwing('t', message())}${throwing('u', signal())}${end('e')}${end('x')}${end('y')}
      ${chain('s f c e')}${chain('f d x')}${chain('f n t u y')}`,
    ways: [
      {
        script: [],
        trace: '+s -s +f -f +c +d +n -n +t -t +u -u +y -y -d +x -x -c +e -e',
      },
    ],
  },
  {
    title: 'link events: one goes on at the other',
    elements: `${S}${userTask('a')}${throwing('t', event('link', 'name="l"'))}${catching('c', event('link', 'name="l"'))}${end('e')}${chain('s a t')}${chain('c e')}`,
    ways: [{ script: [{ complete: 'a' }], trace: '+s -s +a -a +t -t +c -c +e -e' }],
  },
  {
    title: 'conditional catch event: happens when the variables change so',
    variables: ['n:number'],
    elements: `${S}${catching('c', condition('n > 3'))}${end('e')}${chain('s c e')}`,
    ways: [
      { script: [{ set: { n: 3 } }], trace: '+s -s +c', status: 'running', waiting: ['c'] },
      { script: [{ set: { n: 4 } }], trace: '+s -s +c -c +e -e' },
    ],
  },
  {
    title: 'conditional boundary event beside its task: once each time the condition begins to hold',
    variables: ['n:number'],
    elements: `${S}${userTask('a')}${boundary('c', 'a', condition('n > 3'), 'cancelActivity="false"')}${userTask('b')}${end('e')}${end('x')}${chain('s a e')}${chain('c b x')}`,
    ways: [
      {
        script: [{ set: { n: 4 } }, { set: { n: 5 } }, { set: { n: 1 } }, { set: { n: 9 } }],
        trace: '+s -s +a +c -c +b +c -c +b',
        status: 'running',
        waiting: ['a', 'b', 'b'],
      },
    ],
  },
  {
    title:
      'boundary events that leave the activity alone: message again and again, timer once, cycle as often as it says',
    elements: `${S}${userTask('a')}${boundary('m', 'a', message(), 'cancelActivity="false"')}
      ${boundary('t', 'a', timer('PT1H'), 'cancelActivity="false"')}${boundary('r', 'a', cycle('R2/PT2H'), 'cancelActivity="false"')}
      ${end('e')}${end('x')}${end('y')}${end('z')}${chain('s a e')}${chain('m x')}${chain('t y')}${chain('r z')}`,
    ways: [
      {
        script: [{ message: 'go' }, { message: 'go' }, { advance: 'P1D' }, { complete: 'a' }],
        trace: '+s -s +a +m -m +x -x +m -m +x -x +t -t +y -y +r -r +z -z +r -r +z -z -a +e -e',
      },
    ],
  },
  {
    title: 'signal boundary event interrupts',
    elements: `${S}${userTask('a')}${boundary('b', 'a', signal())}${end('e')}${end('x')}${chain('s a e')}${chain('b x')}`,
    ways: [{ script: [{ signal: 'alarm' }], trace: '+s -s +a xa +b -b +x -x' }],
  },
  {
    title: 'timer cycle of a catch event: the first time is enough',
    elements: `${S}${catching('c', cycle('R/2026-01-05T10:00:00+08:00/P1D'))}${end('e')}${chain('s c e')}`,
    ways: [
      { script: [{ advance: 'PT59M' }], trace: '+s -s +c', status: 'running', waiting: ['c'] },
      { script: [{ advance: 'PT1H' }], trace: '+s -s +c -c +e -e' },
    ],
  },
  {
    title: 'terminate end event: ends its own scope alone',
    elements: `${S}${sub('p', `${start('s1')}<parallelGateway id="f"/>${userTask('a')}${userTask('b')}${end('t', event('terminate'))}${end('e1')}${chain('s1 f a t')}${chain('f b e1')}`)}
      ${userTask('c')}${end('e')}${chain('s p c e')}`,
    ways: [
      {
        script: [{ complete: 'a' }, { complete: 'c' }],
        trace: '+s -s +p +s1 -s1 +f -f +a +b -a +t -t xb -p +c -c +e -e',
      },
    ],
  },
  {
    title: 'sub-process: left when its last token is gone, cancelled whole by its boundary',
    elements: `${S}${sub('p', `${start('s1')}<parallelGateway id="f"/>${userTask('a')}${userTask('b')}${end('e1')}${chain('s1 f a e1')}${chain('f b e1')}`)}
      ${boundary('m', 'p', message())}${end('e')}${end('x')}${chain('s p e')}${chain('m x')}`,
    ways: [
      { script: [], trace: '+s -s +p +s1 -s1 +f -f +a +b', status: 'running', waiting: ['a', 'b'] },
      {
        script: [{ complete: 'b' }, { complete: 'a' }],
        trace: '+s -s +p +s1 -s1 +f -f +a +b -b +e1 -e1 -a +e1 -e1 -p +e -e',
      },
      { script: [{ message: 'go' }], trace: '+s -s +p +s1 -s1 +f -f +a +b xa xb xp +m -m +x -x' },
    ],
  },
  {
    title: 'error end event: caught on the boundary of its sub-process by code before one that catches all',
    variables: ['other:boolean'],
    elements: `${S}${sub('p', `${start('s1')}${userTask('a')}<exclusiveGateway id="g" default="g_t"/>${end('t', error())}${end('u', error('e_other'))}${chain('s1 a g')}${flow('g', 't')}${flow('g', 'u', 'other')}`)}
      ${boundary('any', 'p', event('error'))}${boundary('bad', 'p', error())}${end('e')}${end('x')}${end('y')}${chain('s p e')}${chain('any x')}${chain('bad y')}`,
    ways: [
      { script: [{ complete: 'a' }], trace: '+s -s +p +s1 -s1 +a -a +g -g +t -t xp +bad -bad +y -y' },
      {
        script: [{ complete: 'a', output: { other: true } }],
        trace: '+s -s +p +s1 -s1 +a -a +g -g +u -u xp +any -any +x -x',
      },
    ],
  },
  {
    title: 'error end event that nothing catches: the outcome of the instance',
    elements: `${S}<parallelGateway id="f"/>${userTask('a')}${userTask('b')}${end('t', error())}${end('e')}${chain('s f a t')}${chain('f b e')}`,
    ways: [{ script: [{ complete: 'a' }], trace: '+s -s +f -f +a +b -a +t -t xb', status: 'terminated' }],
  },
  {
    title: 'error of a service task deep in a sub-process: caught further out',
    elements: `${S}${sub('p', `${start('s1')}${sub('q', `${start('s2')}${serviceTask('w')}${end('e2')}${chain('s2 w e2')}`)}${end('e1')}${chain('s1 q e1')}`)}
      ${boundary('c', 'p', error())}${end('e')}${end('x')}${chain('s p e')}${chain('c x')}`,
    ways: [
      {
        script: [{ fail: 'w', code: 'AREA_BAD' }],
        trace: '+s -s +p +s1 -s1 +q +s2 -s2 +w xw xq xp +c -c +x -x',
      },
      {
        script: [{ fail: 'w', code: 'AREA_NONE' }],
        trace: '+s -s +p +s1 -s1 +q +s2 -s2 +w',
        status: 'incident',
        waiting: ['w'],
      },
    ],
  },
  {
    title: 'error start of an event sub-process: before the boundary of the sub-process it is in',
    elements: `${S}${sub('p', `${start('s1')}${serviceTask('w')}${end('e1')}${chain('s1 w e1')}${eventSub('h', `${start('hs', error())}${userTask('r')}${end('he')}${chain('hs r he')}`)}`)}
      ${boundary('c', 'p', error())}${end('e')}${end('x')}${chain('s p e')}${chain('c x')}`,
    ways: [
      {
        script: [{ fail: 'w', code: 'AREA_BAD' }, { complete: 'r' }],
        trace: '+s -s +p +s1 -s1 +w xw +h +hs -hs +r -r +he -he -h -p +e -e',
      },
    ],
  },
  {
    title: 'escalation: beside the sub-process or in its place; unheard it changes nothing',
    elements: `${S}${sub('p', `${start('s1')}${throwing('t', escalation())}${throwing('u', escalation('x_other'))}${userTask('a')}${end('e1', escalation())}${chain('s1 t u a e1')}`)}
      ${boundary('b', 'p', escalation(), 'cancelActivity="false"')}${userTask('k')}${end('e')}${end('x')}${chain('s p e')}${chain('b k x')}`,
    ways: [
      {
        script: [{ complete: 'a' }],
        trace: '+s -s +p +s1 -s1 +t -t +b -b +u -u +k +a -a +e1 -e1 +b -b +k -p +e -e',
        status: 'running',
        waiting: ['k', 'k'],
      },
    ],
  },
  {
    title: 'escalation that interrupts its sub-process',
    elements: `${S}${sub('p', `${start('s1')}${throwing('t', escalation())}${userTask('a')}${end('e1')}${chain('s1 t a e1')}`)}
      ${boundary('b', 'p', escalation())}${end('e')}${end('x')}${chain('s p e')}${chain('b x')}`,
    ways: [{ script: [], trace: '+s -s +p +s1 -s1 +t -t xp +b -b +x -x' }],
  },
  ...(
    [
      ['message', message(), { message: 'go' }],
      ['signal', signal(), { signal: 'alarm' }],
      ['timer', timer('PT1H'), { advance: 'PT1H' }],
      ['conditional', condition('n > 3'), { set: { n: 4 } }],
    ] as const
  ).flatMap(([kind, definition, happens]): Case[] => [
    {
      // bpmn-engine never starts one on an outside message, signal or timer.
      title: `event sub-process on an outside ${kind}: ends what runs in its scope`,
      variables: ['n:number'],
      elements: `${S}${userTask('a')}${end('e')}${chain('s a e')}${eventSub('h', `${start('hs', definition)}${userTask('r')}${end('he')}${chain('hs r he')}`)}`,
      ways: [
        { script: [{ complete: 'a' }], trace: '+s -s +a -a +e -e' },
        { script: [happens], trace: '+s -s +a xa +h +hs -hs +r', status: 'running', waiting: ['r'] },
        { script: [happens, happens, { complete: 'r' }], trace: '+s -s +a xa +h +hs -hs +r -r +he -he -h' },
      ],
    },
    {
      title: `event sub-process on an outside ${kind} beside what runs`,
      variables: ['n:number'],
      elements: `${S}${userTask('a')}${end('e')}${chain('s a e')}${eventSub('h', `${start('hs', definition, 'isInterrupting="false"')}${userTask('r')}${end('he')}${chain('hs r he')}`)}`,
      ways: [
        {
          script: [happens, { complete: 'a' }],
          trace: '+s -s +a +h +hs -hs +r -a +e -e',
          status: 'running',
          waiting: ['r'],
        },
        {
          script: [happens, { complete: 'a' }, { complete: 'r' }],
          trace: '+s -s +a +h +hs -hs +r -a +e -e -r +he -he -h',
        },
      ],
    },
  ]),
  {
    title: 'event sub-process in a sub-process: ends that scope and no other',
    elements: `${S}<parallelGateway id="f"/>${userTask('o')}${sub('p', `${start('s1')}${userTask('a')}${end('e1')}${chain('s1 a e1')}${eventSub('h', `${start('hs', message())}${end('he')}${chain('hs he')}`)}`)}
      ${end('e')}${end('x')}${chain('s f o e')}${chain('f p x')}`,
    ways: [
      {
        script: [{ message: 'go' }],
        trace: '+s -s +f -f +o +p +s1 -s1 +a xa +h +hs -hs +he -he -h -p +x -x',
        status: 'running',
        waiting: ['o'],
      },
    ],
  },
  {
    title: 'compensation of one activity, and of the whole scope in the reverse order of completion',
    variables: ['all:boolean'],
    elements: `${S}<parallelGateway id="f"/>${userTask('a')}${userTask('b')}${undone('a')}${undone('b')}<parallelGateway id="j"/>
      <exclusiveGateway id="g" default="g_one"/>${throwing('one', event('compensate', 'activityRef="a"'))}${throwing('both', event('compensate'))}${end('e')}
      ${chain('s f a j g')}${chain('f b j')}${flow('g', 'one')}${flow('g', 'both', 'all')}${chain('one e')}${chain('both e')}`,
    ways: [
      {
        script: [{ complete: 'b' }, { complete: 'a' }, { complete: 'undo_a' }],
        trace: '+s -s +f -f +a +b -b -a +j -j +g -g +one +undo_a -undo_a -one +e -e',
      },
      {
        script: [{ complete: 'b' }, { complete: 'a', output: { all: true } }, { complete: 'undo_a' }],
        trace: '+s -s +f -f +a +b -b -a +j -j +g -g +both +undo_a -undo_a +undo_b',
        status: 'running',
        waiting: ['undo_b'],
      },
      {
        script: [
          { complete: 'a' },
          { complete: 'b', output: { all: true } },
          { complete: 'undo_b' },
          { complete: 'undo_a' },
        ],
        trace: '+s -s +f -f +a +b -a -b +j -j +g -g +both +undo_b -undo_b +undo_a -undo_a -both +e -e',
      },
    ],
  },
  {
    title: 'compensation end event undoes what a finished sub-process did, and not what was never done',
    elements: `${S}${sub('p', `${start('s1')}${userTask('a')}${userTask('b')}${undone('a')}${undone('b')}${end('e1')}${chain('s1 a b e1')}`)}
      ${userTask('c')}${undone('c')}${boundary('m', 'c', message())}${end('e')}${end('t', event('compensate'))}${chain('s p c e')}${chain('m t')}`,
    ways: [
      {
        script: [
          { complete: 'a' },
          { complete: 'b' },
          { message: 'go' },
          { complete: 'undo_b' },
          { complete: 'undo_a' },
        ],
        trace: '+s -s +p +s1 -s1 +a -a +b -b +e1 -e1 -p +c xc +m -m +t +undo_b -undo_b +undo_a -undo_a -t',
      },
    ],
  },
  {
    title: 'compensation event sub-process says how its sub-process is undone',
    elements: `${S}${sub(
      'p',
      `${start('s1')}${userTask('a')}${undone('a')}${end('e1')}${chain('s1 a e1')}
      ${eventSub('h', `${start('hs', event('compensate'))}${userTask('r')}${throwing('ht', event('compensate', 'activityRef="a"'))}${end('he')}${chain('hs r ht he')}`)}`,
    )}
      ${throwing('t', event('compensate', 'activityRef="p"'))}${end('e')}${chain('s p t e')}`,
    ways: [
      {
        script: [{ complete: 'a' }, { complete: 'r' }, { complete: 'undo_a' }],
        trace:
          '+s -s +p +s1 -s1 +a -a +e1 -e1 -p +t +h +hs -hs +r -r +ht +undo_a -undo_a -ht +he -he -h -t +e -e',
      },
    ],
  },
  {
    title: 'transaction: a cancel end event undoes its work and leaves by the cancel event',
    variables: ['no:boolean'],
    elements: `${S}${sub('p', `${start('s1')}${userTask('a')}${undone('a')}<exclusiveGateway id="g" default="g_e1"/>${end('e1')}${end('t', event('cancel'))}${chain('s1 a g')}${flow('g', 'e1')}${flow('g', 't', 'no')}`, '', 'transaction')}
      ${boundary('c', 'p', event('cancel'))}${end('e')}${end('x')}${chain('s p e')}${chain('c x')}`,
    ways: [
      { script: [{ complete: 'a' }], trace: '+s -s +p +s1 -s1 +a -a +g -g +e1 -e1 -p +e -e' },
      {
        script: [{ complete: 'a', output: { no: true } }, { complete: 'undo_a' }],
        trace: '+s -s +p +s1 -s1 +a -a +g -g +t -t +undo_a -undo_a xp +c -c +x -x',
      },
    ],
  },
  {
    title: 'ad-hoc sub-process: a person begins its activities; the condition ends it, and what still runs',
    variables: ['enough:boolean'],
    elements: `${S}${sub('p', `${userTask('a')}${userTask('b')}${expression('completionCondition', 'enough')}`, '', 'adHocSubProcess')}${end('e')}${chain('s p e')}`,
    ways: [
      { script: [], trace: '+s -s +p', status: 'running', waiting: ['p'] },
      {
        script: [{ begin: 'a' }, { begin: 'a' }],
        trace: '+s -s +p +a +a',
        status: 'running',
        waiting: ['a', 'a'],
      },
      {
        script: [
          { begin: 'a' },
          { complete: 'a' },
          { begin: 'b' },
          { begin: 'a' },
          { complete: 'b', output: { enough: true } },
        ],
        trace: '+s -s +p +a -a +b +a -b xa -p +e -e',
      },
    ],
  },
  {
    title: 'ad-hoc sub-process without a condition: a person says when it is over',
    elements: `${S}${sub('p', `${userTask('a')}${userTask('b')}${chain('a b')}`, 'ordering="Sequential"', 'adHocSubProcess')}${end('e')}${chain('s p e')}`,
    ways: [
      {
        script: [{ begin: 'a' }, { complete: 'a' }, { complete: 'b' }, { complete: 'p' }],
        trace: '+s -s +p +a -a +b -b -p +e -e',
      },
    ],
  },
  {
    title: 'multi-instance in parallel over a collection, its results collected in their places',
    variables: ['bodies:list', 'opinions:list'],
    elements: `${S}${userTask('q')}${looped('a', multi('', 'gdbos:collection="bodies" gdbos:element="body" gdbos:outputCollection="opinions" gdbos:outputElement="opinion"'))}${end('e')}${chain('s q a e')}`,
    ways: [
      { script: [{ complete: 'q', output: { bodies: [] } }], trace: '+s -s +q -q +a -a +e -e' },
      {
        script: [{ complete: 'q', output: { bodies: ['x', 'y'] } }],
        trace: '+s -s +q -q +a',
        status: 'running',
        waiting: ['a', 'a'],
      },
      {
        script: [
          { complete: 'q', output: { bodies: ['x', 'y'] } },
          { complete: 'a', output: { opinion: 'yes' } },
          { complete: 'a', output: { opinion: 'no' } },
        ],
        trace: '+s -s +q -q +a -a +e -e',
        variables: { bodies: ['x', 'y'], opinions: ['yes', 'no'] },
      },
    ],
  },
  {
    title: 'multi-instance one after another, until its completion condition holds',
    variables: ['done:boolean'],
    elements: `${S}${looped('a', multi(`${expression('loopCardinality', '5')}${expression('completionCondition', 'done and numberOfCompletedInstances > 1')}`, 'isSequential="true"'))}${end('e')}${chain('s a e')}`,
    ways: [
      {
        script: [{ complete: 'a', output: { done: true } }],
        trace: '+s -s +a',
        status: 'running',
        waiting: ['a'],
      },
      { script: [{ complete: 'a', output: { done: true } }, { complete: 'a' }], trace: '+s -s +a -a +e -e' },
    ],
  },
  {
    title: 'multi-instance by the standard’s own attributes: data inputs and outputs',
    variables: ['total:number'],
    elements: `${S}<dataObject id="o_sheets" name="sheets" isCollection="true"/><dataObjectReference id="sheets_ref" dataObjectRef="o_sheets"/>
      <dataObject id="o_marks" name="marks" isCollection="true"/><dataObjectReference id="marks_ref" dataObjectRef="o_marks"/>
      ${userTask('q')}<userTask id="a"><ioSpecification><dataInput id="in_all" name="all"/><dataOutput id="out_all" name="given"/><inputSet><dataInputRefs>in_all</dataInputRefs></inputSet><outputSet><dataOutputRefs>out_all</dataOutputRefs></outputSet></ioSpecification>
      <dataInputAssociation><sourceRef>sheets_ref</sourceRef><targetRef>in_all</targetRef></dataInputAssociation>
      <dataOutputAssociation><sourceRef>out_all</sourceRef><targetRef>marks_ref</targetRef></dataOutputAssociation>
      ${multi('<loopDataInputRef>in_all</loopDataInputRef><loopDataOutputRef>out_all</loopDataOutputRef><inputDataItem id="one" name="sheet"/><outputDataItem id="mark_item" name="mark"/>', 'isSequential="true"')}</userTask>
      ${end('e')}${chain('s q a e')}`,
    ways: [
      {
        script: [
          { complete: 'q', output: { sheets: [1, 2] } },
          { complete: 'a', output: { mark: 7 } },
          { complete: 'a', output: { mark: 8 } },
        ],
        trace: '+s -s +q -q +a -a +e -e',
        variables: { sheets: [1, 2], marks: [7, 8] },
      },
    ],
  },
  {
    title: 'multi-instance sub-process: each instance with variables of its own',
    variables: ['names:list', 'seen:list'],
    elements: `${S}${userTask('q')}${sub('p', `${multi('', 'gdbos:collection="names" gdbos:element="name" gdbos:outputCollection="seen" gdbos:outputElement="name + answer"')}<extensionElements><gdbos:variable name="answer" type="string"/></extensionElements>${start('s1')}${userTask('a')}${end('e1')}${chain('s1 a e1')}`).replace(/(<multi.*?<\/multiInstanceLoopCharacteristics>)(<extensionElements>.*?<\/extensionElements>)/, '$2$1')}
      ${end('e')}${chain('s q p e')}`,
    ways: [
      {
        script: [
          { complete: 'q', output: { names: ['x', 'y'] } },
          { complete: 'a', output: { answer: '1' } },
          { complete: 'a', output: { answer: '2' } },
        ],
        trace: '+s -s +q -q +p +s1 -s1 +s1 -s1 +a +a -a +e1 -e1 -a +e1 -e1 -p +e -e',
        variables: { names: ['x', 'y'], seen: ['x1', 'y2'] },
      },
    ],
  },
  {
    title: 'multi-instance interrupted on its boundary: all its instances go',
    elements: `${S}${looped('a', multi(expression('loopCardinality', '3')))}${boundary('m', 'a', message())}${end('e')}${end('x')}${chain('s a e')}${chain('m x')}`,
    ways: [{ script: [{ complete: 'a' }, { message: 'go' }], trace: '+s -s +a xa +m -m +x -x' }],
  },
  {
    // bpmn-engine reads the condition the wrong way round.
    title: 'standard loop: as long as its condition holds, at most as often as it may',
    variables: ['again:boolean'],
    elements: `${S}${looped('a', `<standardLoopCharacteristics loopMaximum="3">${expression('loopCondition', 'again')}</standardLoopCharacteristics>`)}${end('e')}${chain('s a e')}`,
    ways: [
      { script: [{ complete: 'a', output: { again: false } }], trace: '+s -s +a -a +e -e' },
      {
        script: [{ complete: 'a', output: { again: true } }, { complete: 'a' }],
        trace: '+s -s +a',
        status: 'running',
        waiting: ['a'],
      },
      {
        script: [{ complete: 'a', output: { again: true } }, { complete: 'a' }, { complete: 'a' }],
        trace: '+s -s +a -a +e -e',
      },
    ],
  },
  {
    title: 'standard loop tested before: perhaps never',
    variables: ['again:boolean'],
    elements: `${S}${userTask('q')}${looped('a', `<standardLoopCharacteristics testBefore="true">${expression('loopCondition', 'again')}</standardLoopCharacteristics>`)}${end('e')}${chain('s q a e')}`,
    ways: [
      { script: [{ complete: 'q', output: { again: false } }], trace: '+s -s +q -q +a -a +e -e' },
      {
        script: [
          { complete: 'q', output: { again: true } },
          { complete: 'a', output: { again: false } },
        ],
        trace: '+s -s +q -q +a -a +e -e',
      },
    ],
  },
  {
    title: 'call activity: waits for the called process, whose result, error and escalation come back',
    variables: ['n:number', 'sum:number'],
    elements: `${S}<callActivity id="a" calledElement="other"><extensionElements><gdbos:input from="n + 1" to="given"/><gdbos:output from="result" to="sum"/></extensionElements></callActivity>
      ${boundary('c', 'a', error())}${boundary('u', 'a', escalation(), 'cancelActivity="false"')}${end('e')}${end('x')}${end('y')}${chain('s a e')}${chain('c x')}${chain('u y')}`,
    ways: [
      {
        script: [{ complete: 'a', output: { result: 5, more: 1 } }],
        trace: '+s -s +a -a +e -e',
        variables: { sum: 5 },
      },
      { script: [{ fail: 'a', code: 'AREA_BAD' }], trace: '+s -s +a xa +c -c +x -x' },
      { script: [{ fail: 'a', code: 'AREA_NONE' }], trace: '+s -s +a', status: 'incident', waiting: ['a'] },
      {
        script: [
          { escalate: 'a', code: 'up' },
          { complete: 'a', output: { result: 1 } },
        ],
        trace: '+s -s +a +u -u +y -y -a +e -e',
      },
    ],
  },
  {
    title: 'input and output mapping: an activity’s own variables come and go with it',
    variables: ['price:number', 'paid:number'],
    elements: `${S}${userTask('q')}<userTask id="a"><extensionElements><gdbos:input from="price * 2" to="asked"/><gdbos:output from="asked + tip" to="paid"/></extensionElements></userTask>${end('e')}${chain('s q a e')}`,
    ways: [
      {
        script: [
          { complete: 'q', output: { price: 4 } },
          { complete: 'a', output: { tip: 1 } },
        ],
        trace: '+s -s +q -q +a -a +e -e',
        variables: { price: 4, paid: 9 },
      },
    ],
  },
]

describe('an element of BPMN 2.0.2', () => {
  for (const { title, variables = [], elements, ways } of CASES)
    it(title, async () => {
      const xml = model(elements, { variables, key: 'process', before: ROOTS })
      for (const { script, trace, status = 'completed', ...expected } of ways) {
        const result = await play(xml, script)
        expect(result.trace, JSON.stringify(script)).to.equal(trace)
        expect(result).to.deep.include({ status, ...expected })
        expect(result.largest).to.be.below(2_048)
      }
    })
})
