import { expect } from 'chai'
import {
  changeEntry,
  confirmEntry,
  type Entry,
  entry,
  entryDesk,
  entryDraft,
  legalSourcesElsewhere,
  type NewEntryInput,
  publishEntry,
  registerEntry,
  returnEntry,
  reviewEntry,
  withdrawEntry,
} from '../../modules/catalog/index.ts'
import { nameLegalSource } from '../../modules/golden/index.ts'
import { ELEMENTS, givenDataset, givenSchema, load } from '../golden/registers.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { establishBodies, givenPublished, item, written } from './directory.ts'

describe('the resource directory', () => {
  let world: World
  const steward = (organisation = 'market-bureau', person = 'zhu') =>
    world.as('data-steward', organisation, person)
  const admin = (organisation = 'market-bureau', person = 'gao') =>
    world.as('directory-admin', organisation, person)
  let serial = 0
  const fresh = (changes: Partial<NewEntryInput> = {}) =>
    written({ name: `企业登记信息${++serial}`, ...changes })
  const codeOf = async (attempt: Promise<unknown>) => (await refusal(attempt)).code

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    await establishBodies(world)
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
    await givenSchema(world, 'people', ['code', 'representative'])
  })
  after(() => world.close())

  describe('registering an entry', () => {
    it('generates its code from class and serial, and takes items from their elements', async () => {
      const first = await registerEntry(steward(), fresh({ classPath: ['年度报告', '企业'] }))
      const second = await registerEntry(steward(), fresh({ classPath: ['年度报告', '企业'] }))
      const other = await registerEntry(steward(), fresh({ classPath: ['年度报告', '个体户'] }))
      const base = await registerEntry(steward(), fresh({ kind: 'base', classPath: ['法人单位'] }))

      const [, front = ''] = /^(3\d\d\d\d\d1)\/000001$/.exec(first.code) ?? []
      expect(front).not.to.equal('')
      expect(second.code).to.equal(`${front}/000002`)
      expect(other.code).to.equal(`${front.slice(0, -1)}2/000001`)
      expect(base.code).to.equal('102000/000001')
      expect(first).to.deep.include({
        status: 'registered',
        organisationId: 'market-bureau',
        classPath: ['市场监督管理局', '年度报告', '企业'],
        publishedOn: null,
        dataAt: null,
      })
      expect(first.items[0]).to.deep.equal({
        name: '信用代码',
        elementCode: ELEMENTS.code,
        dataType: 'text',
        length: 18,
        level: 1,
        personal: false,
        duplicateReason: null,
      })
      const events = await world.eventsNamed('catalog.entry.registered')
      expect(events.map(({ payload }) => payload)).to.deep.include({
        entryId: first.id,
        code: first.code,
        organisationId: 'market-bureau',
      })
    })

    it('refuses a name its provider uses, however it is written; nothing is kept (row 14)', async () => {
      const taken = await registerEntry(steward(), fresh({ name: '个体工商户 ABC' }))
      const before = await entriesOf()

      const error = await refusal(registerEntry(steward(), fresh({ name: '個體工商户ａｂｃ' })))

      expect(error.code).to.equal('CATALOG_ENTRY_NAME_TAKEN')
      expect(error.kind).to.equal('conflict')
      expect(await entriesOf()).to.deep.equal(before)
      const elsewhere = await registerEntry(steward('tax-bureau'), fresh({ name: taken.name }))
      expect(elsewhere.organisationId).to.equal('tax-bureau')
      const renamed = changeEntry(steward(), (await registerEntry(steward(), fresh())).id, contentOf(taken))
      expect(await codeOf(renamed)).to.equal('CATALOG_ENTRY_NAME_TAKEN')
    })

    it('refuses not to share without a legal basis; nothing is kept (row 13)', async () => {
      const silent = { sharingType: 'none' as const, sharingMethod: null }
      const before = await entriesOf()

      for (const sharingBasis of [null, { document: '中华人民共和国税收征收管理法', clause: '  ' }])
        expect(await codeOf(registerEntry(steward(), fresh({ ...silent, sharingBasis })))).to.equal(
          'CATALOG_ENTRY_BASIS_MISSING',
        )

      expect(await entriesOf()).to.deep.equal(before)
      const basis = { document: '中华人民共和国税收征收管理法', clause: '第八条' }
      const kept = await registerEntry(steward(), fresh({ ...silent, sharingBasis: basis }))
      expect(kept.sharingBasis).to.deep.equal(basis)
      expect(await codeOf(changeEntry(steward(), kept.id, { ...kept, sharingBasis: null }))).to.equal(
        'CATALOG_ENTRY_BASIS_MISSING',
      )
      expect(await entry(steward(), kept.id)).to.deep.equal(kept)
    })

    it('refuses a condition that is not written', async () => {
      const attempt = registerEntry(steward(), fresh({ sharingType: 'conditional', sharingCondition: ' ' }))
      expect(await codeOf(attempt)).to.equal('CATALOG_ENTRY_CONDITION_MISSING')
    })

    it('refuses a way of sharing that the format does not allow; nothing is kept (row 15)', async () => {
      const before = await entriesOf()

      for (const [format, sharingMethod] of [
        ['file', 'database'],
        ['stream', 'query'],
        ['spreadsheet', 'database'],
        ['database', null],
      ] as const) {
        const error = await refusal(registerEntry(steward(), fresh({ format, sharingMethod })))
        expect(error.code).to.equal('CATALOG_ENTRY_METHOD_MISMATCH')
        expect(error.params).to.include({ method: sharingMethod ?? '-', format })
        expect(error.messages.zh).not.to.match(/[a-z]/)
      }

      expect(await entriesOf()).to.deep.equal(before)
    })

    it('keeps personal data and what has no label closed to the public', async () => {
      const closed = [item('法定代表人', ELEMENTS.representative)]
      const unlabelled = [item('备注')]

      for (const items of [closed, unlabelled])
        expect(await codeOf(registerEntry(steward(), fresh({ items, open: true })))).to.equal(
          'CATALOG_ENTRY_OPEN_REFUSED',
        )
      expect((await registerEntry(steward(), fresh({ open: true }))).open).to.equal(true)
    })

    for (const [what, changes, code] of [
      ['a short summary', { summary: '太短' }, 'CATALOG_ENTRY_INVALID'],
      ['no items', { items: [] }, 'CATALOG_ENTRY_INVALID'],
      ['two items of one name', { items: [item('名称'), item(' 名稱')] }, 'CATALOG_ENTRY_INVALID'],
      ['an unknown element', { items: [item('名称', 'DE99999999')] }, 'STANDARDS_ELEMENT_NOT_FOUND'],
      ['an unknown 项', { kind: 'theme', classPath: ['占星'] }, 'CATALOG_ENTRY_CLASS_UNKNOWN'],
      ['too deep a class', { kind: 'theme', classPath: ['1', '2', '3', '4'] }, 'CATALOG_ENTRY_CLASS_INVALID'],
    ] as const)
      it(`refuses ${what}`, async () => {
        const refused = await refusal(registerEntry(steward(), fresh(changes as Partial<NewEntryInput>)))
        expect(refused.code).to.equal(code)
        expect(refused.messages.zh).not.to.match(/[a-z]/)
      })

    for (const role of ['clerk', 'citizen', 'data-user', 'auditor'])
      it(`is not for a ${role}`, async () => {
        expect(await codeOf(registerEntry(world.as(role, 'market-bureau'), fresh()))).to.equal(
          'POLICY_FORBIDDEN',
        )
      })
  })

  describe('the life of an entry', () => {
    it('goes from registered over reviewed and published to withdrawn, each told once', async () => {
      const { id, code } = await registerEntry(steward(), fresh())

      expect((await reviewEntry(admin(), id)).status).to.equal('reviewed')
      const published = await publishEntry(admin(), id)
      expect(published).to.include({ status: 'published', publishedOn: '2026-01-05' })
      expect(await entry(world.as('clerk', 'tax-bureau'), id)).to.deep.equal(published)
      const withdrawn = await withdrawEntry(admin(), id, '机构改革后不再产生')
      expect(withdrawn).to.include({ status: 'withdrawn', remark: '机构改革后不再产生' })

      expect(await codeOf(entry(world.as('clerk', 'tax-bureau'), id))).to.equal('CATALOG_ENTRY_NOT_FOUND')
      const moves = (await world.eventsNamed('catalog.entry.moved')).map(({ payload }) => payload)
      const own = moves.filter((move) => (move as { code: string }).code === code)
      expect(own.map((move) => (move as { status: string }).status)).to.deep.equal([
        'reviewed',
        'published',
        'withdrawn',
      ])
    })

    it('has a reviewer who wrote none of it', async () => {
      const own = await registerEntry(admin('market-bureau', 'gao'), fresh())
      const edited = await registerEntry(steward(), fresh())
      await changeEntry(admin('market-bureau', 'gao'), edited.id, contentOf(edited))

      for (const { id } of [own, edited]) {
        expect(await codeOf(reviewEntry(admin(), id))).to.equal('CATALOG_ENTRY_SELF_REVIEWED')
        expect((await entry(admin(), id)).status).to.equal('registered')
        expect((await reviewEntry(admin('market-bureau', 'wei'), id)).status).to.equal('reviewed')
      }
    })

    it('is reviewed by the government above too, and by nobody of another organisation', async () => {
      const { id } = await registerEntry(steward(), fresh())

      for (const stranger of [
        admin('tax-bureau'),
        admin('far-bureau'),
        admin('other-county'),
        steward('tax-bureau'),
      ])
        for (const attempt of [
          reviewEntry,
          publishEntry,
          (ctx: typeof stranger) => returnEntry(ctx, id, '错'),
        ])
          expect(await codeOf(attempt(stranger, id))).to.equal('CATALOG_ENTRY_NOT_FOUND')
      expect(await codeOf(reviewEntry(steward(), id))).to.equal('POLICY_FORBIDDEN')
      expect((await entry(steward(), id)).status).to.equal('registered')
      expect((await reviewEntry(admin('county'), id)).status).to.equal('reviewed')
    })

    it('of others is read when published, and never written', async () => {
      const { id, ...content } = await givenPublished(world, fresh())

      expect(await codeOf(changeEntry(steward('tax-bureau'), id, content))).to.equal('POLICY_FORBIDDEN')
      expect(await codeOf(withdrawEntry(admin('tax-bureau'), id, '错'))).to.equal('POLICY_FORBIDDEN')
      expect(await codeOf(confirmEntry(steward('tax-bureau'), id))).to.equal('POLICY_FORBIDDEN')
      expect(await codeOf(entry(world.as('citizen', 'citizen:x'), id))).to.equal('CATALOG_ENTRY_NOT_FOUND')
      expect((await entry(steward(), id)).status).to.equal('published')
    })

    it('is not published while a shared item lacks an element; nothing moves (row 16)', async () => {
      const { id } = await registerEntry(
        steward(),
        fresh({ items: [item('备注'), item('名称', ELEMENTS.name)] }),
      )
      const before = await reviewEntry(admin(), id)

      const error = await refusal(publishEntry(admin(), id))

      expect(error.code).to.equal('CATALOG_DATASET_FIELDS_UNMAPPED')
      expect(error.params).to.deep.equal({ fields: '备注' })
      expect(await entry(admin(), id)).to.deep.equal(before)
    })

    it('comes back with a remark, and every change is reviewed again', async () => {
      const registered = await registerEntry(steward(), fresh())
      const { id } = registered
      expect(await codeOf(returnEntry(admin(), id, ' '))).to.equal('CATALOG_ENTRY_REMARK_MISSING')
      expect((await returnEntry(admin(), id, '摘要不清楚')).remark).to.equal('摘要不清楚')

      await reviewEntry(admin(), id)
      await publishEntry(admin(), id)
      const changed = await changeEntry(steward(), id, { ...contentOf(registered), unit: '信用处' })

      expect(changed).to.include({
        status: 'registered',
        unit: '信用处',
        code: registered.code,
        reviewedBy: null,
      })
      const early = await refusal(publishEntry(admin(), id))
      expect(early.code).to.equal('CATALOG_ENTRY_STATUS_UNFIT')
      expect(early.messages.zh).to.equal(`目录条目 ${registered.code} 的当前状态不允许此操作`)
    })
  })

  describe('an entry with a dataset', () => {
    it('is not open when the dataset holds personal data that it does not list', async () => {
      const people = await givenDataset(world, 'market-bureau', 'people', '人员底册')
      const items = [item('信用代码', ELEMENTS.code)]

      const attempt = registerEntry(steward(), fresh({ items, open: true, datasetId: people.id }))
      expect(await codeOf(attempt)).to.equal('CATALOG_ENTRY_OPEN_REFUSED')
      const closed = await registerEntry(steward(), fresh({ items, datasetId: people.id }))
      const opened = changeEntry(steward(), closed.id, { ...contentOf(closed), open: true })
      expect(await codeOf(opened)).to.equal('CATALOG_ENTRY_OPEN_REFUSED')
    })

    it('is not published as open once its dataset came to hold personal data', async () => {
      await givenSchema(world, 'growing', ['code'])
      const dataset = await givenDataset(world, 'market-bureau', 'growing', '先公开后扩充')
      const items = [item('信用代码', ELEMENTS.code)]
      const { id } = await registerEntry(steward(), fresh({ items, open: true, datasetId: dataset.id }))
      await reviewEntry(admin(), id)
      await givenSchema(world, 'growing', ['code', 'representative'])

      expect(await codeOf(publishEntry(admin(), id))).to.equal('CATALOG_ENTRY_OPEN_REFUSED')
      expect((await entry(admin(), id)).status).to.equal('reviewed')
    })

    it('is offered prefilled, and knows level, volume and freshness from the data', async () => {
      const dataset = await givenDataset(world, 'market-bureau', 'people', '法定代表人登记')
      const draft = await entryDraft(steward(), dataset.id)
      expect(draft).to.deep.include({ name: '法定代表人登记', datasetId: dataset.id, kind: 'department' })
      expect(draft.items.map(({ elementCode }) => elementCode)).to.deep.equal([
        ELEMENTS.code,
        ELEMENTS.representative,
      ])

      const [first = item('?')] = draft.items
      const entered = {
        ...draft,
        items: [first],
        custodian: '朱艳',
        contact: '1',
        sharingCondition: '履职需要',
      }
      const registered = await registerEntry(steward(), entered)
      // The name of a representative is personal, whether the entry lists it or not.
      expect(registered.level).to.be.above(1)
      expect(registered).to.include({ dataAt: null, dataRows: null })

      await load(world, dataset, ['91350100M000100Y43,张三'])
      expect(await entry(steward(), registered.id)).to.deep.include({ dataRows: 1, dataAt: world.now })
      const again = { ...entered, name: '又一个' }
      expect(await codeOf(registerEntry(steward(), again))).to.equal('CATALOG_ENTRY_DATASET_TAKEN')
    })

    it('is not for another organisation’s dataset', async () => {
      const dataset = await givenDataset(world, 'market-bureau', 'companies')
      const other = () => steward('tax-bureau')
      expect(await codeOf(entryDraft(other(), dataset.id))).to.equal('CATALOG_DATASET_NOT_FOUND')
      expect(await codeOf(registerEntry(other(), fresh({ datasetId: dataset.id })))).to.equal(
        'CATALOG_DATASET_NOT_FOUND',
      )
      await load(world, dataset, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])
      expect(await codeOf(entryDraft(other(), dataset.id))).to.equal('POLICY_FORBIDDEN')
      expect(await codeOf(registerEntry(other(), fresh({ datasetId: dataset.id })))).to.equal(
        'CATALOG_DATASET_NOT_FOUND',
      )
    })

    it('is overdue a cycle and a third after its last version, for its administrators', async () => {
      const dataset = await givenDataset(world, 'water-bureau', 'companies')
      await load(world, dataset, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])
      const { id } = await givenPublished(world, fresh({ datasetId: dataset.id }), 'water-bureau')
      const overdue = async (ctx = admin('water-bureau')) =>
        (await entryDesk(ctx, { desk: 'overdue', first: 20 })).edges.map(({ node }) => node.id)
      const loadedAt = world.now

      world.now = new Date(loadedAt.getTime() + 32 * 3_600_000)
      expect(await overdue()).to.deep.equal([])
      world.now = new Date(loadedAt.getTime() + 32 * 3_600_000 + 1)
      expect(await overdue()).to.deep.equal([id])
      expect(await overdue(admin('county'))).to.include(id)
      expect(await overdue(admin('tax-bureau'))).to.deep.equal([])
      expect(await overdue(admin('other-county'))).to.deep.equal([])
      expect(await codeOf(overdue(steward('water-bureau')))).to.equal('POLICY_FORBIDDEN')
      expect((await confirmEntry(steward('water-bureau'), id)).confirmedAt).to.deep.equal(world.now)
      world.now = loadedAt
    })
  })

  describe('collecting twice (一数一源)', () => {
    before(async () => {
      await nameLegalSource(world.platform(), {
        elementCode: ELEMENTS.address,
        organisationId: 'market-bureau',
      })
      await world.settle()
    })

    it('shows the entry of the legal source and asks for a reason', async () => {
      const source = await givenPublished(world, fresh({ items: [item('住所', ELEMENTS.address)] }))
      const items = [item('名称', ELEMENTS.name), item('经营地址', ELEMENTS.address)]

      const [shown, ...more] = await legalSourcesElsewhere(steward('tax-bureau'), [
        ELEMENTS.name,
        ELEMENTS.address,
      ])
      expect(shown).to.deep.equal({
        elementCode: ELEMENTS.address,
        organisationId: 'market-bureau',
        entries: [{ id: source.id, code: source.code, name: source.name }],
      })
      expect(more).to.deep.equal([])
      const error = await refusal(registerEntry(steward('tax-bureau'), fresh({ items })))
      expect(error.code).to.equal('CATALOG_ENTRY_SOURCE_ELSEWHERE')
      expect(error.params).to.deep.equal({ items: '经营地址' })

      const reasons = [item('名称', ELEMENTS.name), item('经营地址', ELEMENTS.address, '税收征管需要')]
      const kept = await registerEntry(steward('tax-bureau'), fresh({ items: reasons }))
      expect(kept.items[1]?.duplicateReason).to.equal('税收征管需要')
    })

    it('asks its own department for none', async () => {
      expect(await legalSourcesElsewhere(steward(), [ELEMENTS.address])).to.deep.equal([])
      await registerEntry(steward(), fresh({ items: [item('住所', ELEMENTS.address)] }))
    })
  })

  describe('the desks', () => {
    it('show each organisation its own', async () => {
      const mine = await registerEntry(steward('tax-bureau'), fresh())
      const desk = async (ctx = steward(), desk: 'own' | 'to-review' = 'own') =>
        (await entryDesk(ctx, { desk, first: 100 })).edges.map(({ node }) => node.id)

      expect(await desk(steward('tax-bureau'))).to.include(mine.id)
      expect(await desk()).not.to.include(mine.id)
      expect(await desk(admin('tax-bureau'), 'to-review')).to.include(mine.id)
      expect(await desk(admin('county'), 'to-review')).to.include(mine.id)
      expect(await desk(admin(), 'to-review')).not.to.include(mine.id)
      expect(await codeOf(desk(world.as('clerk', 'tax-bureau')))).to.equal('POLICY_FORBIDDEN')
    })
  })

  const contentOf = ({ id: _, ...content }: Entry) => content

  async function entriesOf() {
    return world.db.selectFrom('catalog.entry').select(['id', 'name', 'code']).orderBy('code').execute()
  }
})
