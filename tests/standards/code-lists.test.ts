import { expect } from 'chai'
import { graphql, type GraphQLSchema } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { addDays } from '../../core/day.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as standards from '../../standards/index.ts'
import {
  checkCodeList,
  codeFaults,
  codesStep,
  endOfValidity,
  inForce,
  validityEnd,
} from '../../standards/codelist.ts'
import { crosswalkCode } from '../../standards/crosswalk.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

const { codeValue } = standards
const named = (code: string, more: Partial<standards.CodeValue> = {}) =>
  codeValue({ code, name: { zh: `名${code}`, en: `name ${code}` }, ...more })

const head = (edition: string, more: Partial<standards.CodeListContent> = {}): standards.CodeListContent => ({
  name: { zh: '表', en: 'list' },
  standardNumber: 'DB/T 1',
  edition,
  issuer: '标准办',
  levels: [{ zh: '级', en: 'level' }],
  licence: 'facts',
  extensible: 'organisation',
  extensionPattern: '^9[A-F]$',
  ...more,
})

describe('the validity of a code', () => {
  const refusedAs = async (...values: standards.CodeValue[]) =>
    (await refusal(Promise.resolve().then(() => checkCodeList(head('1'), values)))).code

  it('is half open, and may come back after a gap', () => {
    const first = named('1', { validTo: '1990-01-01' })
    const second = named('1', { validFrom: '2000-01-01' })
    checkCodeList(head('1'), [first, second])

    expect([first, second].map((each) => inForce(each, '1989-12-31'))).to.deep.equal([true, false])
    expect([first, second].map((each) => inForce(each, '1990-01-01'))).to.deep.equal([false, false])
    expect([first, second].map((each) => inForce(each, '2000-01-01'))).to.deep.equal([false, true])
  })

  it('never overlaps another of the same code, nor ends before it begins', async () => {
    expect(
      await refusedAs(named('1', { validTo: '2000-01-02' }), named('1', { validFrom: '2000-01-01' })),
    ).to.equal('STANDARDS_CODE_VALIDITY_OVERLAPS')
    const backwards = named('1', { validFrom: '2000-01-01', validTo: '1999-01-01' })
    expect(await refusedAs(backwards)).to.equal('STANDARDS_CODE_VALIDITY_OVERLAPS')
  })

  it('is judged at once, however often a code stands in a file', () => {
    const day = (at: number) => addDays('1900-01-01', at)
    const values = (validFrom: (at: number) => string) =>
      Array.from({ length: 20_000 }, (_, at) =>
        named('1', { validFrom: validFrom(at), validTo: day(at + 1) }),
      )
    const apart = values(day)
    const cases = [apart, [...apart].reverse(), values(() => day(0))]
    const faults = cases.map((all) => [...codeFaults(head('1'), all)].length)

    expect(faults).to.deep.equal([0, 0, 19_999])
  })

  it('keeps the precision of its source, by the end of the span', () => {
    expect(endOfValidity({ validTo: '2002-03-15', precision: 'month' })).to.equal('2002-04-01')
    expect(endOfValidity({ validTo: '2002-04-01', precision: 'month' })).to.equal('2002-04-01')
    expect(endOfValidity({ validTo: '2002-04-01', precision: 'year' })).to.equal('2003-01-01')
    expect(endOfValidity({ validTo: '2002-04-02', precision: 'day' })).to.equal('2002-04-02')
    expect(validityEnd('2002-03')).to.deep.equal({ validTo: '2002-04-01', precision: 'month' })
    expect(validityEnd('1989 to 1990')).to.deep.equal({ validTo: '1991-01-01', precision: 'year' })
    expect(validityEnd('1989-1990')).to.deep.equal({ validTo: '1991-01-01', precision: 'year' })
    expect(validityEnd('1990-07 to 1990-09')).to.deep.equal({ validTo: '1990-10-01', precision: 'month' })
    expect(validityEnd('1989-12-31')).to.deep.equal({ validTo: '1990-01-01', precision: 'day' })
    expect(['9999-9999', '1990 to 1989', '2002-13', 'soon'].map(validityEnd)).to.deep.equal(
      Array(4).fill(undefined),
    )
  })

  it('has successors whose weights sum to one', async () => {
    const half = { code: '2', kind: 'split' as const, weight: 0.5 }
    checkCodeList(head('1'), [named('1', { successors: [half, { ...half, code: '3' }] })])
    expect(await refusedAs(named('1', { successors: [half] }))).to.equal('STANDARDS_CODE_SUCCESSOR_INVALID')
  })

  it('decides the version step of a list', () => {
    const before = [named('1'), named('2')]

    expect(codesStep(before, [named('1'), { ...named('2'), name: { zh: '新', en: 'new' } }])).to.equal(
      'patch',
    )
    expect(codesStep(before, [...before, named('3')])).to.equal('minor')
    expect(codesStep(before, [named('1')])).to.equal('major')
    expect(codesStep(before, [named('1'), named('2', { validTo: '2020-01-01' })])).to.equal('major')
  })
})

