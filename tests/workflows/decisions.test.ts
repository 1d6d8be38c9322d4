import { expect } from 'chai'
import {
  checkModel,
  Compiled,
  evaluateDecision,
  inputsOf,
  plainAnswer,
  readExact,
  readModel,
  writeAnswer,
} from '../../workflows/decisions/index.ts'
import { refusal } from '../support/refusal.ts'
import { decision, dmn, input, literal, needsDecision, needsInput, type Table, tableFile } from './dmn.ts'

const NOW = new Date('2026-11-30T08:00:00Z')

async function answer(xml: string, name: string, inputs: Record<string, unknown>) {
  const compiled = new Compiled(await readModel(xml))
  return plainAnswer(evaluateDecision(compiled, name, inputsOf(compiled, name, inputs), NOW))
}

const outputs = [['fee', 'number']] as const
const AGES: Table['inputs'] = [['age', 'number']]
const overlapping = [
  ['>= 18', '10'],
  ['>= 60', '5'],
  ['< 18', '0'],
]

/** The result and the numbers of the rules that fired, of one table for one age. */
async function hit(policy: string, age: number, more: Partial<Table> = {}) {
  const made: Table = { policy, inputs: AGES, outputs, rules: overlapping, ...more }
  const { result, rules, warnings } = await answer(tableFile('fee', made), 'fee', { age })
  return { result, rules: rules.map(({ rule }) => rule), warnings: warnings.map(({ code }) => code) }
}

describe('a decision table', () => {
  it('of unique hits answers one rule and refuses two', async () => {
    expect(await hit('UNIQUE', 30)).to.deep.equal({ result: 10, rules: [1], warnings: [] })
    expect(await hit('UNIQUE', 70)).to.deep.equal({ result: null, rules: [], warnings: ['rules-overlap'] })
  })

  it('of any hits wants one answer of all rules that hold', async () => {
    const agreeing = [
      ['>= 18', '10'],
      ['>= 60', '10'],
    ]

    expect(await hit('ANY', 70, { rules: agreeing })).to.deep.include({ result: 10, rules: [1, 2] })
    expect(await hit('ANY', 70)).to.deep.include({ result: null, warnings: ['rules-overlap'] })
  })

  it('of priority takes the output that stands first in its list of values', async () => {
    const priority = { outputs: [['fee', 'number', '0, 5, 10']] as const }

    expect(await hit('PRIORITY', 70, priority)).to.deep.include({ result: 5, rules: [2] })
  })

  it('of first hits takes the first rule in the order of the table', async () => {
    expect(await hit('FIRST', 70)).to.deep.include({ result: 10, rules: [1] })
  })

  it('of rule order and output order answers lists so ordered', async () => {
    const ordered = { outputs: [['fee', 'number', '0, 5, 10']] as const }

    expect(await hit('RULE ORDER', 70)).to.deep.include({ result: [10, 5], rules: [1, 2] })
    expect(await hit('OUTPUT ORDER', 70, ordered)).to.deep.include({ result: [5, 10], rules: [2, 1] })
  })

  it('that collects answers a list, its sum, least, greatest or count', async () => {
    const rules = [
      ['>= 18', '0.1'],
      ['>= 60', '0.2'],
    ]

    expect(await hit('COLLECT', 70, { rules })).to.deep.include({ result: [0.1, 0.2], rules: [1, 2] })
    for (const [aggregation, result] of [
      ['SUM', 0.3],
      ['MIN', 0.1],
      ['MAX', 0.2],
      ['COUNT', 2],
    ] as const)
      expect((await hit('COLLECT', 70, { rules, aggregation })).result, aggregation).to.equal(result)
  })

  it('answers its default, or null, when no rule holds', async () => {
    const rules = [['> 100', '1']]

    expect((await hit('UNIQUE', 3, { rules })).result).to.equal(null)
    expect(
      (await hit('UNIQUE', 3, { rules, outputs: [['fee', 'number', undefined, '7.5']] })).result,
    ).to.equal(7.5)
  })

  it('says which rules fired with which inputs', async () => {
    const made: Table = { policy: 'UNIQUE', inputs: AGES, outputs, rules: overlapping }
    const { rules } = await answer(tableFile('fee', made), 'fee', { age: 30 })

    expect(rules).to.deep.equal([
      { decision: 'fee', rule: 1, id: 'r1', inputs: { age: 30 }, outputs: { fee: 10 }, annotations: [] },
    ])
  })

  it('refuses an input its column does not allow', async () => {
    const made: Table = {
      policy: 'UNIQUE',
      inputs: [['kind', 'string', '"a", "b"']],
      outputs,
      rules: [['-', '1']],
    }
    const { result, warnings } = await answer(tableFile('fee', made), 'fee', { kind: 'c' })

    expect(result).to.equal(null)
    expect(warnings[0]?.code).to.equal('input-not-allowed')
  })
})

