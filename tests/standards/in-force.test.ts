import { expect } from 'chai'
import { sql } from 'kysely'
import * as catalog from '../../modules/catalog/index.ts'
import * as standards from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { load, type Office, openOffice } from './office.ts'
import { approve, submit } from '../support/standards.ts'

const NOTHING = { inForceFrom: null, inForceTo: null, retroactiveBasis: null }

describe('the days on which a standard is in force', () => {
  let world: World
  let office: Office
  let serial = 0

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
  })
  after(() => world.close())

  const schedule = (code: string, version: string, effect: Partial<typeof NOTHING> | object) =>
    standards.schedule(office.drafter, standards.kindOf('element'), code, version, { ...NOTHING, ...effect })

  it('begin with publication unless said, and are apart from it when said', async () => {
    const first = await office.givenElement(++serial, { maxLength: 4 })
    const next = await office.draftElement(serial, { maxLength: 9 })
    await schedule(next.code, next.version, { inForceFrom: '2026-02-01' })
    await office.publish('element', next)
    const verdict = () => standards.checkValue(world.as('clerk'), first.code, 'A12345')

    expect(first.inForceFrom).to.equal('2026-01-05')
    expect(await verdict()).to.deep.equal({ valid: false, reason: 'length' })
    world.now = new Date('2026-01-31T23:59:00+08:00')
    expect(await verdict()).to.deep.equal({ valid: false, reason: 'length' })
    world.now = new Date('2026-02-01T00:00:00+08:00')
    expect(await verdict()).to.deep.equal({ valid: true, reason: null })
  })

  it('end on the day that is said', async () => {
    const draft = await office.draftElement(++serial)
    await schedule(draft.code, draft.version, { inForceTo: '2026-03-01' })
    await office.publish('element', draft)
    const columns = () => standards.compiledElements(world.as('clerk'), [draft.code])

    world.now = new Date('2026-02-28T12:00:00+08:00')
    expect((await columns()).size).to.equal(1)
    world.now = new Date('2026-03-01T00:00:00+08:00')
    expect((await columns()).size).to.equal(0)
  })

  it('lie before publication only with a basis', async () => {
    const { code, version } = await office.draftElement(++serial)
    const before = { inForceFrom: '2026-01-01' }

    expect((await refusal(schedule(code, version, before))).code).to.equal(
      'STANDARDS_VERSION_EFFECT_RETROACTIVE',
    )
    const basis = { ...before, retroactiveBasis: '测试法 第九条' }
    expect(await schedule(code, version, basis)).to.include({ ...basis, status: 'draft', revision: 2 })
    expect((await office.publish('element', { code, version })).inForceFrom).to.equal('2026-01-01')
  })

  it('are refused at publication when they have come meanwhile', async () => {
    const draft = await office.draftElement(++serial)
    await schedule(draft.code, draft.version, { inForceFrom: '2026-03-05' })
    await submit(office.drafter, 'element', draft.code, draft.version)
    world.now = new Date('2026-03-06T09:00:00+08:00')

    const refused = await refusal(approve(office.approver, 'element', draft.code, draft.version))
    expect(refused.code).to.equal('STANDARDS_VERSION_EFFECT_RETROACTIVE')
    expect((await standards.element(office.drafter, draft.code)).status).to.equal('review')
  })

  it('refuse days that are none, or that end before they begin', async () => {
    const { code, version } = await office.draftElement(++serial)
    for (const effect of [
      { inForceFrom: '2026-02-30' },
      { inForceTo: '2026-01-01' },
      { inForceFrom: '2026-05-01', inForceTo: '2026-05-01' },
    ])
      expect((await refusal(schedule(code, version, effect))).code).to.equal(
        'STANDARDS_VERSION_EFFECT_INVALID',
      )
  })

  it('never change after publication, whoever asks', async () => {
    const { id, code, version } = await office.givenElement(++serial)

    expect((await refusal(schedule(code, version, { inForceFrom: '2027-01-01' }))).code).to.equal(
      'STANDARDS_VERSION_IMMUTABLE',
    )
    for (const column of ['in_force_from', 'in_force_to']) {
      const write = sql`update standards.standard set ${sql.ref(column)} = '2027-01-01' where id = ${id}`
      const failed = await write.execute(world.db).then(
        () => 'written',
        (error: unknown) => String(error),
      )
      expect(failed).to.contain('STANDARDS_VERSION_IMMUTABLE')
    }
  })

  it('are set by nobody of another organisation', async () => {
    const { code, version } = await office.draftElement(++serial)
    const stranger = world.as('standards-drafter', 'other')

    const attempt = standards.schedule(stranger, standards.kindOf('element'), code, version, NOTHING)
    expect((await refusal(attempt)).code).to.equal('STANDARDS_ELEMENT_NOT_FOUND')
    const clerk = standards.schedule(
      world.as('clerk', 'demo-standards'),
      standards.kindOf('element'),
      code,
      version,
      NOTHING,
    )
    expect((await refusal(clerk)).code).to.equal('POLICY_FORBIDDEN')
  })
})