describe('editions of a code list', () => {
  let world: World
  let schema: GraphQLSchema

  before(async () => {
    world = await openWorld()
    schema = composeSchema(manifests)
    await givenPublished(head('2002'), [
      named('1', { successors: [{ code: '4', kind: 'renamed', weight: 1 }] }),
      named('2'),
      named('3', { validTo: '2020-01-01' }),
    ])
    await givenPublished(head('2012', { previousEdition: 'DB/T 1@2002', effectiveFrom: '2012-01-01' }), [
      named('2'),
      named('4'),
    ])
  })
  after(() => world.close())

  const drafter = (organisation = 'demo-standards') => world.as('standards-drafter', organisation)
  const approver = () => world.as('standards-approver', 'demo-standards')

  async function givenPublished(content: standards.CodeListContent, values: standards.CodeValue[]) {
    const { code, version } = await standards.draftCodeList(drafter(), content, values)
    await submit(drafter(), 'code-list', code, version)
    return approve(approver(), 'code-list', code, version)
  }

  it('know one another, newest first, and name the one before', async () => {
    const { codeList } = await ask(
      drafter('anybody'),
      '{ codeList(id: "DB/T 1@2012") { previousEdition effectiveFrom editions { id version } } }',
    )

    expect(codeList).to.deep.equal({
      previousEdition: 'DB/T 1@2002',
      effectiveFrom: '2012-01-01',
      editions: [
        { id: 'DB/T 1@2012', version: '1.0.0' },
        { id: 'DB/T 1@2002', version: '1.0.0' },
      ],
    })
  })

  it('refuse a previous edition that is not published', async () => {
    const { code } = await standards.draftCodeList(
      drafter(),
      head('2022', { previousEdition: 'DB/T 1@1900' }),
      [named('1')],
    )

    expect((await refusal(submit(drafter(), 'code-list', code, '1.0.0'))).code).to.equal(
      'STANDARDS_REFERENCE_UNPUBLISHED',
    )
  })

  it('show a code on the days of its validity only', async () => {
    const on = async (day: string) => {
      const { codeList } = await ask(
        drafter('anybody'),
        `{ codeList(id: "DB/T 1@2002") { values(on: "${day}") { edges { node { code } } } } }`,
      )
      return codeList.values.edges.map(({ node }: { node: { code: string } }) => node.code)
    }

    expect(await on('2019-12-31')).to.deep.equal(['1', '2', '3'])
    expect(await on('2020-01-01')).to.deep.equal(['1', '2'])
  })

  it('are compared by GraphQL, page by page', async () => {
    const { codeListDiff } = await ask(
      drafter('anybody'),
      `{ codeListDiff(from: "DB/T 1@2002", to: "DB/T 1@2012") {
          counts { old new unchanged renamed moved added removed recoded }
          changes(first: 2) { edges { node { kind code oldName newName } } pageInfo { hasNextPage } }
          notes { kind from to declared } } }`,
    )

    expect(codeListDiff).to.deep.equal({
      counts: { old: 3, new: 2, unchanged: 1, renamed: 0, moved: 0, added: 1, removed: 2, recoded: 1 },
      changes: {
        edges: [
          { node: { kind: 'ADDED', code: '4', oldName: null, newName: '名4' } },
          { node: { kind: 'REMOVED', code: '1', oldName: '名1', newName: null } },
        ],
        pageInfo: { hasNextPage: true },
      },
      notes: [{ kind: 'RECODED', from: ['1'], to: ['4'], declared: true }],
    })
  })

  it('get local codes beside the standard, seen by the scope that is asked for', async () => {
    const extend =
      'mutation($id: UUID!, $values: [CodeValueInput!]!) { extendCodeList(commandId: $id, id: "DB/T 1@2012", values: $values) { id } }'
    const values = [{ code: '9A', name: { zh: '本地', en: 'local' } }]
    await ask(drafter('health-office'), extend, { id: randomUUID(), values })
    const seen = async (scope: string, organisation: string) => {
      const { codeList } = await ask(
        drafter(organisation),
        `{ codeList(id: "DB/T 1@2012") { values(scope: ${scope}) { edges { node { code owner } } } } }`,
      )
      return codeList.values.edges.map(({ node }: { node: { code: string } }) => node.code)
    }

    expect(await seen('STANDARD', 'health-office')).to.deep.equal(['2', '4'])
    expect(await seen('STANDARD_OWN', 'health-office')).to.deep.equal(['2', '4', '9A'])
    expect(await seen('STANDARD_OWN', 'other')).to.deep.equal(['2', '4'])
    // Open to organisations, not to the region.
    expect(await seen('STANDARD_REGION', 'other')).to.deep.equal(['2', '4'])
    const [event] = await world.eventsNamed('standards.code-list.extended')
    expect(event?.payload).to.deep.equal({
      code: 'DB/T 1@2012',
      version: '1.0.0',
      organisationId: 'health-office',
      codes: ['9A'],
    })
  })

  it('refuse a local code that the standard has or the rule does not allow, and who may not extend', async () => {
    const extend = (code: string, ctx = drafter('health-office')) =>
      refusal(standards.extendCodeList(ctx, 'DB/T 1@2012', [named(code)]))

    expect((await extend('4')).code).to.equal('STANDARDS_CODE_EXTENSION_CLASH')
    expect((await extend('8A')).code).to.equal('STANDARDS_CODE_EXTENSION_CLASH')
    expect((await extend('9B', world.as('citizen'))).code).to.equal('POLICY_FORBIDDEN')
    const list = await standards.codeList(drafter(), 'DB/T 1@2012')
    const all = await standards.valuesInScope(drafter('health-office'), list, 'standard-own')
    expect(all.map(({ code }) => code)).to.not.include.members(['8A', '9B'])
  })

  it('give a changed list the step its values need', async () => {
    const { version } = await standards.draftCodeList(
      drafter(),
      head('2012', { previousEdition: 'DB/T 1@2002', effectiveFrom: '2012-01-01' }),
      [named('2'), named('4'), named('5')],
    )
    expect(version).to.equal('1.1.0')
    const next = await standards.changeCodeList(drafter(), version, head('2012'), [named('2')])
    expect(next.version).to.equal('2.0.0')
  })

  describe('translated by a crosswalk', () => {
    const rows = [
      { fromCode: '1', toCode: '4', relation: 'EXACT' },
      { fromCode: '3', toCode: '2', relation: 'BROADER', weight: 0.5 },
      { fromCode: '3', toCode: '4', relation: 'BROADER', weight: 0.5 },
    ]
    const input = {
      name: { zh: '对照', en: 'crosswalk' },
      from: 'DB/T 1@2002',
      to: 'DB/T 1@2012',
      authority: '标准办',
      rows,
    }
    const pair = 'from: "DB/T 1@2002", to: "DB/T 1@2012"'

    it('answer one code where a row is exact, and candidates where several are', async () => {
      const unpublished = refusal(standards.translateCode(drafter(), 'DB/T 1@2002', 'DB/T 1@2012', '1'))
      expect((await unpublished).code).to.equal('STANDARDS_CROSSWALK_NOT_FOUND')
      await ask(
        drafter(),
        'mutation($id: UUID!, $input: CrosswalkInput!) { draftCrosswalk(commandId: $id, input: $input) { version } }',
        { id: randomUUID(), input },
      )
      await submit(drafter(), 'crosswalk', crosswalkCode(input), '1.0.0')
      await approve(approver(), 'crosswalk', crosswalkCode(input), '1.0.0')

      const translated = async (code: string) =>
        (
          await ask(
            world.as('citizen'),
            `{ translateCode(${pair}, code: "${code}") { code candidates { toCode weight } } }`,
          )
        ).translateCode

      expect(await translated('1')).to.deep.equal({ code: '4', candidates: [{ toCode: '4', weight: 1 }] })
      expect(await translated('3')).to.deep.equal({
        code: null,
        candidates: [
          { toCode: '2', weight: 0.5 },
          { toCode: '4', weight: 0.5 },
        ],
      })
      expect((await translated('2')).candidates).to.deep.equal([])
    })

    it('refuse codes that their lists do not know', async () => {
      const odd = { ...input, from: 'DB/T 1@2012', to: 'DB/T 1@2002' }
      const content = {
        ...odd,
        rows: [{ fromCode: 'X', toCode: '1', relation: 'exact' as const, weight: 1, note: null }],
      }
      await standards.draftCrosswalk(drafter(), content)

      const code = crosswalkCode(odd)
      expect((await refusal(submit(drafter(), 'crosswalk', code, '1.0.0'))).code).to.equal(
        'STANDARDS_CROSSWALK_INVALID',
      )
      const foreign = submit(drafter('other'), 'crosswalk', code, '1.0.0')
      expect((await refusal(foreign)).code).to.equal('STANDARDS_CROSSWALK_NOT_FOUND')
    })
  })

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape of an answer follows its query
  async function ask(contextValue: Context, source: string, variableValues = {}): Promise<any> {
    const { data, errors } = await graphql({ schema, source, contextValue, variableValues })
    if (errors) throw errors[0]?.originalError ?? errors[0]
    return data
  }
})