describe('a decision model', () => {
  it('evaluates what a decision requires, and names nothing else', async () => {
    const xml = dmn(
      input('amount', 'number') +
        input('hidden', 'number') +
        decision('net', needsInput('amount'), literal('amount / 1.13')) +
        decision('tax', needsDecision('net') + needsInput('amount'), literal('decimal(amount - net, 2)')) +
        decision('blind', needsInput('amount'), literal('hidden')),
    )

    expect((await answer(xml, 'tax', { amount: 113 })).result).to.equal(13)
    expect((await answer(xml, 'blind', { hidden: 1 })).warnings[0]?.code).to.equal('name-unknown')
  })

  it('reads dates of its inputs by their types and refuses what is none', async () => {
    const xml = dmn(input('born', 'date') + decision('year', needsInput('born'), literal('born.year')))

    expect((await answer(xml, 'year', { born: '1990-05-01' })).result).to.equal(1990)
    expect((await refusal(answer(xml, 'year', { born: 'yesterday' }))).code).to.equal(
      'DECISION_INPUT_INVALID',
    )
    expect((await refusal(answer(xml, 'year', { age: 1 }))).code).to.equal('DECISION_INPUT_INVALID')
    expect((await refusal(answer(xml, 'month', {}))).code).to.equal('DECISION_NOT_FOUND')
  })

  it('keeps all digits of decimals in and out', async () => {
    const xml = dmn(input('a', 'number') + decision('b', needsInput('a'), literal('[a, 1 / 3]')))
    const compiled = new Compiled(await readModel(xml))
    const given = readExact('{"a": 12345678901234567890.12}')
    const evaluated = evaluateDecision(compiled, 'b', inputsOf(compiled, 'b', given as never), NOW)

    expect(writeAnswer(evaluated)).to.equal(
      '{"result":[12345678901234567890.12,0.3333333333333333333333333333333333],"rules":[],"warnings":[]}',
    )
    expect((await refusal((async () => readExact('{"a": 01}'))())).code).to.equal('DECISION_INPUT_INVALID')
  })

  it('is refused with a circle in its requirements, which is shown', async () => {
    const xml = dmn(
      decision('a', needsDecision('b'), literal('b')) +
        decision('b', needsDecision('c'), literal('c')) +
        decision('c', needsDecision('a'), literal('a')),
    )
    const error = await refusal(readModel(xml))

    expect(error.code).to.equal('DECISION_GRAPH_CIRCULAR')
    expect(error.messages.en).to.contain('a → b → c → a')
    expect(error.messages.zh).to.contain('循环')
  })

  it('is refused with a DOCTYPE, too large, too deep, or when it is no DMN', async () => {
    const deep = `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`
    for (const [xml, code] of [
      [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
        'DECISION_DOCTYPE_FORBIDDEN',
      ],
      [dmn(`<description>${'x'.repeat(1_100_000)}</description>`), 'DECISION_FILE_TOO_LARGE'],
      [dmn(`<extensionElements>${deep}</extensionElements>`), 'DECISION_FILE_TOO_LARGE'],
      ['<definitions>', 'DECISION_FILE_INVALID'],
      ['{}', 'DECISION_FILE_INVALID'],
      ['', 'DECISION_FILE_INVALID'],
      ['<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', 'DECISION_FILE_INVALID'],
      [dmn(decision('a', '', '') + decision('a', '', '')), 'DECISION_FILE_INVALID'],
      [dmn(input('a', 'number') + decision('a', '', '')), 'DECISION_NAME_DUPLICATE'],
    ] as const)
      expect((await refusal(readModel(xml))).code, xml.slice(0, 60)).to.equal(code)
  })
})

/** Rule, severity and numbers of the findings of one table. */
async function findings(made: Table) {
  const found = checkModel(new Compiled(await readModel(tableFile('fee', made))))
  for (const { zh, en } of found) {
    expect(zh).to.match(/\p{Script=Han}/u)
    expect(en).to.not.match(/\p{Script=Han}/u)
  }
  return found
}

