import { expect } from 'chai'
import type { Dataset } from '../../modules/catalog/index.ts'
import {
  decideLink,
  latestMerge,
  linkReviews,
  linkRulings,
  organisationRecord,
  recomputedSha256,
} from '../../modules/golden/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode, givenDataset, givenSchema, load } from './registers.ts'

const PAGE = { first: 50 }

// Section 6.4 of specs/standards-and-data.md, for registers that name their rows by nothing but their content.
describe('a ruling on a row of a register without a primary key', function () {
  this.timeout(600_000)
  let world: World
  let urban: Dataset
  const steward = () => world.as('data-steward', 'urban-bureau')
  const [fish, tea] = [creditCode(1), creditCode(2)]
  const STREET = '台江路7号'
  /** Code, name, address, phone; the stall was ruled to be the fish company, the tea row not to be the tea company. */
  const stall = (phone: string, address = STREET, name = '老渔夫小吃摊') => `,${name},${address},${phone}`
  const teaRow = (phone: string, name = '榕城茶叶有限公司门市') => `${tea},${name},华林路9号,${phone}`

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    for (const id of ['market-bureau', 'urban-bureau'])
      await establish(world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
    await givenSchema(world, 'stalls', ['code', 'name', 'address', 'phone'], { keyed: false })
    const market = await givenDataset(world, 'market-bureau', 'companies', '企业登记')
    urban = await givenDataset(world, 'urban-bureau', 'stalls', '摊点')
    const others = Array.from(
      { length: 20 },
      (_, n) => `${creditCode(50 + n)},${'甲乙丙丁戊'[n % 5]}${n}号商行,东街${n}号`,
    )
    await load(world, market, [
      `${fish},老渔夫餐饮有限公司,${STREET}`,
      `${tea},榕城茶叶有限公司,华林路9号`,
      ...others,
    ])
    await load(world, urban, [stall('1'), teaRow('1')])
    await world.settle()
    const { edges } = await linkReviews(steward(), PAGE)
    const waiting = edges.find(({ node }) => node.key === fish)?.node
    await decideLink(steward(), {
      ...{ datasetId: urban.id, rowId: waiting?.rowId ?? '', key: fish, answer: 'same', reason: '同一业主' },
    })
    await decideLink(steward(), {
      ...{ datasetId: urban.id, rowId: await rowIdIn(tea), key: tea, answer: 'different', reason: '挂靠' },
    })
    await world.settle()
    expect([await linesIn(fish), await linesIn(tea)]).to.deep.equal([[2], []])
  })
  after(() => world.close())

  it('follows the row when anything changes but what makes it that row', async () => {
    await load(world, urban, [teaRow('2'), stall('2')])
    await world.settle()

    expect([await linesIn(fish), await linesIn(tea)]).to.deep.equal([[3], []])
    const run = await latestMerge(steward())
    expect(run).to.deep.include({ status: 'published', findings: [] })
    expect(await recomputedSha256(steward())).to.equal(run?.contentSha256)
    expect(
      (await linkRulings(steward(), PAGE)).edges.map(({ node }) => [node.answer, node.line]),
    ).to.deep.equal([
      ['different', 2],
      ['same', 3],
    ])
    expect(await reopened()).to.be.empty
  })

  it('is put to people again where the row cannot be told from another, or is only alike', async () => {
    await load(world, urban, [stall('3'), stall('4'), teaRow('2')])
    await world.settle()
    expect([await linesIn(fish), await linesIn(tea)]).to.deep.equal([[], []])
    expect(await reopened()).to.deep.equal([
      [2, fish],
      [3, fish],
    ])

    await load(world, urban, [stall('3', '八一七路1号'), teaRow('2')])
    await world.settle()
    expect([await linesIn(fish), await linesIn(tea)]).to.deep.equal([[], []])
    expect(await reopened()).to.deep.equal([[2, fish]])
  })

  it('gives way to what people rule on the row that was put to them', async () => {
    const [open] = (await linkReviews(steward(), PAGE)).edges.map(({ node }) => node)
    await decideLink(steward(), {
      ...{ datasetId: urban.id, rowId: open?.rowId ?? '', key: fish, answer: 'same', reason: '搬迁' },
    })
    await world.settle()

    expect(await linesIn(fish)).to.deep.equal([2])
    expect(await reopened()).to.be.empty
  })

  it('is found, and stays, when the row is nowhere any more', async () => {
    await load(world, urban, [stall('3', '八一七路1号'), ',别家摊点,国货路3号,9'])
    await world.settle()

    expect((await latestMerge(steward()))?.findings).to.deep.equal([
      { datasetId: urban.id, code: 'GOLDEN_RULING_ROW_GONE', rows: 1, lines: [3] },
    ])
    await load(world, urban, [stall('3', '八一七路1号'), teaRow('5')])
    await world.settle()
    expect((await latestMerge(steward()))?.findings).to.be.empty
    expect(await linesIn(tea)).to.be.empty
  })

  async function sourcesIn(key: string) {
    const { fields } = await organisationRecord(steward(), { key, purpose: '核实' })
    const sources = fields.flatMap(({ source, runnersUp }) => [...(source ? [source] : []), ...runnersUp])
    return sources.filter(({ datasetId }) => datasetId === urban.id)
  }

  const linesIn = async (key: string) => [...new Set((await sourcesIn(key)).map(({ line }) => line))]
  const rowIdIn = async (key: string) => (await sourcesIn(key))[0]?.rowId ?? ''

  async function reopened() {
    const { edges } = await linkReviews(steward(), PAGE)
    return edges
      .flatMap(({ node }) => (node.decision === 'reopened' ? [[node.line, node.key]] : []))
      .sort((a, b) => Number(a[0]) - Number(b[0]))
  }
})