describe('the version of a change', () => {
  let world: World
  let office: Office

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
    await office.givenElement(1, { maxLength: 9 })
    await office.givenList('DB/T 7@1', ['1', '2'])
    await office.givenSchema('stepped', office.elementCode(1))
  })
  after(() => world.close())

  it('may be larger than its effect needs, never smaller', async () => {
    const shorter = (version: string) => office.draftElement(1, { maxLength: 4 }, { version })

    for (const version of ['1.0.1', '1.1.0', '3.0.0']) {
      const refused = await refusal(shorter(version))
      expect(refused.code).to.equal('STANDARDS_VERSION_STEP_TOO_SMALL')
      expect(refused.params).to.deep.equal({ code: office.elementCode(1), version, smallest: '2.0.0' })
    }
    const draft = await office.draftElement(1, { maxLength: 12 }, { version: '2.0.0' })
    expect(draft.version).to.equal('2.0.0')
    const changed = await standards.changeElement(
      office.drafter,
      draft.code,
      draft.version,
      office.elementContent(1, { maxLength: 12 }),
    )
    expect(changed.version).to.equal('1.1.0')
  })

  it('is measured by the codes of a list and the columns of a schema', async () => {
    const fewer = await refusal(office.draftList('DB/T 7@1', ['1'], { version: '1.0.1' }))
    const schema = office.schemaInput(office.elementCode(1))
    const narrower = await refusal(
      standards.draftSchema(
        office.drafter,
        'stepped',
        { ...schema, columns: schema.columns.map((column) => ({ ...column, required: true })) },
        { version: '1.1.0' },
      ),
    )

    expect([fewer.code, narrower.code]).to.deep.equal(Array(2).fill('STANDARDS_VERSION_STEP_TOO_SMALL'))
    expect([fewer.params['smallest'], narrower.params['smallest']]).to.deep.equal(['2.0.0', '2.0.0'])
    expect((await office.draftList('DB/T 7@1', ['1', '2', '3'])).version).to.equal('1.1.0')
  })

  it('is refused when the draft was changed meanwhile', async () => {
    const { code, version, revision } = await office.draftElement(2)
    const change = (expectedRevision: number) =>
      standards.changeElement(office.drafter, code, version, office.elementContent(2), { expectedRevision })

    expect((await change(revision)).revision).to.equal(2)
    const stale = await refusal(change(revision))
    expect(stale.code).to.equal('STANDARDS_DRAFT_STALE')
    expect(stale.params).to.deep.equal({ code, expected: 1, found: 2 })
  })
})

