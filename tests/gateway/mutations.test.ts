import { expect } from 'chai'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { manifests } from '../../gateway/platform.ts'
import { newId, openServed, type Served } from './served.ts'

const DRAFT = `mutation ($id: UUID!, $input: RecordSchemaInput!) {
  draftRecordSchema(commandId: $id, input: $input) { code version status mayEdit organisation { id } } }`

describe('a mutation over HTTP', () => {
  let served: Served
  let drafter: string
  let serial = 0

  before(async () => {
    served = await openServed({ mutationsPerMinute: 1000 })
    await served.person('drafter', ['standards-drafter'], 'standards-office')
    await served.person('citizen')
    drafter = await served.signIn('drafter')
  })
  after(() => served.close())

  it('takes a command id, whichever it is', () => {
    const fields = Object.values(composeSchema(manifests).getMutationType()?.getFields() ?? {})

    const without = fields.filter(
      ({ args }) => !args.some((arg) => String(arg.type) === 'UUID!' && arg.name === 'commandId'),
    )

    expect(fields.length).to.be.above(10)
    // Known by their content: the same again changes nothing, and none looks abroad inside a transaction.
    expect(without.map(({ name }) => name)).to.have.members([
      'ping',
      'deployProcess',
      'deployProcessDraft',
      'configureSource',
      'chooseTable',
      'setDelivery',
    ])
  })

  it('sent ten times at once has one effect and ten equal answers', async () => {
    const variables = { id: newId(), input: givenInput() }
    const before = await drafts()

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => served.graphql(DRAFT, variables, drafter)),
    )

    const [first] = answers
    expect(first?.body.data?.draftRecordSchema).to.deep.include({
      code: variables.input.code,
      status: 'DRAFT',
    })
    for (const answer of answers) expect(answer.body).to.deep.equal(first?.body)
    expect(await drafts()).to.equal(before + 1)
  })

  it('is refused when its id was used for something else, and the first effect stands', async () => {
    const id = newId()
    await served.graphql(DRAFT, { id, input: givenInput() }, drafter)
    const before = await drafts()

    const { status, body } = await served.graphql(DRAFT, { id, input: givenInput() }, drafter)

    expect(status).to.equal(409)
    expect(body.errors[0].extensions.code).to.equal('STANDARDS_COMMAND_ID_REUSED')
    expect(await drafts()).to.equal(before)
  })

  it('refused leaves one row of the refusal and nothing else, and its id may be used again', async () => {
    const variables = { id: newId(), input: { ...givenInput(), primaryKey: ['no-such-column'] } }
    const before = [await drafts(), (await served.refusals()).length]

    const refused = await served.graphql(DRAFT, variables, drafter)
    const after = [await drafts(), (await served.refusals()).length]
    const again = await served.graphql(DRAFT, { ...variables, input: givenInput() }, drafter)

    expect(refused.status).to.equal(400)
    expect(after).to.deep.equal([before[0], Number(before[1]) + 1])
    expect(again.body.errors).to.equal(undefined)
  })

  it('of the uploads asks a visitor to sign in and refuses a person without the right, once recorded', async () => {
    const upload = (cookie?: string) =>
      served.send(`/api/datasets/${newId()}/batches?name=a.csv`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: 'a,b\n1,2\n',
        ...(cookie === undefined ? {} : { cookie }),
      })
    const before = (await served.refusals()).length

    const visitor = await upload()
    const citizen = await upload(await served.signIn('citizen'))

    expect(visitor.body.code).to.be.oneOf(['IDENTITY_TOKEN_INVALID', 'CATALOG_DATASET_NOT_FOUND'])
    expect(citizen.body.code).to.be.oneOf(['POLICY_FORBIDDEN', 'CATALOG_DATASET_NOT_FOUND'])
    const added = (await served.refusals()).slice(before)
    expect(added.map(({ code }) => code)).to.deep.equal([citizen.body.code])
  })

  function givenInput() {
    serial += 1
    return {
      code: `register-${serial}`,
      name: { zh: '登记簿', en: 'Register' },
      columns: [{ name: 'uscc', elementCode: 'DE00000002', required: true }],
      primaryKey: ['uscc'],
    }
  }

  async function drafts(): Promise<number> {
    const { count } = await served.world.db
      .selectFrom('core.event')
      .select((table) => table.fn.countAll<string>().as('count'))
      .where('name', 'like', 'standards.%draft%')
      .executeTakeFirstOrThrow()
    return Number(count)
  }
})
