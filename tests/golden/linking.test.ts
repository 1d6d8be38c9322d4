import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import type { Dataset } from '../../modules/catalog/index.ts'
import { issue } from '../../modules/certificate/index.ts'
import {
  accessSubject,
  confirmRuling,
  decideLink,
  latestMerge,
  type Link,
  linkReview,
  linkReviews,
  linkRulings,
  organisationRecord,
  recomputedSha256,
  undoRuling,
} from '../../modules/golden/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode, givenDataset, givenSchema, load } from './registers.ts'

const PAGE = { first: 50 }
const RESTAURANT = '91350100M000100Y43'

const company = (n: number) => {
  const [a, b] = [[...'榕闽鹭海山金银华盛泰'][n % 10], [...'城江源丰达隆'][Math.floor(n / 10)]]
  const trade = ['餐饮', '食品', '电子', '建材', '印务', '物流', '纺织'][n % 7]
  const road = ['东街', '五四', '古田', '华林', '国货'][n % 5]
  return {
    code: creditCode(n),
    name: `福州市${a}${b}${trade}有限公司`,
    address: `福州市鼓楼区${road}路${n + 1}号`,
    phone: `0591-8${String(700_000 + n * 37)}`,
  }
}

// Sections 6.1 to 6.4 of specs/standards-and-data.md.
describe('rows without a credit code', function () {
  this.timeout(300_000)
  let world: World
  let market: Dataset
  let urban: Dataset
  const steward = (person = 'steward-1') => world.as('data-steward', 'urban-bureau', person)
  const companies = Array.from({ length: 60 }, (_, n) => company(n))
  const at = (n: number) => companies[n] as ReturnType<typeof company>
  /** Number, code, name, address, phone, organisation code; lines 2 to 10. */
  const shops = () => [
    `1,,${at(3).name},${at(3).address},,`,
    `2,${at(4).code.slice(0, 17)}*,${at(4).name},${at(4).address},${at(4).phone},`,
    `3,,${at(5).name},福州市马尾区新港路9号,,`,
    '4,,不知名小店,,0591-30000002,M000100Y4',
    `5,,${at(7).name},${at(7).address},${at(7).phone},`,
    `6,,${at(7).name},${at(7).address},,`,
    '7,,长乐渔丰海鲜大排档,长乐区海边1号,0591-30000003,',
    `8,${at(8).code},${at(8).name},${at(8).address},0591-30000004,`,
    `9,,${at(8).name},${at(8).address},,`,
  ]

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    for (const id of ['market-bureau', 'urban-bureau', 'tax-bureau'])
      await establish(world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
    await givenSchema(world, 'companies', ['code', 'name', 'address', 'phone'])
    await givenSchema(world, 'shopfronts', ['number', 'code', 'name', 'address', 'phone', 'organisationCode'])
    market = await givenDataset(world, 'market-bureau', 'companies', '企业登记')
    urban = await givenDataset(world, 'urban-bureau', 'shopfronts', '店招备案')
    await load(world, market, registered())
    await load(world, urban, shops())
    await world.settle()
  })
  after(() => world.close())

  it('are linked by organisation code, then by weight, one of a register each; the rest waits for people', async () => {
    expect(await linksNow()).to.have.deep.members([
      [2, at(3).code, 'probabilistic', 'link'],
      [3, at(4).code, 'probabilistic', 'link'],
      [4, at(5).code, 'probabilistic', 'review'],
      [5, RESTAURANT, 'organisation-code', 'link'],
      [6, at(7).code, 'probabilistic', 'link'],
      // The register has a row of the entity already: never two by the machine.
      [7, at(7).code, 'probabilistic', 'review'],
      [10, at(8).code, 'probabilistic', 'review'],
    ])
    expect(await latestMerge(steward())).to.deep.include({ records: 61, findings: [] })
  })

  it('are in the record of their entity, with their own place, and bring no key', async () => {
    expect(await linesOf(4)).to.deep.equal([3])
    expect(await linesOf(8)).to.deep.equal([9])
    const record = await organisationRecord(steward(), { key: at(4).code, purpose: '核实' })
    const key = record.fields.find(({ name }) => name === 'uscc')
    expect([key?.value, key?.runnersUp]).to.deep.equal([at(4).code, []])
    expect((await organisationRecord(steward(), { key: RESTAURANT, purpose: '核实' })).name).to.be.oneOf([
      '福州榕城餐饮有限公司',
      '不知名小店',
    ])
  })

  it('give identical bytes when computed again', async () => {
    expect(await recomputedSha256(steward())).to.equal((await latestMerge(steward()))?.contentSha256)
  })

  it('wait in the queue of their own body alone', async () => {
    const { edges } = await linkReviews(steward(), PAGE)
    expect(edges.map(({ node }) => node.line).sort()).to.deep.equal([10, 4, 7])
    expect((await linkReviews(world.as('data-steward', 'market-bureau'), PAGE)).edges).to.be.empty
    for (const stranger of [world.as('clerk', 'urban-bureau'), world.as('citizen', 'citizen:x')]) {
      expect((await refusal(linkReviews(stranger, PAGE))).code).to.equal('POLICY_FORBIDDEN')
      expect((await refusal(linkRulings(stranger, PAGE))).code).to.equal('POLICY_FORBIDDEN')
    }
  })

  it('are shown beside the entity with the weight of each comparison, and the look is logged', async () => {
    const ctx = steward()
    const review = await linkReview(ctx, { ...(await link(4, at(5))), purpose: '核对' })

    expect(review.name).to.equal(at(5).name)
    expect(review.fields.find(({ name }) => name === 'address')).to.include({
      row: '福州市马尾区新港路9号',
      record: at(5).address,
    })
    const { weight, prior, parts } = review.link
    const sum = parts.reduce((sum, part) => sum + part.weight, prior ?? 0)
    expect(sum).to.be.closeTo(weight ?? 0, 0.01)
    expect(parts.map(({ field, level }) => [field, level]).slice(0, 4)).to.deep.equal([
      ['stem', 'equal'],
      ['form', 'equal'],
      ['region', 'equal'],
      ['address', 'differs'],
    ])
    const [access] = await world.db
      .selectFrom('core.access')
      .selectAll()
      .where('requestId', '=', ctx.requestId)
      .execute()
    expect(access).to.include({ kind: 'read', subject: accessSubject(at(5).code), purpose: '核对' })
    const stranger = world.as('data-steward', 'market-bureau')
    const wanted = { ...(await link(4, at(5))), purpose: '核对' }
    expect((await refusal(linkReview(stranger, wanted))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(linkReview(steward(), { ...wanted, purpose: '' }))).code).to.equal(
      'GOLDEN_PURPOSE_MISSING',
    )
    expect((await refusal(linkReview(steward(), { ...wanted, key: at(1).code }))).code).to.equal(
      'GOLDEN_LINK_NOT_FOUND',
    )
  })

  it('are ruled on by their own body, with a reason, where there is something to rule on', async () => {
    const input = await link(4, at(5))
    const same = { ...input, answer: 'same' as const, reason: '现场核实' }
    for (const stranger of [world.as('data-steward', 'market-bureau'), world.as('clerk', 'urban-bureau')])
      expect((await refusal(decideLink(stranger, same))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(decideLink(steward(), { ...same, reason: ' ' }))).code).to.equal(
      'GOLDEN_RULING_REASON_MISSING',
    )
    expect((await refusal(decideLink(steward(), { ...same, key: at(1).code }))).code).to.equal(
      'GOLDEN_LINK_NOT_FOUND',
    )
  })

  it('stay in the queue while people are unsure', async () => {
    const before = (await latestMerge(steward()))?.id
    const ruling = await decideLink(steward(), {
      ...(await link(4, at(5))),
      answer: 'unsure',
      reason: '待查',
    })
    await world.settle()

    expect(ruling.status).to.equal('in-force')
    expect((await latestMerge(steward()))?.id).to.equal(before)
    expect((await linkReviews(steward(), PAGE)).edges).to.have.length(3)
  })

  it('join the entity they were ruled to be, in every later merge', async () => {
    await decideLink(steward(), { ...(await link(4, at(5))), answer: 'same', reason: '现场核实' })
    await world.settle()
    expect(await linesOf(5)).to.deep.equal([4])

    await load(world, urban, shops().reverse())
    await world.settle()

    expect(await linesOf(5)).to.deep.equal([8])
    expect(await linksNow()).to.deep.include([8, at(5).code, 'ruling', 'link'])
    expect(await recomputedSha256(steward())).to.equal((await latestMerge(steward()))?.contentSha256)
  })

  it('are never merged again with what they were ruled to be different from', async () => {
    const taken = await link(9, at(4))
    await decideLink(steward(), { ...taken, answer: 'different', reason: '同名不同店' })
    await world.settle()
    expect(await linesOf(4)).to.deep.equal([])

    const opposite = { ...taken, answer: 'same' as const, reason: '同一家' }
    const error = await refusal(decideLink(steward(), opposite))
    expect([error.code, error.kind]).to.deep.equal(['GOLDEN_LINK_FORBIDDEN', 'conflict'])
    expect(
      (await refusal(decideLink(steward(), { ...taken, answer: 'different', reason: '再' }))).code,
    ).to.equal('GOLDEN_RULING_STANDS')

    await load(world, market, registered().reverse())
    await world.settle()

    expect(await linesOf(4)).to.deep.equal([])
    expect((await linksNow()).filter(([, key]) => key === at(4).code)).to.be.empty
  })

  it('and rows with the code of another are taken out of its record, which stays so', async () => {
    const keyed = (await rowsOfRecord(8)).find(({ value }) => value === at(8).code)
    const rowId = String(keyed?.rowId)
    const isIn = async () => (await rowsOfRecord(8)).some((row) => row.rowId === rowId)
    expect(await isIn()).to.equal(true)
    const split = {
      datasetId: urban.id,
      rowId,
      key: at(8).code,
      answer: 'different' as const,
      reason: '代码填错',
    }
    expect((await refusal(decideLink(world.as('data-steward', 'market-bureau'), split))).code).to.equal(
      'POLICY_FORBIDDEN',
    )
    await decideLink(steward(), split)
    await world.settle()
    expect(await isIn()).to.equal(false)

    await load(world, market, registered())
    await world.settle()

    expect(await isIn()).to.equal(false)
    expect(await recomputedSha256(steward())).to.equal((await latestMerge(steward()))?.contentSha256)
  })

  it('come back when the ruling is undone, by their own body alone', async () => {
    const { edges } = await linkRulings(steward(), PAGE)
    expect(edges.map(({ node }) => [node.answer, node.status])).to.deep.equal([
      ['different', 'in-force'],
      ['different', 'in-force'],
      ['same', 'in-force'],
      ['unsure', 'undone'],
    ])
    const different = edges.find(({ node }) => node.key === at(4).code)
    const id = String(different?.node.id)
    expect((await refusal(undoRuling(world.as('data-steward', 'market-bureau'), id))).code).to.equal(
      'POLICY_FORBIDDEN',
    )
    await undoRuling(steward(), id)
    await world.settle()

    expect(await linesOf(4)).to.deep.equal([9])
    expect((await refusal(undoRuling(steward(), id))).code).to.equal('GOLDEN_RULING_ENDED')
    expect((await refusal(undoRuling(steward(), randomUUID()))).code).to.equal('GOLDEN_RULING_NOT_FOUND')
  })

  it('are put to people again when their own key contradicts what was ruled', async () => {
    const contradicting = shops().map((line) =>
      line.replace(`3,,${at(5).name}`, `3,${at(9).code},${at(5).name}`),
    )
    await load(world, urban, contradicting)
    await world.settle()

    expect(await linesOf(5)).to.deep.equal([])
    expect(await linesOf(9)).to.deep.equal([4])
    const { edges } = await linkReviews(steward(), PAGE)
    const reopened = edges.filter(({ node }) => node.decision === 'reopened')
    expect(reopened.map(({ node }) => [node.line, node.key])).to.deep.equal([[4, at(5).code]])
  })

  it('are put to people again, and found, when the entity they were ruled to be is in no register any more', async () => {
    await load(
      world,
      urban,
      shops().map((line) => line.replace(`3,,${at(5).name}`, `3,91350100M000100Y44,${at(5).name}`)),
    )
    await load(
      world,
      market,
      registered().filter((line) => !line.startsWith(at(5).code)),
    )
    await world.settle()

    expect(await linksNow()).to.deep.include([4, at(5).code, 'ruling', 'reopened'])
    expect(await latestMerge(steward())).to.deep.include({
      records: 60,
      findings: [{ datasetId: urban.id, code: 'GOLDEN_KEY_CHECK_FAILED', rows: 1, lines: [4] }],
    })
    await load(world, market, registered())
    await world.settle()
    expect(await linesOf(5)).to.deep.equal([4])
    expect((await latestMerge(steward()))?.findings).to.deep.equal([])
  })

  it('take a second person where the entity holds a licence', async () => {
    await issue(world.platform(), {
      caseId: randomUUID(),
      organisationId: 'market-bureau',
      holderOrganisationId: 'tax-bureau',
      type: 'food-business-licence',
      title: { zh: '食品经营许可证', en: 'Food Business Licence' },
      holder: at(7).name,
      holderCode: at(7).code,
      claims: [],
      issuedOn: '2026-01-01',
      validMonths: 60,
      numberPrefix: 'JY',
    })
    const ruling = await decideLink(steward(), {
      ...(await link(7, at(7))),
      answer: 'same',
      reason: '同一家',
    })
    await world.settle()

    expect(ruling.status).to.equal('proposed')
    expect(await linesOf(7)).to.deep.equal([6])
    expect((await refusal(confirmRuling(steward(), ruling.id))).code).to.equal('GOLDEN_RULING_BY_SAME_PERSON')
    expect(
      (await refusal(confirmRuling(world.as('directory-admin', 'tax-bureau'), ruling.id))).code,
    ).to.equal('POLICY_FORBIDDEN')
    await confirmRuling(steward('steward-2'), ruling.id)
    await world.settle()

    // What people say takes the place of what the machine linked.
    expect(await linesOf(7)).to.deep.equal([7])
    expect((await linkReviews(steward(), PAGE)).edges.map(({ node }) => node.line)).to.include(6)
    expect((await refusal(confirmRuling(steward('steward-3'), ruling.id))).code).to.equal(
      'GOLDEN_RULING_ENDED',
    )
  })

  it('stay where two persons put them until two persons undo it', async () => {
    const { edges } = await linkRulings(steward(), PAGE)
    const id = String(edges[0]?.node.id)
    const asked = await undoRuling(steward(), id)
    await world.settle()

    expect(asked).to.include({ status: 'in-force', undoAskedBy: 'steward-1@urban-bureau', undoneAt: null })
    expect(await linesOf(7)).to.deep.equal([7])
    expect((await refusal(confirmRuling(steward(), id))).code).to.equal('GOLDEN_RULING_BY_SAME_PERSON')
    expect((await refusal(undoRuling(steward('steward-2'), id))).code).to.equal('GOLDEN_RULING_UNDO_WAITS')
    const stranger = world.as('directory-admin', 'tax-bureau')
    expect((await refusal(confirmRuling(stranger, id))).code).to.equal('POLICY_FORBIDDEN')
  })

  it('are listed, shown and ruled on as the console does', async () => {
    const { datasetId, rowId, key } = await link(10, at(8))
    const input = { datasetId, rowId, key, answer: 'DIFFERENT', reason: '另一家' }
    const answer = await ask(
      `query ($datasetId: UUID!, $rowId: String!, $key: String!) {
        linkReviews { edges { node { datasetTitle line method decision weight } } }
        linkReview(datasetId: $datasetId, rowId: $rowId, key: $key, purpose: "核对") {
          name ruling { id } fields { label { zh } row record } link { prior parts { field level weight } }
        }
        linkRulings { edges { node { datasetTitle answer status mine } } }
      }`,
      { datasetId, rowId, key },
    )
    expect(answer['linkReviews']).to.have.nested.property('edges[0].node.datasetTitle', '店招备案')
    expect(answer['linkReview']).to.deep.include({ name: at(8).name, ruling: null })
    expect(answer['linkRulings']).to.have.nested.property('edges[0].node').that.deep.equals({
      datasetTitle: '店招备案',
      answer: 'SAME',
      status: 'IN_FORCE',
      mine: false,
    })
    const ruled = await ask(
      `mutation ($commandId: UUID!, $input: LinkRulingInput!) {
        decideLink(commandId: $commandId, input: $input) { answer status line }
      }`,
      { commandId: randomUUID(), input },
    )
    expect(ruled['decideLink']).to.deep.equal({ answer: 'DIFFERENT', status: 'IN_FORCE', line: 10 })
  })

  it('come back when a second person confirms the undoing', async () => {
    const { edges } = await linkRulings(steward(), PAGE)
    const waiting = edges.find(({ node }) => node.undoAskedBy !== null)?.node
    const undone = await confirmRuling(steward('steward-2'), String(waiting?.id))
    await world.settle()

    expect(undone.status).to.equal('undone')
    expect(await linesOf(7)).to.deep.equal([6])
    expect((await refusal(confirmRuling(steward('steward-3'), undone.id))).code).to.equal(
      'GOLDEN_RULING_ENDED',
    )
  })

  const registered = () => [
    `${RESTAURANT},福州榕城餐饮有限公司,福州市鼓楼区东街口1号,0591-1`,
    ...companies.map(({ code, name, address, phone }) => [code, name, address, phone].join(',')),
  ]

  function linkRows() {
    return world.db
      .selectFrom('golden.link')
      .select(['datasetId', 'rowId', 'line', 'key', 'method', 'decision'])
      .execute()
  }

  const linksNow = async () =>
    (await linkRows()).map(({ line, key, method, decision }) => [line, key, method, decision])

  async function link(
    line: number,
    { code }: { code: string },
  ): Promise<Pick<Link, 'datasetId' | 'rowId' | 'key'>> {
    const found = (await linkRows()).find((each) => each.line === line && each.key === code)
    if (!found) throw new Error(`line ${line} has no link to ${code}`)
    const { datasetId, rowId, key } = found
    return { datasetId, rowId, key }
  }

  /** Rows of the shops' register in the record of a company. */
  async function rowsOfRecord(n: number) {
    const { fields } = await organisationRecord(steward(), { key: at(n).code, purpose: '核实' })
    return fields
      .flatMap(({ source, runnersUp }) => [...(source ? [source] : []), ...runnersUp])
      .filter(({ datasetId }) => datasetId === urban.id)
  }

  const linesOf = async (n: number) => [...new Set((await rowsOfRecord(n)).map(({ line }) => line))].sort()

  async function ask(source: string, variableValues: Record<string, unknown>) {
    const schema = composeSchema(manifests)
    const contextValue: Context = steward('steward-2')
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue })
    expect(errors, JSON.stringify(errors)).to.equal(undefined)
    return JSON.parse(JSON.stringify(data)) as Record<string, unknown>
  }
})
