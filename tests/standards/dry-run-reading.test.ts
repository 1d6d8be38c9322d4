import { expect } from 'chai'
import { graphql, type GraphQLSchema } from 'graphql'
import type { Context } from '../../core/context.ts'
import { ANONYMOUS } from '../../gateway/context.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import * as standards from '../../standards/index.ts'
import { CODES } from '../ingest/registers.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Office, openOffice } from './office.ts'
import { approve, submit } from '../support/standards.ts'

const LIST = 'DB/T 8@1'

describe('reading the dry run of a draft', function () {
  this.timeout(180_000)
  let world: World
  let office: Office
  let schema: GraphQLSchema
  let version: string

  before(async () => {
    world = await openWorld()
    schema = composeSchema(manifests)
    office = openOffice(world)
    await office.givenList(LIST, ['1', '2'])
    await office.givenElement(1, { dataType: 'code', codeListId: LIST })
    await office.givenSchema('kept', office.elementCode(1))
    await office.givenRows('kept', rows(['2', '1', '2']))
    await office.givenRows('kept', rows(['1', '2']), world.as('data-steward', 'demo-standards'))
    version = (await office.draftList(LIST, ['1'])).version
    await standards.dryRun(office.drafter, standards.kindOf('code-list'), LIST, version)
    await world.settle()
  })
  after(() => world.close())

  const rows = (values: readonly string[]) => values.map((value, at) => [CODES[at] ?? '', value] as const)

  it('shows its drafter the rows of its own organisation and the totals of others, and records it', async () => {
    const { dryRun, removedCodes } = await read(office.drafter)

    expect(dryRun.datasets).to.deep.equal([
      {
        organisationId: 'demo-standards',
        newlyFailing: 1,
        failing: [{ line: 3, key: [CODES[1]] }],
        removed: [{ code: '2', rows: 1 }],
      },
      { organisationId: 'tax-bureau', newlyFailing: 2, failing: [], removed: [] },
    ])
    expect(removedCodes).to.deep.equal([{ code: '2', rows: 3, migration: null }])
    expect(await reads()).to.deep.equal([
      {
        subject: `standards.dry-run:${dryRun.id}`,
        purpose: 'dry run',
        actorId: office.drafter.actor.id,
        organisationId: 'demo-standards',
      },
    ])
  })

  it('is for its own organisation’s drafters and approvers, also once it is published', async () => {
    const { drafter, approver } = office
    await standards.proposeRowMigration(drafter, LIST, version, { code: '2', waiver: '待换码' })
    await submit(drafter, 'code-list', LIST, version)
    await world.settle()
    await approve(approver, 'code-list', LIST, version)

    const strangers = ['standards-drafter', 'standards-approver', 'data-steward', 'auditor']
    for (const reader of [
      world.kernel.contextFor(ANONYMOUS),
      ...strangers.map((role) => world.as(role, 'other')),
      world.as('clerk', 'demo-standards'),
    ])
      expect(await read(reader)).to.deep.equal({ version, dryRun: null, removedCodes: null })
    const { dryRun, removedCodes } = await read(approver)
    expect(dryRun.datasets).to.have.length(2)
    expect(removedCodes[0].migration).to.deep.equal({ waiver: '待换码', proposedBy: drafter.actor.id })
  })

  it('shows the platform totals alone, which leaves no record of a reading', async () => {
    const before = (await reads()).length
    const { dryRun } = await read(world.platform())

    expect(dryRun.datasets.map((each: { failing: object[] }) => each.failing)).to.deep.equal([[], []])
    expect(await reads()).to.have.length(before)
  })

  const reads = () =>
    world.db
      .selectFrom('core.access')
      .select(['subject', 'purpose', 'actorId', 'organisationId'])
      .where('subject', 'like', 'standards.dry-run:%')
      .execute()

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape of an answer follows its query
  async function read(contextValue: Context): Promise<any> {
    const source = `query($code: String!, $version: String!) {
      standardVersion(kind: CODE_LIST, code: $code, version: $version) { version
        removedCodes { code rows migration { waiver proposedBy } }
        dryRun { id datasets { organisationId newlyFailing failing { line key } removed { code rows } } } } }`
    const { data, errors } = await graphql({
      ...{ schema, source, contextValue },
      variableValues: { code: LIST, version },
    })
    if (errors) throw errors[0]?.originalError ?? errors[0]
    const answer = data?.['standardVersion']
    return JSON.parse(JSON.stringify(answer))
  }
})
