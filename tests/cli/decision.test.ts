import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../gateway/cli/main.ts'
import { dmn, decision, literal, needsDecision, needsInput, input, tableFile } from '../workflows/dmn.ts'

async function gdbos(...args: string[]) {
  const said = { stdout: '', stderr: '' }
  const code = await run(args, {
    stdout: { write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
  })
  return { code, ...said, json: () => JSON.parse(said.stdout) as Record<string, unknown> }
}

describe('gdbos decision', () => {
  let folder = ''
  const file = (name: string) => join(folder, name)
  const evaluate = (name: string, decision: string, input: string) =>
    gdbos('decision', 'evaluate', file(name), '--decision', decision, '--input', input, '--json')

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-decision-'))
    await writeFile(
      file('fee.dmn'),
      tableFile('fee', {
        policy: 'UNIQUE',
        inputs: [['amount', 'number']],
        outputs: [['fee', 'number']],
        rules: [
          ['< 100', '0.1 + 0.2'],
          ['>= 100', 'amount / 3'],
        ],
      }),
    )
    await writeFile(
      file('overlap.dmn'),
      tableFile('fee', {
        policy: 'UNIQUE',
        inputs: [['amount', 'number']],
        outputs: [['fee', 'number']],
        rules: [
          ['<= 100', '1'],
          ['>= 100', '2'],
        ],
      }),
    )
    await writeFile(
      file('circle.dmn'),
      dmn(decision('a', needsDecision('b'), literal('b')) + decision('b', needsDecision('a'), literal('a'))),
    )
    await writeFile(
      file('null.dmn'),
      dmn(input('x', 'number') + decision('y', needsInput('x'), literal('x / 0'))),
    )
  })
  after(() => rm(folder, { recursive: true }))

  it('prints the result, the rules that fired and the warnings', async () => {
    const said = await evaluate('fee.dmn', 'fee', '{"amount": 12.50}')

    expect(said.code).to.equal(0)
    expect(said.json()).to.deep.equal({
      result: 0.3,
      rules: [
        {
          decision: 'fee',
          rule: 1,
          id: 'r1',
          inputs: { amount: 12.5 },
          outputs: { fee: 0.3 },
          annotations: [],
        },
      ],
      warnings: [],
    })
  })

  it('prints decimals as numbers with all their digits', async () => {
    const { stdout } = await evaluate('fee.dmn', 'fee', '{"amount": 100000000000000000000.01}')

    expect(stdout).to.match(/^\{"result":33333333333333333333\.33666666666667,"rules":\[/)
    expect(stdout).to.contain('"inputs":{"amount":100000000000000000000.01}')
  })

  it('prints why a result is null', async () => {
    const said = await evaluate('null.dmn', 'y', '{"x": 1}')

    expect(said.code).to.equal(0)
    expect(said.json()['result']).to.equal(null)
    expect(said.json()['warnings']).to.be.an('array').with.length(1)
  })

  it('refuses a bad file, decision or input with a code', async () => {
    for (const [name, decided, given, code] of [
      ['absent.dmn', 'fee', '{}', 'DECISION_FILE_UNREADABLE'],
      ['circle.dmn', 'a', '{}', 'DECISION_GRAPH_CIRCULAR'],
      ['fee.dmn', 'price', '{}', 'DECISION_NOT_FOUND'],
      ['fee.dmn', 'fee', '{"amount"', 'DECISION_INPUT_INVALID'],
      ['fee.dmn', 'fee', '[1]', 'DECISION_INPUT_INVALID'],
      ['fee.dmn', 'fee', '{"weight": 1}', 'DECISION_INPUT_INVALID'],
    ] as const) {
      const said = await evaluate(name, decided, given)

      expect(said.code, code).to.equal(1)
      expect(said.json()['code']).to.equal(code)
      expect((said.json()['messages'] as { zh: string }).zh).to.match(/\p{Script=Han}/u)
    }
  })

  it('wants its arguments whole', async () => {
    expect((await gdbos('decision', 'evaluate', file('fee.dmn'), '--json')).code).to.equal(2)
    expect((await gdbos('decision', 'guess', file('fee.dmn'))).code).to.equal(2)
    expect((await gdbos('decision', 'check', file('fee.dmn'), '--input', '{}')).code).to.equal(2)
  })

  it('checks a table', async () => {
    const [good, bad] = [
      await gdbos('decision', 'check', file('fee.dmn'), '--json'),
      await gdbos('decision', 'check', file('overlap.dmn'), '--json'),
    ]

    expect(good).to.include({ code: 0 })
    expect(good.json()).to.deep.equal({ valid: true, findings: [] })
    expect(bad).to.include({ code: 1 })
    expect(bad.json()['valid']).to.equal(false)
    expect(JSON.stringify(bad.json()['findings'])).to.contain('"rules":[1,2]')
    expect((await gdbos('decision', 'check', file('overlap.dmn'))).stdout).to.contain('规则1与2重叠：100')
  })
})
