import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { parseItem } from '../../modules/service/item.file.ts'
import { decide } from '../../modules/service/scenario.ts'
import {
  checkModel,
  Compiled,
  evaluateDecision,
  inputsOf,
  plainAnswer,
  readModel,
} from '../../workflows/decisions/index.ts'

const PACK = new URL('../../workflows/packs/food-business-licence/', import.meta.url)
const ASKED = ['q3', 'q4', 'q5', 'q7'] as const
const ANSWERS = ['yes', 'no'] as const

/** Every complete set of answers, with what the registers say of a bar from the trade. */
function* everyCase(): Generator<{ answers: Record<string, string>; facts: Record<string, string> }> {
  for (let bits = 0; bits < 2 ** ASKED.length; bits += 1) {
    const given = ASKED.map((id, index) => [id, ANSWERS[(bits >> index) & 1] ?? 'no'])
    const answers = { q1: 'new', q2: 'catering', q6: 'no', ...Object.fromEntries(given) }
    for (const facts of [{}, { barred: 'no' }, { barred: 'yes' }]) yield { answers, facts }
  }
}

describe('the table “route” of the food business licence (one-window 13.1)', () => {
  let compiled: Compiled

  before(async () => {
    compiled = new Compiled(await readModel(await readFile(new URL('route.dmn', PACK), 'utf8')))
  })

  const route = (answers: object) =>
    plainAnswer(evaluateDecision(compiled, 'route', inputsOf(compiled, 'route', { answers }), new Date(0)))

  it('has no overlap against its hit policy, no gap and no row that is never reached', () => {
    expect(checkModel(compiled)).to.deep.equal([])
  })

  it('sends every set of answers where the gateways on the scenario sent it', async () => {
    const item = parseItem(JSON.parse(await readFile(new URL('item.json', PACK), 'utf8')))
    let compared = 0
    for (const { answers, facts } of everyCase()) {
      const scenario = decide(item, answers, facts)
      const wanted = scenario.outcome === 'apply' ? scenario.variables?.['route'] : scenario.outcome

      const { result, rules, warnings } = route({ ...answers, ...facts })

      expect(result, JSON.stringify({ answers, facts })).to.equal(wanted)
      expect(result === 'commitment').to.equal(scenario.id === 'commitment')
      expect([rules.length, warnings]).to.deep.equal([1, []])
      compared += 1
    }
    expect(compared).to.equal(48)
  })

  it('names the row that decided and its ground', () => {
    const [rule] = route({ q3: 'no', q4: 'no', q5: 'no', q7: 'yes' }).rules

    expect(rule).to.include({ decision: 'route', rule: 5, id: 'route_5' })
    expect(rule?.annotations[0]).to.contain('三十日内核查')
  })
})
