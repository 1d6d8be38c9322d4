import { expect } from 'chai'
import { sql } from 'kysely'
import * as standards from '../../standards/index.ts'
import type { ElementInput } from '../../standards/element.ts'
import { elementOf } from '../../standards/element.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { approve, sendBack, submit } from '../support/standards.ts'

describe('the life of a standard', () => {
  let world: World
  let serial = 0

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const drafter = (organisation = 'demo-standards') => world.as('standards-drafter', organisation)
  const approver = (organisation = 'demo-standards') => world.as('standards-approver', organisation)

  it('leads a record schema from draft by review to publication, and says so', async () => {
    const { code } = await givenDraft()

    await submit(drafter(), 'schema', code, '1.0.0')
    world.now = new Date('2026-01-06T10:00:00+08:00')
    const published = await approve(approver(), 'schema', code, '1.0.0')

    expect(published).to.include({ status: 'published', version: '1.0.0' })
    expect(published.submittedBy).to.equal('standards-drafter@demo-standards')
    expect(published.approvedBy).to.equal('standards-approver@demo-standards')
    expect(published.publishedAt).to.deep.equal(new Date('2026-01-06T02:00:00Z'))
    const events = await world.eventsNamed('standards.published')
    expect(events.map(({ payload }) => payload)).to.deep.include({
      kind: 'schema',
      code,
      version: '1.0.0',
      organisationId: 'demo-standards',
    })
    expect((await standards.publishedSchema(world.as('data-steward'), code)).columns).to.have.length(2)
  })

  it('refuses the approval of whoever submitted or drafted it', async () => {
    const { code } = await givenReview()
    const self = world.as('standards-approver', 'demo-standards', 'standards-drafter')

    expect((await refusal(approve(self, 'schema', code, '1.0.0'))).code).to.equal(
      'STANDARDS_REVIEW_SELF_APPROVED',
    )
    expect((await standards.recordSchema(drafter(), code)).status).to.equal('review')
  })

  it('refuses the approval of whoever changed the draft of another', async () => {
    const { code } = await givenDraft()
    const editor = world.kernel.contextFor({
      id: 'editor',
      organisationId: 'demo-standards',
      roles: ['standards-drafter', 'standards-approver'],
    })
    await standards.changeSchema(editor, code, '1.0.0', { ...schema(), name: { zh: '新名', en: 'New name' } })
    await submit(drafter(), 'schema', code, '1.0.0')

    expect((await refusal(approve(editor, 'schema', code, '1.0.0'))).code).to.equal(
      'STANDARDS_REVIEW_SELF_APPROVED',
    )
    expect((await approve(approver(), 'schema', code, '1.0.0')).status).to.equal('published')
  })

  it('sends back with a remark, and not without', async () => {
    const { code } = await givenReview()

    const silent = await refusal(sendBack(approver(), 'schema', code, '1.0.0', '  '))
    const draft = await sendBack(approver(), 'schema', code, '1.0.0', '请补充主键')

    expect(silent.code).to.equal('STANDARDS_REVIEW_REMARK_MISSING')
    expect(draft).to.include({ status: 'draft', remark: '请补充主键', submittedBy: null })
  })

  it('never changes what is published, by use case or by SQL', async () => {
    const { code, id } = await givenPublished()

    const change = standards.changeSchema(drafter(), code, '1.0.0', schema())
    expect((await refusal(change)).code).to.equal('STANDARDS_VERSION_IMMUTABLE')
    for (const write of [
      sql`update standards.standard set content = '{}' where id = ${id}`,
      sql`update standards.standard set status = 'draft' where id = ${id}`,
      sql`delete from standards.standard where id = ${id}`,
    ])
      expect(await failure(write.execute(world.db))).to.match(/STANDARDS_VERSION_IMMUTABLE/)
    await sql`update standards.standard set status = 'deprecated' where id = ${id}`.execute(world.db)
  })

  it('never changes the codes of a published list, but lets an extension stand beside them', async () => {
    const { rows } = await sql<{ id: string }>`
      select id from standards.standard where code = 'GB/T 2260@2023'`.execute(world.db)
    const list = rows[0]?.id
    const insert = (code: string, owner: string | null) => sql`
      insert into standards.code_value (list_id, code, level, ordinal, name, spellings, owner, search)
      values (${list}, ${code}, 1, 9999, '{"zh":"甲","en":"A"}', '{}', ${owner}, '')`

    for (const write of [
      sql`update standards.code_value set name = '{}' where list_id = ${list} and code = '110000'`,
      sql`delete from standards.code_value where list_id = ${list} and code = '110000'`,
      insert('980000', null),
    ])
      expect(await failure(write.execute(world.db))).to.match(/STANDARDS_VERSION_IMMUTABLE/)
    await insert('991000', 'demo-standards').execute(world.db)
  })

  it('runs the examples before review: a good one must pass and a bad one fail', async () => {
    const failing = await givenElement({ examples: [{ value: '91350100M000100Y44', good: true }] })
    const passing = await givenElement({ examples: [{ value: '91350100M000100Y43', good: false }] })

    for (const { code } of [failing, passing]) {
      const error = await refusal(submit(drafter(), 'element', code, '1.0.0'))
      expect(error.code).to.equal('STANDARDS_ELEMENT_EXAMPLE_FAILED')
      expect((await standards.element(drafter(), code)).status).to.equal('draft')
    }
  })

  it('refuses a pattern that two engines may read differently or for ever', async () => {
    const draft = givenElement({ check: null, pattern: '^(a+)+$' })

    expect((await refusal(draft)).code).to.equal('STANDARDS_ELEMENT_PATTERN_UNSAFE')
  })

  it('refuses a schema over an element that is not published', async () => {
    const { code: elementCode } = await givenElement({})
    const code = nextCode()
    await standards.draftSchema(drafter(), code, {
      ...schema(),
      columns: [{ name: 'a', elementCode, required: false }],
      primaryKey: [],
    })

    const error = await refusal(submit(drafter(), 'schema', code, '1.0.0'))

    expect(error.code).to.equal('STANDARDS_REFERENCE_UNPUBLISHED')
    expect(error.params).to.deep.include({ references: elementCode })
  })

  it('refuses an element over a code list that is not published', async () => {
    const { code } = await givenElement({
      dataType: 'code',
      codeListId: 'GB/T 0@1',
      check: null,
      examples: [],
    })

    expect((await refusal(submit(drafter(), 'element', code, '1.0.0'))).code).to.equal(
      'STANDARDS_REFERENCE_UNPUBLISHED',
    )
  })

  it('does not let an unpublished schema be used', async () => {
    const { code } = await givenReview()

    expect((await refusal(standards.publishedSchema(drafter(), code))).code).to.equal(
      'STANDARDS_SCHEMA_UNPUBLISHED',
    )
    expect((await refusal(standards.publishedSchema(drafter('other'), code))).code).to.equal(
      'STANDARDS_SCHEMA_NOT_FOUND',
    )
  })

  it('lets a column tighten its element and never loosen it', async () => {
    const code = nextCode()
    const column = { name: 'uscc', elementCode: 'DE00000002', required: true }
    await standards.draftSchema(drafter(), code, { ...schema(), columns: [{ ...column, maxLength: 19 }] })

    expect((await refusal(submit(drafter(), 'schema', code, '1.0.0'))).code).to.equal(
      'STANDARDS_SCHEMA_COLUMN_LOOSENED',
    )
    await standards.changeSchema(drafter(), code, '1.0.0', {
      ...schema(),
      columns: [{ ...column, maxLength: 18 }],
    })
    await submit(drafter(), 'schema', code, '1.0.0')
  })

  it('gives a successor the smallest version that the change allows', async () => {
    const columns = schema().columns
    const { code } = await givenPublished()

    const minor = await standards.draftSchema(drafter(), code, { ...schema(), maxRejectedRate: 0.06 })
    const major = await standards.changeSchema(drafter(), code, minor.version, {
      ...schema(),
      columns: columns.slice(0, 1),
    })

    expect(minor.version).to.equal('1.1.0')
    expect(major.version).to.equal('2.0.0')
    const second = await refusal(standards.draftSchema(drafter(), code, schema()))
    expect(second.code).to.equal('STANDARDS_DRAFT_EXISTS')
  })

  it('lets a standards body draft the successor of a shipped schema', async () => {
    const shipped = await standards.recordSchema(drafter(), 'tw-factory')

    const next = await standards.draftSchema(drafter(), 'tw-factory', { ...shipped, maxRejectedRate: 0.06 })

    expect(next).to.include({ version: '1.2.0', status: 'draft', organisationId: 'demo-standards' })
    expect(next.columns).to.deep.equal(shipped.columns)
  })

  describe('for another organisation', () => {
    it('hides a draft from reading and listing', async () => {
      const { code } = await givenDraft()
      const list = async (organisation: string) =>
        (await standards.listSchemas(drafter(organisation), { first: 100, search: code })).edges.map(
          ({ node }) => node.code,
        )

      expect(await list('demo-standards')).to.deep.equal([code])
      expect(await list('other')).to.deep.equal([])
      expect((await refusal(standards.recordSchema(drafter('other'), code))).code).to.equal(
        'STANDARDS_SCHEMA_NOT_FOUND',
      )
    })

    it('refuses every step as if the draft were not there', async () => {
      const { code } = await givenReview()
      const attempts = [
        standards.changeSchema(drafter('other'), code, '1.0.0', schema()),
        submit(drafter('other'), 'schema', code, '1.0.0'),
        approve(approver('other'), 'schema', code, '1.0.0'),
        sendBack(approver('other'), 'schema', code, '1.0.0', '退回'),
      ]

      for (const attempt of attempts)
        expect((await refusal(attempt)).code).to.equal('STANDARDS_SCHEMA_NOT_FOUND')
      const taken = await refusal(standards.draftSchema(drafter('other'), code, schema()))
      expect(taken.code).to.equal('STANDARDS_CODE_TAKEN')
    })
  })

  it('hides the draft of an element from another organisation, and refuses it every step', async () => {
    const { code, version, ...draft } = await givenElement({})
    const content = draft as unknown as ReturnType<typeof elementOf>
    const [stranger, judge] = [drafter('other'), approver('other')]

    const found = await standards.listElements(stranger, { first: 100, search: code })
    expect(found.edges).to.be.empty
    for (const attempt of [
      standards.element(stranger, code),
      standards.changeElement(stranger, code, version, content),
      submit(stranger, 'element', code, version),
      approve(judge, 'element', code, version),
      sendBack(judge, 'element', code, version, '退回'),
    ])
      expect((await refusal(attempt)).code).to.equal('STANDARDS_ELEMENT_NOT_FOUND')
    const taken = standards.draftElement(stranger, code, content)
    expect((await refusal(taken)).code).to.equal('STANDARDS_CODE_TAKEN')
  })

  it('refuses each step to those without the office', async () => {
    const { code } = await givenDraft()
    const steward = world.as('data-steward', 'demo-standards')

    for (const attempt of [
      standards.draftSchema(steward, nextCode(), schema()),
      standards.changeSchema(steward, code, '1.0.0', schema()),
      submit(steward, 'schema', code, '1.0.0'),
      submit(approver(), 'schema', code, '1.0.0'),
      approve(drafter(), 'schema', code, '1.0.0'),
      sendBack(drafter(), 'schema', code, '1.0.0', '退回'),
    ])
      expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
    expect((await refusal(standards.recordSchema(steward, code))).code).to.equal('STANDARDS_SCHEMA_NOT_FOUND')
  })

  it('refuses a step that the state does not allow', async () => {
    const { code } = await givenDraft()

    expect((await refusal(approve(approver(), 'schema', code, '1.0.0'))).code).to.equal(
      'STANDARDS_STATUS_UNFIT',
    )
    await submit(drafter(), 'schema', code, '1.0.0')
    expect((await refusal(submit(drafter(), 'schema', code, '1.0.0'))).code).to.equal(
      'STANDARDS_STATUS_UNFIT',
    )
  })

  const nextCode = () => `register-${++serial}`

  function schema() {
    return {
      name: { zh: '登记簿', en: 'Register' },
      columns: [
        { name: 'uscc', elementCode: 'DE00000002', required: true },
        { name: 'name', elementCode: 'DE00000001', required: false },
      ],
      primaryKey: ['uscc'],
    }
  }

  const givenDraft = () => standards.draftSchema(drafter(), nextCode(), schema())

  async function givenReview() {
    const { code, version } = await givenDraft()
    return submit(drafter(), 'schema', code, version)
  }

  async function givenPublished() {
    const { code, version } = await givenReview()
    return approve(approver(), 'schema', code, version)
  }

  function givenElement(change: Partial<ElementInput>) {
    const number = ++serial
    const content = elementOf({
      name: { zh: '测试代码', en: 'test code' },
      shortName: `test_code_${number}`,
      definition: '测试用',
      objectClass: '测试',
      property: '代码',
      representation: '代码',
      dataType: 'text',
      format: 'an18',
      check: 'gb32100',
      ...change,
    })
    return standards.draftElement(drafter(), `DE9${String(number).padStart(7, '0')}`, content)
  }

  async function failure(write: Promise<unknown>): Promise<string> {
    try {
      await write
    } catch (error) {
      return String(error)
    }
    return 'nothing failed'
  }
})