const brief = async (made: Table) =>
  (await findings(made)).map(({ rule, severity, rules }) => `${severity} ${rule} ${rules.join(',')}`)

describe('the check of a decision table', () => {
  it('names rules that overlap, where, against the hit policy only', async () => {
    const made: Table = { policy: 'UNIQUE', inputs: AGES, outputs, rules: overlapping }

    const [first] = await findings(made)
    expect(first).to.include({ rule: 'rules-overlap', severity: 'error', decision: 'fee' })
    expect(first?.rules).to.deep.equal([1, 2])
    expect(first?.en).to.contain('60, > 60')
    expect(await brief({ ...made, policy: 'COLLECT' })).to.deep.equal([])
    expect(await brief({ ...made, policy: 'ANY' })).to.deep.equal(['error rules-overlap 1,2'])
    expect(
      await brief({ ...made, policy: 'ANY', rules: overlapping.map(([when = '']) => [when, '1']) }),
    ).to.deep.equal([])
  })

  it('names inputs that no rule answers, with the rules beside the gap', async () => {
    const [gap, ...more] = await findings({
      policy: 'UNIQUE',
      inputs: [
        ['age', 'number'],
        ['local', 'boolean'],
      ],
      outputs,
      rules: [
        ['< 18', '-', '0'],
        ['> 18', 'true', '1'],
        ['>= 18', 'false', '2'],
      ],
    })

    expect(more).to.deep.equal([])
    expect(gap).to.include({ rule: 'rules-gap', severity: 'warning' })
    expect(gap?.en).to.equal('No rule answers: age: 18; local: true')
    expect(gap?.rules).to.deep.equal([1, 2, 3])
  })

  it('finds a table of texts complete only with the others', async () => {
    const made: Table = {
      policy: 'UNIQUE',
      inputs: [['kind', 'string']],
      outputs,
      rules: [
        ['"a"', '1'],
        ['"b"', '2'],
      ],
    }

    expect((await findings(made))[0]?.en).to.equal('No rule answers: kind: not("a", "b")')
    expect(await brief({ ...made, inputs: [['kind', 'string', '"a", "b"']] })).to.deep.equal([])
    expect(await brief({ ...made, rules: [...made.rules, ['not("a", "b")', '3']] })).to.deep.equal([])
    expect(await brief({ ...made, outputs: [['fee', 'number', undefined, '0']] })).to.deep.equal([])
  })

  it('names a rule of a first-hit table that those before it cover together', async () => {
    const rules = [
      ['< 18', '0'],
      ['>= 18', '1'],
      ['[10..30]', '2'],
    ]

    expect(await brief({ policy: 'FIRST', inputs: AGES, outputs, rules })).to.deep.equal([
      'error rule-unreachable 3',
    ])
  })

  it('knows that no day lies between two that follow each other', async () => {
    const made: Table = {
      policy: 'UNIQUE',
      inputs: [['on', 'date']],
      outputs,
      rules: [
        ['<= date("2026-01-01")', '1'],
        ['>= date("2026-01-02")', '2'],
      ],
    }

    expect(await brief(made)).to.deep.equal([])
    expect(
      await brief({
        ...made,
        inputs: [['on', 'date and time']],
        rules: [
          ['<= date and time("2026-01-01T00:00:00")', '1'],
          ['>= date and time("2026-01-02T00:00:00")', '2'],
        ],
      }),
    ).to.deep.equal(['warning rules-gap 1,2'])
  })

  it('says what it did not check and which cell does not parse', async () => {
    const made: Table = { policy: 'UNIQUE', inputs: AGES, outputs, rules: [['? > limit', '1']] }

    expect(await brief(made)).to.deep.equal(['warning rules-not-checked 1'])
    expect(await brief({ ...made, rules: [['> ', '1']] })).to.deep.equal(['error expression-invalid 1'])
  })

  it('ends on tables whose gaps are without number', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `x${index}`)
    const rules = names.map((_, index) => [...names.map((_, at) => (at === index ? '> 5' : '-')), '1'])
    const found = await findings({
      policy: 'FIRST',
      inputs: names.map((name) => [name, 'number'] as const),
      outputs,
      rules,
    })

    expect(found.length).to.be.within(1, 21)
  })
})