describe('ending a standard', () => {
  let world: World
  let office: Office
  const list = standards.kindOf('code-list')
  const element = standards.kindOf('element')

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
    await office.givenList('DB/T 8@1', ['1', '2'])
    await office.givenList('DB/T 8@2', ['1', '2', '3'])
    await office.givenElement(10, { dataType: 'code', codeListId: 'DB/T 8@1' })
    await office.givenSchema('bound', office.elementCode(10))
    await catalog.registerDataset(office.steward, { title: '在用', schemaCode: 'bound' })
  })
  after(() => world.close())

  const deprecate = (
    kind: ReturnType<typeof standards.kindOf>,
    code: string,
    ending: Partial<{ replacedBy: string; reason: string }>,
  ) =>
    standards.deprecate(office.approver, kind, code, '1.0.0', { replacedBy: null, reason: null, ...ending })

  it('needs what replaces it, or a reason', async () => {
    expect((await refusal(deprecate(list, 'DB/T 8@1', {}))).code).to.equal('STANDARDS_END_REASON_MISSING')
    const unknown = await refusal(deprecate(list, 'DB/T 8@1', { replacedBy: 'DB/T 8@9' }))
    expect(unknown.code).to.equal('STANDARDS_CODE_LIST_NOT_FOUND')

    const ended = await deprecate(list, 'DB/T 8@1', { replacedBy: 'DB/T 8@2' })
    expect(ended).to.include({ status: 'deprecated', replacedBy: 'DB/T 8@2' })
  })

  it('lets who uses it go on, and refuses new references', async () => {
    const verdict = await standards.checkValue(world.as('clerk'), office.elementCode(10), '2')
    expect(verdict.valid).to.equal(true)
    const again = await office.draftElement(10, {
      dataType: 'code',
      codeListId: 'DB/T 8@1',
      definition: '另一说法',
    })
    expect((await office.publish('element', again)).version).to.equal('1.0.1')

    const fresh = await office.draftElement(11, { dataType: 'code', codeListId: 'DB/T 8@1' })
    const refused = await refusal(submit(office.drafter, 'element', fresh.code, fresh.version))
    expect(refused.code).to.equal('STANDARDS_REFERENCE_DEPRECATED')
    expect(refused.params['references']).to.equal('DB/T 8@1')
  })

  it('refuses a new dataset under a deprecated schema, and takes the next version of one that is there', async () => {
    await office.givenSchema('ending', office.elementCode(10))
    const there = await office.givenRows('ending', [['91350100M000100Y43', '1']])
    await deprecate(standards.kindOf('schema'), 'ending', { reason: '不再使用' })

    const attempt = catalog.registerDataset(office.steward, { title: '新的', schemaCode: 'ending' })
    expect((await refusal(attempt)).code).to.equal('STANDARDS_REFERENCE_DEPRECATED')
    await load(world, office.steward, there.id, [
      ['91350100M000100Y43', '1'],
      ['91350211M000100Y46', '2'],
    ])
    expect(await catalog.currentVersion(office.steward, there.id)).to.include({ version: 2, rows: 2 })
  })

  it('refuses to retire what is still used, and names the users', async () => {
    const refused = await refusal(standards.retire(office.approver, list, 'DB/T 8@1', '1.0.0'))

    expect(refused.code).to.equal('STANDARDS_ELEMENT_STILL_BOUND')
    expect(refused.params['users']).to.equal(`测试数据元10（${office.elementCode(10)}）`)
    expect((await standards.codeList(office.drafter, 'DB/T 8@1')).status).to.equal('deprecated')
  })

  it('counts as used what an older major still in range refers to', async () => {
    const moved = await office.draftElement(10, { dataType: 'code', codeListId: 'DB/T 8@2' })
    expect((await office.publish('element', moved)).version).to.equal('2.0.0')
    const input = office.schemaInput(office.elementCode(10), '^2.0.0')
    await office.publish('schema', await standards.draftSchema(office.drafter, 'bound', input))

    // The schema “ending” is bound to ^1.0.0, whose list is the old one.
    const ofList = await refusal(standards.retire(office.approver, list, 'DB/T 8@1', '1.0.0'))
    expect(ofList.params['users']).to.equal(`测试数据元10（${office.elementCode(10)}）`)
    const reason = { replacedBy: null, reason: '换用新版' }
    await standards.deprecate(office.approver, element, office.elementCode(10), '1.0.1', reason)
    const ofElement = await refusal(
      standards.retire(office.approver, element, office.elementCode(10), '1.0.1'),
    )
    expect(ofElement.params['users']).to.equal(`登记 ${office.elementCode(10)}（ending）`)
  })

  it('keeps what is in force for its users until what follows is in force itself', async () => {
    const { code } = await office.givenElement(13)
    await office.givenSchema('waiting', code)
    const schedule = async (version: string, days: object) =>
      standards.schedule(office.drafter, element, code, version, { ...NOTHING, ...days })
    const reason = { replacedBy: null, reason: '换用新版' }
    await standards.deprecate(office.approver, element, code, '1.0.0', reason)
    const next = await office.draftElement(13, { definition: '另一说法' })
    await schedule(next.version, { inForceFrom: '2026-02-01', inForceTo: '2026-03-01' })
    await office.publish('element', next)
    const retire = () => standards.retire(office.approver, element, code, '1.0.0')

    for (const day of ['2026-01-31', '2026-03-01']) {
      world.now = new Date(`${day}T12:00:00+08:00`)
      expect((await refusal(retire())).params['users'], day).to.equal(`登记 ${code}（waiting）`)
    }
    world.now = new Date('2026-02-01T12:00:00+08:00')
    expect((await retire()).status).to.equal('retired')
  })

  it('retires what nothing uses, with the versions before it, and still lets it be read', async () => {
    await office.givenList('DB/T 8@3', ['1'])
    await office.publish('code-list', await office.draftList('DB/T 8@3', ['1', '2']))
    const reason = { replacedBy: null, reason: '未曾使用' }
    await standards.deprecate(office.approver, list, 'DB/T 8@3', '1.1.0', reason)

    const retired = await standards.retire(office.approver, list, 'DB/T 8@3', '1.1.0')

    expect(retired).to.include({ status: 'retired', endedBecause: '未曾使用' })
    const versions = await standards.versionsOf(world.as('clerk'), list, 'DB/T 8@3')
    expect(versions.map(({ version, status }) => [version, status])).to.deep.equal([
      ['1.1.0', 'retired'],
      ['1.0.0', 'retired'],
    ])
    const fresh = await office.draftElement(12, { dataType: 'code', codeListId: 'DB/T 8@3' })
    expect((await refusal(submit(office.drafter, 'element', fresh.code, '1.0.0'))).code).to.equal(
      'STANDARDS_REFERENCE_UNPUBLISHED',
    )
    const back = sql`update standards.standard set status = 'published' where id = ${retired.id}`
    expect(await back.execute(world.db).catch(String)).to.contain('STANDARDS_VERSION_IMMUTABLE')
  })

  it('is for the approvers of its own organisation alone', async () => {
    const reason = { replacedBy: null, reason: '停用' }
    const attempts = [
      [standards.deprecate(office.drafter, list, 'DB/T 8@2', '1.0.0', reason), 'POLICY_FORBIDDEN'],
      [
        standards.deprecate(world.as('standards-approver', 'other'), list, 'DB/T 8@2', '1.0.0', reason),
        'POLICY_FORBIDDEN',
      ],
      [
        standards.retire(world.as('standards-approver', 'other'), list, 'DB/T 8@1', '1.0.0'),
        'POLICY_FORBIDDEN',
      ],
      [standards.retire(office.approver, list, 'DB/T 8@2', '1.0.0'), 'STANDARDS_STATUS_UNFIT'],
    ] as const
    for (const [attempt, code] of attempts) expect((await refusal(attempt)).code).to.equal(code)
  })
})
