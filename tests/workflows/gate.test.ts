import { expect } from 'chai'
import { gate, refusalOf } from '../../workflows/index.ts'
import { chain, checked, flow, known, message, model, serviceTask, timer, userTask } from './models.ts'

const rules = async (xml: string) =>
  [...new Set((await checked(xml)).findings.map(({ rule }) => rule))].sort()
const one = (elements: string, variables: readonly string[] = []) =>
  model(`<startEvent id="s"/>${elements}<endEvent id="e"/>`, { variables })
const around = (node: string, id = 'x') => one(`${node}${chain(`s ${id} e`)}`)
const codeOf = async (xml: string) => refusalOf(await checked(xml)).code

describe('the gate', () => {
  it('passes pools, lanes, message flows, data, notes and documentation', async () => {
    const xml = model(
      `<laneSet id="l"><lane id="l1" name="窗口"><flowNodeRef>a</flowNodeRef></lane></laneSet>
      <documentation>how it goes</documentation>
      <startEvent id="s"/><userTask id="a"><documentation>look</documentation>
        <ioSpecification id="io"><dataInput id="in"/><inputSet id="is"><dataInputRefs>in</dataInputRefs></inputSet><outputSet id="os"/></ioSpecification>
      </userTask><endEvent id="e"/>${chain('s a e')}
      <dataObject id="o"/><dataObjectReference id="or" dataObjectRef="o"/>
      <textAnnotation id="n"><text>note</text></textAnnotation><association id="as" sourceRef="a" targetRef="n"/>`,
      {
        before: `<collaboration id="c"><participant id="p1" name="申请人"/><participant id="p2" processRef="p"/>
          <participant id="p3" processRef="other"/><messageFlow id="mf" sourceRef="p1" targetRef="a"/></collaboration>
          <process id="other" isExecutable="false"/>`,
      },
    )
    const report = await checked(xml)
    expect(report.findings).to.deep.equal([])
    expect(report.valid).to.equal(true)
  })

  it('passes a plain user task without form or role', async () => {
    expect(await rules(around(userTask('x')))).to.deep.equal([])
  })

  describe('refuses by name', () => {
    for (const [type, xml] of [
      ['task', '<task id="x"/>'],
      ['complexGateway', '<complexGateway id="x"/>'],
      ['scriptTask', '<scriptTask id="x"><script>1</script></scriptTask>'],
      ['eventBasedGateway', '<eventBasedGateway id="x" eventGatewayType="Parallel"/>'],
      [
        'multiInstanceLoopCharacteristics',
        '<userTask id="x"><multiInstanceLoopCharacteristics behavior="Complex"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>',
      ],
      [
        'terminateEvent',
        '<intermediateThrowEvent id="x"><terminateEventDefinition id="d"/></intermediateThrowEvent>',
      ],
      [
        'errorEvent',
        '<intermediateCatchEvent id="x"><errorEventDefinition id="d"/></intermediateCatchEvent>',
      ],
    ] as const) {
      it(type, async () => {
        const { findings } = await checked(around(xml))
        const found = findings.find(({ rule }) => rule === 'element-unsupported')
        expect(found?.element).to.equal('x')
        expect(found?.en).to.include(type)
        expect(found?.zh).to.match(/\p{Script=Han}/u)
      })
    }
  })

  describe('runs no script', () => {
    const hostile = {
      'a script task': around(
        '<scriptTask id="x" scriptFormat="javascript"><script>process.exit(1)</script></scriptTask>',
      ),
      'a condition in JavaScript': one(
        `<exclusiveGateway id="g" default="g_e"/>${userTask('a')}${chain('s g')}${flow('g', 'e')}${chain('a e')}
        <sequenceFlow id="f" sourceRef="g" targetRef="a"><conditionExpression xsi:type="tFormalExpression" language="javascript">next(null, true)</conditionExpression></sequenceFlow>`,
      ),
      'an execution listener': model(
        `<extensionElements><c:executionListener xmlns:c="http://camunda.org/schema/1.0/bpmn" event="start"><c:script scriptFormat="groovy">1</c:script></c:executionListener></extensionElements>
        <startEvent id="s"/><endEvent id="e"/>${chain('s e')}`,
      ).replace('<extensionElements></extensionElements>', ''),
      'a delegate of another engine': around(
        '<serviceTask id="x" implementation="area.work" xmlns:c="http://camunda.org/schema/1.0/bpmn" c:delegateExpression="${bean}"/>',
      ),
      'an expression as implementation': around(
        '<serviceTask id="x" implementation="${environment.services.x}"/>',
      ),
      'a script in a pool nobody executes': model(`<startEvent id="s"/><endEvent id="e"/>${chain('s e')}`, {
        before: '<process id="q"><scriptTask id="x"><script>1</script></scriptTask></process>',
      }),
    }
    for (const [name, xml] of Object.entries(hostile))
      it(`${name} is refused as WORKFLOW_SCRIPT_FORBIDDEN`, async () => {
        expect(await rules(xml)).to.include('script-forbidden')
        expect(await codeOf(xml)).to.equal('WORKFLOW_SCRIPT_FORBIDDEN')
      })
  })

  describe('refuses a broken file', () => {
    const good = one(`${userTask('a')}${chain('s a e')}`)
    for (const [rule, xml] of [
      ['doctype-forbidden', good.replace('<definitions', '<!DOCTYPE d [<!ENTITY x "y">]><definitions')],
      ['xml-invalid', good.slice(0, 400)],
      ['xml-invalid', 'not xml'],
      ['xml-invalid', '<html/>'],
      ['limit-size', good.replace('</definitions>', `<!-- ${'x'.repeat(1_100_000)} --></definitions>`)],
      ['id-duplicate', one(`${userTask('a')}${userTask('a')}${chain('s a e')}`)],
      ['reference-unresolved', one(`${userTask('a')}${chain('s a e')}${flow('a', 'nowhere')}`)],
      ['flow-incomplete', one(`${userTask('a')}${chain('s a e')}<sequenceFlow id="f" sourceRef="a"/>`)],
      ['element-unknown', one(`${userTask('a')}${chain('s a e')}<wormhole id="w"/>`)],
      ['process-not-executable', good.replace('isExecutable="true"', '')],
      ['process-several', good.replace('<process', '<process id="q" isExecutable="true"/><process')],
      ['start-missing', model(`${userTask('a')}<endEvent id="e"/>${chain('a e')}`)],
      ['start-several', one(`<startEvent id="t"/>${userTask('a')}${chain('s a e')}${chain('t a')}`)],
      ['node-unreachable', one(`${userTask('a')}${userTask('b')}${chain('s a e')}${chain('b e')}`)],
      ['end-unreachable', one(`<parallelGateway id="g"/>${userTask('a')}${chain('s g e')}${chain('g a')}`)],
      ['extension-unknown', around('<userTask id="x" gdbos:candidatRole="clerk"/>')],
      ['message-missing', around('<receiveTask id="x"/>')],
      ['event-definition-missing', around('<intermediateCatchEvent id="x"/>')],
      ['start-incoming', one(`${userTask('a')}${chain('s a e')}${chain('a s')}`)],
      ['end-outgoing', one(`${userTask('a')}${chain('s a e')}${chain('e a')}`)],
    ] as const)
      it(rule, async () => {
        expect(await rules(xml)).to.include(rule)
        expect(await codeOf(xml)).to.equal('WORKFLOW_MODEL_INVALID')
      })

    it('that is over 500 nodes or 1,000 flows, or nested too deep', async () => {
      const longest = (count: number) => {
        const tasks = Array.from({ length: count }, (_, index) => `t${index}`)
        return one(`${tasks.map((id) => userTask(id)).join('')}${chain(`s ${tasks.join(' ')} e`)}`)
      }
      expect(await rules(longest(498))).to.deep.equal([])
      expect(await rules(longest(499))).to.deep.equal(['limit-elements'])
      const mesh = Array.from({ length: 1_001 }, (_, n) => flow('s', 'a').replace('s_a', `m${n}`)).join('')
      expect(await rules(one(`${userTask('a')}${mesh}${chain('a e')}`))).to.deep.equal(['limit-flows'])
      const deep = `${'<subProcess>'.repeat(3000)}${'</subProcess>'.repeat(3000)}`
      expect(await rules(one(`${deep}${chain('s e')}`))).to.include('limit-nesting')
    })

    it('and names everything at once', async () => {
      const xml = one(
        `<scriptTask id="x"/><serviceTask id="y" implementation="nobody.knows"/>${userTask('z')}${chain('s x y e')}`,
      )
      expect(await rules(xml)).to.include.members(['script-forbidden', 'task-unknown', 'node-unreachable'])
    })
  })

  describe('looks at gateways', () => {
    it('for conditions and a default', async () => {
      const vars = ['n:number']
      const gateway = (flows: string, fallback = '') =>
        one(
          `<exclusiveGateway id="g" ${fallback}/>${userTask('a')}${chain('s g')}${chain('a e')}${flows}`,
          vars,
        )
      const conditional = flow('g', 'a', 'n > 1')

      expect(await rules(gateway(conditional + flow('g', 'e'), 'default="g_e"'))).to.deep.equal([])
      expect(await rules(gateway(conditional + flow('g', 'e', 'n <= 1')))).to.deep.equal([
        'gateway-default-missing',
      ])
      expect(await rules(gateway(conditional + flow('g', 'e')))).to.include('gateway-condition-missing')
      expect(await rules(gateway(conditional + flow('g', 'e', 'n > 2'), 'default="g_e"'))).to.deep.equal([
        'condition-misplaced',
      ])
      expect(
        await rules(one(`${userTask('a')}${chain('s a')}${flow('a', 'e', 'n > 1')}`, vars)),
      ).to.deep.equal(['condition-misplaced'])
    })

    it('for a parallel join fed by an exclusive split, with the path', async () => {
      const xml = one(
        `<exclusiveGateway id="g" default="g_b"/>${userTask('a')}${userTask('b')}<parallelGateway id="j"/>
        ${chain('s g')}${flow('g', 'a', 'yes')}${flow('g', 'b')}${chain('a j e')}${chain('b j')}`,
        ['yes:boolean'],
      )
      const { findings } = await checked(xml)
      expect(findings.map(({ rule, element }) => [rule, element])).to.deep.equal([['join-starved', 'j']])
      expect(findings[0]?.en).to.match(/s → g → g_/)
    })

    it('and passes a rework loop in a branch, optional branches and nested splits', async () => {
      const xml = one(
        `<parallelGateway id="f"/>${userTask('a')}<exclusiveGateway id="g" default="g_j"/>
        <exclusiveGateway id="o" default="o_m"/>${userTask('b')}<exclusiveGateway id="m"/>
        <parallelGateway id="k"/>${userTask('c')}${userTask('d')}<parallelGateway id="l"/><parallelGateway id="j"/>
        ${chain('s f a g')}${flow('g', 'a', 'yes')}${flow('g', 'j')}${chain('f o')}${flow('o', 'b', 'yes')}${flow('o', 'm')}
        ${chain('b m j e')}${chain('f k c l j')}${chain('k d l')}`,
        ['yes:boolean'],
      )
      expect(await checked(xml)).to.deep.include({ valid: true, findings: [], warnings: [] })
    })

    it('with twelve choices in twelve branches, in little time', async () => {
      const branches = Array.from({ length: 12 }, (_, index) => {
        const [g, a, b, m] = ['g', 'a', 'b', 'm'].map((letter) => `${letter}${index}`)
        return `<exclusiveGateway id="${g}" default="${g}_${b}"/>${userTask(`${a}`)}${userTask(`${b}`)}<exclusiveGateway id="${m}"/>
          ${chain(`f ${g}`)}${flow(`${g}`, `${a}`, 'yes')}${flow(`${g}`, `${b}`)}${chain(`${a} ${m} j`)}${chain(`${b} ${m}`)}`
      })
      const started = performance.now()
      const xml = one(
        `<parallelGateway id="f"/><parallelGateway id="j"/>${branches.join('')}${chain('s f')}${chain('j e')}`,
        ['yes:boolean'],
      )
      expect(await checked(xml)).to.deep.include({ valid: true, warnings: [] })
      expect(performance.now() - started).to.be.below(3_000)
    })

    it('warns of a branch that a boundary event leads past its join', async () => {
      const xml = one(
        `<parallelGateway id="f"/>${userTask('a')}${userTask('b')}<parallelGateway id="j"/>
        <boundaryEvent id="m" attachedToRef="a">${message()}</boundaryEvent><endEvent id="x"/>
        ${chain('s f a j e')}${chain('f b j')}${chain('m x')}`,
      )
      const { valid, warnings } = await checked(xml)
      expect(valid).to.equal(true)
      expect(warnings.map(({ rule }) => rule)).to.deep.equal(['join-starved-by-boundary'])
    })

    it('for branches that multiply without end, and loops without a way out', async () => {
      const multiply = one(
        `<exclusiveGateway id="m"/>${userTask('a')}<exclusiveGateway id="g" default="g_e"/><parallelGateway id="f"/>
        ${userTask('x')}${userTask('y')}${chain('s m a g')}${flow('g', 'e')}${flow('g', 'f', 'yes')}${chain('f x m')}${chain('f y m')}`,
        ['yes:boolean'],
      )
      expect(await rules(multiply)).to.deep.equal(['tokens-unbounded'])
      const endless = one(
        `<exclusiveGateway id="m"/>${userTask('a')}<parallelGateway id="f"/>${chain('s m a f e')}${chain('f m')}`,
      )
      expect(await rules(endless)).to.deep.equal(['never-ends'])
      const byBoundary = one(
        `<exclusiveGateway id="m"/>${userTask('a')}<boundaryEvent id="b" attachedToRef="a">${message()}</boundaryEvent>
        ${chain('s m a m')}${chain('b e')}`,
      )
      expect(await rules(byBoundary)).to.deep.equal([])
    })
  })

  it('refuses a loop in which nothing waits, and passes one that waits', async () => {
    const loop = (inside: string, id: string) =>
      one(
        `<exclusiveGateway id="m"/>${inside}<exclusiveGateway id="g" default="g_e"/>${chain(`s m ${id} g`)}${flow('g', 'm', 'yes')}${flow('g', 'e')}`,
        ['yes:boolean'],
      )
    expect(await rules(loop('<sendTask id="x" messageRef="m_go"/>', 'x'))).to.deep.equal([
      'cycle-without-wait',
    ])
    expect(await rules(loop(userTask('x'), 'x'))).to.deep.equal([])
    expect(await rules(loop(serviceTask('x'), 'x'))).to.deep.equal([])
  })

  it('knows tasks, commands and forms', async () => {
    expect(await codeOf(around('<serviceTask id="x" implementation="nobody.knows"/>'))).to.equal(
      'WORKFLOW_TASK_UNKNOWN',
    )
    expect(await rules(around('<serviceTask id="x"/>'))).to.deep.equal(['task-missing'])
    expect(await rules(around(userTask('x', 'gdbos:command="nobody.knows"')))).to.deep.equal([
      'command-unknown',
    ])
    const form = around(userTask('x', 'gdbos:formKey="sheet"'))
    const withForms = await gate(form, { known: { ...known, forms: new Set(['other']) } })
    expect(withForms.findings.map(({ rule }) => rule)).to.deep.equal(['form-unknown'])
    expect(await rules(form)).to.deep.equal([])
  })

  it('lets a definition with unknown tasks be run in memory', async () => {
    const xml = around('<serviceTask id="x" implementation="nobody.knows"/>')
    expect((await gate(xml, { known, inMemory: true })).valid).to.equal(true)
    const script = around('<scriptTask id="x"/>')
    expect((await gate(script, { known, inMemory: true })).valid).to.equal(false)
  })

  it('checks expressions against the declared variables', async () => {
    const condition = (text: string) =>
      one(
        `<exclusiveGateway id="g" default="g_e"/>${userTask('a')}${chain('s g')}${flow('g', 'a', text)}${flow('g', 'e')}${chain('a e')}`,
        ['n:number', 't:string', 'd:date'],
      )
    expect(await rules(condition('n > 1 and t = "x" and d < date("2026-01-01")'))).to.deep.equal([])
    for (const text of ['n >', 'unknown = 1', 't = 1', '=n > 1', '${n > 1}', 'n == 1'])
      expect(await rules(condition(text)), text).to.deep.equal(['expression-invalid'])
    expect(await rules(condition('n + 1'))).to.deep.equal(['expression-type'])
    for (const text of ['now() = d', 'matches(t, "(a+)+$")', 'random number() > 0.5'])
      expect(await rules(condition(text)), text).to.deep.equal(['expression-function-forbidden'])
    for (const text of [
      '('.repeat(40) + 'n' + ')'.repeat(40) + ' > 1',
      `t = "${'x'.repeat(5000)}"`,
      Array(150).fill('n > 1').join(' and '),
    ])
      expect(await rules(condition(text))).to.deep.equal(['expression-too-complex'])
  })

  it('checks declared variables', async () => {
    for (const variables of [
      ['a:text'],
      ['a:string', 'a:string'],
      ['a b:string'],
      ['if:string'],
      ['__proto__:any'],
    ])
      expect(await rules(one(chain('s e'), variables)), variables.join()).to.have.length(1)
  })

  it('checks timers', async () => {
    const timed = (duration: string) =>
      around(`<intermediateCatchEvent id="x">${timer(duration)}</intermediateCatchEvent>`)
    for (const duration of ['PT0S', 'P60D', 'P1Y2M3DT4H5M6S', 'P2W', 'duration("PT1H")'])
      expect(await rules(timed(duration)), duration).to.deep.equal([])
    for (const duration of [
      '-PT1H',
      'P51Y',
      'P20000D',
      'P',
      'PT',
      'P1H',
      'soon',
      '1 + 1',
      'P99999999999999999999Y',
    ])
      expect(await rules(timed(duration)), duration).to.deep.equal(['timer-invalid'])
    expect(await codeOf(timed('-PT1H'))).to.equal('WORKFLOW_TIMER_INVALID')
  })

  it('lets an error event stand on service tasks alone, and boundary events on what waits', async () => {
    const boundary = (host: string, definition: string) =>
      one(
        `${host}<boundaryEvent id="b" attachedToRef="a">${definition}</boundaryEvent><endEvent id="x"/>${chain('s a e')}${chain('b x')}`,
      )
    const error = '<errorEventDefinition id="d" errorRef="e_bad"/>'
    expect(await rules(boundary(serviceTask('a'), error))).to.deep.equal([])
    expect(await rules(boundary(userTask('a'), error))).to.deep.equal(['boundary-host'])
    expect(await rules(boundary('<sendTask id="a" messageRef="m_go"/>', message('m_stop')))).to.deep.equal([
      'boundary-host',
    ])
  })
})
