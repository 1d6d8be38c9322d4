import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import type { Context } from '../../core/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import { issue } from '../../modules/certificate/index.ts'
import {
  answerOrder,
  confirmOverride,
  correctionOrders,
  explainRecord,
  latestMerge,
  nameLegalSource,
  organisationRecord,
  overrides,
  overrideValue,
  recomputedSha256,
  withdrawOverride,
} from '../../modules/golden/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { ELEMENTS, givenDataset, givenSchema, load } from './registers.ts'

const RESTAURANT = '91350100M000100Y43'
const FACTORY = '9144030071526726XG'
const PAGE = { first: 20 }

// Section 6.5 of specs/standards-and-data.md, and row 40 of its section 13.
describe('overriding a value of a golden record', function () {
  this.timeout(300_000)
  let world: World
  const steward = (person = 'steward-1') => world.as('data-steward', 'market-bureau', person)

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    const county = { zh: '示例县人民政府', en: 'County' }
    await establish(world.platform(), { id: 'county', name: county, kind: 'government' })
    for (const [id, zh] of Object.entries({
      'market-bureau': '市场监督管理局',
      'tax-bureau': '税务局',
      'other-bureau': '城市管理局',
    }))
      await establish(world.platform(), { id, name: { zh, en: id }, kind: 'body', parentId: 'county' })
    await givenSchema(world, 'companies', ['code', 'name', 'phone', 'representative'])
    await givenSchema(world, 'taxpayers', ['code', 'name', 'phone'])
    await load(world, await givenDataset(world, 'market-bureau', 'companies', '企业登记'), [
      `${RESTAURANT},福州榕城餐饮有限公司,0591-1,林某`,
      `${FACTORY},深圳南山电子厂,0755-1,陈某`,
    ])
    await load(world, await givenDataset(world, 'tax-bureau', 'taxpayers', '纳税人登记'), [
      `${RESTAURANT},榕城餐饮,0591-2`,
    ])
    await world.settle()
    await nameLegalSource(world.as('directory-admin', 'county'), {
      elementCode: ELEMENTS.phone,
      organisationId: 'tax-bureau',
    })
    await world.settle()
    await issue(world.platform(), {
      caseId: randomUUID(),
      organisationId: 'market-bureau',
      holderOrganisationId: 'other-bureau',
      type: 'food-business-licence',
      title: { zh: '食品经营许可证', en: 'Food Business Licence' },
      holder: '深圳南山电子厂',
      holderCode: FACTORY,
      claims: [],
      issuedOn: '2026-01-01',
      validMonths: 60,
      numberPrefix: 'JY',
    })
  })
  after(() => world.close())

  it('takes a reason, a basis, evidence and an expiry', async () => {
    const before = await record()
    for (const missing of [
      { reason: ' ' },
      { basis: '' },
      { evidence: '字'.repeat(501) },
      { expiresOn: null },
    ]) {
      const error = await refusal(overrideValue(steward(), { ...wanted(), ...missing }))
      expect([error.code, error.kind]).to.deep.equal(['GOLDEN_OVERRIDE_REASON_MISSING', 'invalid'])
      expect(error.params).to.deep.equal({ missing: Object.keys(missing)[0] })
    }
    expect((await refusal(overrideValue(steward(), { ...wanted(), expiresOn: '2026-01-04' }))).code).to.equal(
      'GOLDEN_OVERRIDE_EXPIRED',
    )
    expect(await record()).to.deep.equal(before)
  })

  it('refuses the key, an unknown item, a value that fails its element, and a record there is not', async () => {
    const codeOf = async (changes: object) =>
      (await refusal(overrideValue(steward(), { ...wanted(), ...changes }))).code
    expect(await codeOf({ field: 'uscc' })).to.equal('GOLDEN_OVERRIDE_FIELD_UNKNOWN')
    expect(await codeOf({ field: 'nothing' })).to.equal('GOLDEN_OVERRIDE_FIELD_UNKNOWN')
    expect(await codeOf({ value: ' ' })).to.equal('GOLDEN_OVERRIDE_VALUE_REFUSED')
    expect(await codeOf({ key: '91440300X192909844' })).to.equal('GOLDEN_RECORD_NOT_FOUND')
  })

  it('is for stewards of a body whose register speaks of the entity', async () => {
    const strangers = [
      world.as('data-steward', 'other-bureau'),
      world.as('clerk', 'market-bureau'),
      world.as('citizen', 'citizen:x'),
      world.as('enterprise-drafter', 'market-bureau'),
    ]
    for (const stranger of strangers)
      expect((await refusal(overrideValue(stranger, wanted()))).code).to.equal('POLICY_FORBIDDEN')
  })

  it('stands above the legal source, is told with its grounds, and is raised to the source', async () => {
    const override = await overrideValue(steward(), wanted())
    await world.settle()

    expect(override).to.include({ status: 'in-force', organisationId: 'market-bureau' })
    const phone = await field('phone')
    expect(phone).to.include({ value: '0591-9', rule: 'override', source: null })
    expect(phone?.overriddenBy).to.deep.equal({
      id: override.id,
      organisationId: 'market-bureau',
      reason: '电话已停用',
      basis: '现场核查记录',
      evidence: '核查单2026-7号',
      expiresOn: '2026-03-31',
      decidedAt: '2026-01-05T01:00:00.000Z',
    })
    expect(phone?.runnersUp.map(({ value }) => value)).to.deep.equal(['0591-2', '0591-1'])
    const { fields } = await explainRecord(steward(), { key: RESTAURANT, purpose: '核实' })
    const told = fields.find(({ name }) => name === 'phone')
    expect(told?.text.zh).to.equal(
      '联系电话取“0591-9”，为人工修正，有效至2026-03-31。理由：电话已停用；依据：现场核查记录；佐证：核查单2026-7号。',
    )
    expect(told?.lost.map(({ reason }) => reason)).to.deep.equal(['overridden', 'overridden'])
    const orders = await correctionOrders(world.as('data-steward', 'tax-bureau'), PAGE)
    expect(orders.edges.map(({ node }) => [node.overrideId, node.answer])).to.deep.equal([
      [override.id, null],
    ])
  })

  it('gives identical bytes when computed again', async () => {
    const run = await latestMerge(steward())
    expect(run?.overrides).to.have.length(1)
    expect(await recomputedSha256(steward())).to.equal(run?.contentSha256)
  })

  it('does not stand twice', async () => {
    expect((await refusal(overrideValue(steward(), wanted()))).code).to.equal('GOLDEN_OVERRIDE_STANDS')
  })

  it('is answered by the source asked, once, and by no other body', async () => {
    const [order] = (await correctionOrders(world.as('data-steward', 'tax-bureau'), PAGE)).edges
    const answer = { id: String(order?.node.id), answer: 'will-correct' as const, text: '下次装载更正' }

    expect((await correctionOrders(steward(), PAGE)).edges).to.be.empty
    for (const stranger of [steward(), world.as('clerk', 'tax-bureau')])
      expect((await refusal(answerOrder(stranger, answer))).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(answerOrder(tax(), { ...answer, text: '' }))).code).to.equal(
      'GOLDEN_ORDER_ANSWER_MISSING',
    )
    expect(await answerOrder(tax(), answer)).to.include({
      answer: 'will-correct',
      answerText: '下次装载更正',
    })
    expect((await refusal(answerOrder(tax(), answer))).code).to.equal('GOLDEN_ORDER_ANSWERED')
    expect((await refusal(answerOrder(tax(), { ...answer, id: randomUUID() }))).code).to.equal(
      'GOLDEN_ORDER_NOT_FOUND',
    )
  })

  it('ends after its last day by itself, while what it was remains computable', async () => {
    world.now = new Date('2026-03-31T23:00:00+08:00')
    await world.settle()
    expect(await field('phone')).to.include({ value: '0591-9' })

    world.now = new Date('2026-04-01T00:00:01+08:00')
    await world.settle()

    expect(await field('phone')).to.include({ value: '0591-2', rule: 'legal-source' })
    expect(await recomputedSha256(steward())).to.equal((await latestMerge(steward()))?.contentSha256)
  })

  it('takes a second person of the same body where the entity holds a licence', async () => {
    const input = { ...wanted(), key: FACTORY, field: 'legal_representative', expiresOn: '2026-12-31' }
    const { id, status } = await overrideValue(steward(), input)
    await world.settle()

    expect(status).to.equal('proposed')
    expect((await field('legal_representative', FACTORY))?.value).to.equal('陈某')
    expect((await refusal(confirmOverride(steward(), id))).code).to.equal('GOLDEN_OVERRIDE_BY_SAME_PERSON')
    for (const stranger of [tax(), world.as('directory-admin', 'other-bureau')])
      for (const attempt of [confirmOverride, withdrawOverride])
        expect((await refusal(attempt(stranger, id))).code).to.equal('POLICY_FORBIDDEN')
    expect(await confirmOverride(steward('steward-2'), id)).to.include({ status: 'in-force' })
    await world.settle()

    expect((await field('legal_representative', FACTORY))?.value).to.equal('0591-9')
    expect((await refusal(confirmOverride(steward('steward-3'), id))).code).to.equal('GOLDEN_OVERRIDE_ENDED')
  })

  it('is withdrawn by two persons of its own body where two made it, and then the registers speak again', async () => {
    const [last] = (await overrides(steward(), PAGE)).edges
    const id = String(last?.node.id)
    const asked = await withdrawOverride(steward(), id)
    await world.settle()

    expect(asked).to.include({ status: 'in-force', withdrawalAskedBy: 'steward-1@market-bureau' })
    expect((await field('legal_representative', FACTORY))?.value).to.equal('0591-9')
    expect((await refusal(confirmOverride(steward(), id))).code).to.equal('GOLDEN_OVERRIDE_BY_SAME_PERSON')
    expect((await refusal(withdrawOverride(steward('steward-2'), id))).code).to.equal(
      'GOLDEN_OVERRIDE_WITHDRAWAL_WAITS',
    )
    expect((await refusal(confirmOverride(tax(), id))).code).to.equal('POLICY_FORBIDDEN')
    expect(await confirmOverride(steward('steward-2'), id)).to.include({ status: 'withdrawn' })
    await world.settle()

    expect((await field('legal_representative', FACTORY))?.value).to.equal('陈某')
    expect((await refusal(withdrawOverride(steward(), String(last?.node.id)))).code).to.equal(
      'GOLDEN_OVERRIDE_ENDED',
    )
    expect((await refusal(withdrawOverride(steward(), randomUUID()))).code).to.equal(
      'GOLDEN_OVERRIDE_NOT_FOUND',
    )
  })

  it('is listed to its own body alone', async () => {
    expect((await overrides(steward(), PAGE)).edges.map(({ node }) => node.status)).to.deep.equal([
      'withdrawn',
      'in-force',
    ])
    expect((await overrides(tax(), PAGE)).edges).to.be.empty
    for (const stranger of [world.as('clerk', 'market-bureau'), world.as('citizen', 'citizen:x')]) {
      expect((await refusal(overrides(stranger, PAGE))).code).to.equal('POLICY_FORBIDDEN')
      expect((await refusal(correctionOrders(stranger, PAGE))).code).to.equal('POLICY_FORBIDDEN')
    }
  })

  it('is asked for, shown and answered as the console does, a personal value left out', async () => {
    const schema = composeSchema(manifests)
    const ask = async (ctx: Context, source: string, variableValues: Record<string, unknown>) => {
      const { data, errors } = await graphql({ schema, source, variableValues, contextValue: ctx })
      expect(errors, JSON.stringify(errors)).to.equal(undefined)
      return JSON.parse(JSON.stringify(data)) as Record<string, Record<string, unknown>>
    }
    const input = { ...wanted(), key: FACTORY, field: 'legal_representative', expiresOn: '2026-12-31' }
    const asked = await ask(
      steward(),
      `mutation ($commandId: UUID!, $input: RecordOverrideInput!) {
        overrideValue(commandId: $commandId, input: $input) { id status mine value label { zh } order { id } }
      }`,
      { commandId: randomUUID(), input },
    )
    const { id, ...shown } = asked['overrideValue'] ?? {}
    const label = { zh: '法定代表人' }
    expect(shown).to.deep.equal({ status: 'PROPOSED', mine: true, value: null, label, order: null })

    const confirmed = await ask(
      steward('steward-2'),
      `mutation ($commandId: UUID!, $id: UUID!) {
        confirmOverride(commandId: $commandId, id: $id) { status order { id answer organisation { id } } }
      }`,
      { commandId: randomUUID(), id },
    )
    expect(confirmed['confirmOverride']).to.deep.include({ status: 'IN_FORCE' })
    expect(confirmed['confirmOverride']).to.have.nested.property('order.organisation.id', 'market-bureau')
    await world.settle()
    const read = await ask(
      steward(),
      `query ($key: String!) {
        correctionOrders { edges { node { answer override { id value name organisation { id } } } } }
        organisationRecord(key: $key, purpose: "核实") {
          fields { name value explanation { text { zh } } overriddenBy { id expiresOn organisation { id } } }
        }
      }`,
      { key: FACTORY },
    )
    expect(read['correctionOrders'])
      .to.have.nested.property('edges[0].node')
      .that.deep.equals({
        answer: null,
        override: { id, value: null, name: '深圳南山电子厂', organisation: { id: 'market-bureau' } },
      })
    const fields = read['organisationRecord']?.['fields'] as { name: string; overriddenBy: object | null }[]
    expect(fields.find(({ name }) => name === 'legal_representative')?.overriddenBy).to.deep.equal({
      id,
      expiresOn: '2026-12-31',
      organisation: { id: 'market-bureau' },
    })
    expect(fields.filter(({ overriddenBy }) => overriddenBy !== null)).to.have.length(1)
  })

  const tax = (): Context => world.as('data-steward', 'tax-bureau')

  const wanted = () => ({
    key: RESTAURANT,
    field: 'phone',
    value: ' 0591-9 ',
    reason: '电话已停用',
    basis: '现场核查记录',
    evidence: '核查单2026-7号',
    expiresOn: '2026-03-31' as string | null,
  })

  const record = (key = RESTAURANT) => organisationRecord(steward(), { key, purpose: '核实' })

  async function field(name: string, key = RESTAURANT) {
    return (await record(key)).fields.find((each) => each.name === name)
  }
})
