import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, rename, rmdir } from 'node:fs/promises'
import type { Dataset } from '../../modules/catalog/index.ts'
import {
  accessSubject,
  explainRecord,
  latestMerge,
  legalSources,
  lookUp,
  mergeRegisters,
  nameLegalSource,
  organisationRecord,
  organisationRecords,
  type RecordField,
  recomputedSha256,
  runMerge,
  trust,
} from '../../modules/golden/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode, ELEMENTS, givenDataset, givenSchema, load } from './registers.ts'

const RESTAURANT = '91350100M000100Y43'
const FACTORY = '9144030071526726XG'
const PURPOSE = '食品经营许可预填'

/** Three registers, dirty on purpose; the tax office's has placeholders and the urban managers' no dates. */
describe('golden records of three registers', () => {
  let world: World
  const registers = {} as Record<'market' | 'tax' | 'urban', Dataset>
  const clerk = () => world.as('clerk', 'market-bureau')

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    const county = { zh: '示例县人民政府', en: 'County' }
    await establish(world.platform(), { id: 'county', name: county, kind: 'government' })
    const bodies = { 'market-bureau': '市场监督管理局', 'tax-bureau': '税务局', 'urban-bureau': '城市管理局' }
    for (const [id, zh] of Object.entries(bodies))
      await establish(world.platform(), { id, name: { zh, en: id }, kind: 'body', parentId: 'county' })
    await establish(world.platform(), {
      id: 'restaurant',
      name: { zh: '福州榕城餐饮有限公司', en: 'Restaurant' },
      kind: 'enterprise',
      creditCode: RESTAURANT,
    })
    await givenSchema(world, 'companies', ['code', 'name', 'address', 'representative', 'updatedOn'])
    await givenSchema(world, 'taxpayers', ['code', 'name', 'phone', 'updatedOn'], { keyed: false })
    await givenSchema(world, 'shopfronts', ['code', 'name', 'address', 'phone'])
    registers.market = await givenDataset(world, 'market-bureau', 'companies', '企业登记')
    registers.tax = await givenDataset(world, 'tax-bureau', 'taxpayers', '纳税人登记')
    registers.urban = await givenDataset(world, 'urban-bureau', 'shopfronts', '店招备案')
    await load(world, registers.market, [
      `${RESTAURANT},福州榕城餐饮有限公司,福州市鼓楼区东街口1号,林某,2025-06-01`,
      `${FACTORY},深圳南山电子厂,深圳市南山区2号,陈某,2025-03-01`,
    ])
    await load(world, registers.tax, [
      `${RESTAURANT},榕城餐飲,0591-87654321,2025-11-20`,
      `${RESTAURANT},榕城餐飲,0591-11111111,2019-02-01`,
      '000000000000000000,不详,0591-00000000,2025-01-01',
    ])
    await load(world, registers.urban, [`${RESTAURANT},榕城饭店,鼓楼区东街口一号,0591-22222222`])
    await world.settle()
  })
  after(() => world.close())

  it('merges when a version is published, once for all that wait', async () => {
    const run = await latestMerge(clerk())

    expect(run).to.include({ status: 'published', records: 2, changed: 2, removed: 0 })
    expect(run?.inputs.map(({ version, rows }) => [version, rows])).to.have.deep.members([
      [1, 2],
      [1, 3],
      [1, 1],
    ])
    expect(await world.eventsNamed('golden.merge.published')).to.have.length(1)
  })

  it('holds the origin of each value down to the line of the department’s file', async () => {
    const record = await organisationRecord(clerk(), { key: RESTAURANT, purpose: PURPOSE })

    expect(record.key).to.equal(RESTAURANT)
    const phone = fieldOf(record.fields, 'phone')
    expect(phone).to.include({ value: '0591-22222222', rule: 'freshest' })
    expect(phone.source).to.include({
      datasetId: registers.urban.id,
      organisationId: 'urban-bureau',
      datasetTitle: '店招备案',
      version: 1,
      line: 2,
    })
    expect(phone.source?.asOfAt).to.deep.equal(new Date('2026-01-05T01:00:00Z'))
    expect(phone.runnersUp.map(({ value, line, eventOn }) => [value, line, eventOn])).to.deep.equal([
      ['0591-87654321', 2, '2025-11-20'],
      ['0591-11111111', 3, '2019-02-01'],
    ])
    expect(trust(phone.source as { standing: number; asOfAt: Date }, world.now)).to.equal(0.8)
  })

  it('never merges placeholders, and says in which lines they stand', async () => {
    const run = await latestMerge(clerk())

    expect(run?.findings).to.deep.equal([
      { datasetId: registers.tax.id, code: 'GOLDEN_KEY_PLACEHOLDER', rows: 1, lines: [4] },
    ])
    expect(await keysFound('000000000000000000')).to.be.empty
  })

  describe('searching', () => {
    it('finds by two Chinese characters, traditional writing, pinyin, initials and any department’s name', async () => {
      for (const search of ['餐饮', '餐飲', '榕城餐飲有限公司', 'canyin', 'rongcheng', 'rccy', '饭店'])
        expect(await keysFound(search), search).to.deep.equal([RESTAURANT])
    })

    it('finds by the beginning of the number, in any case, and nothing by what is in no name', async () => {
      expect(await keysFound('91350100m0')).to.deep.equal([RESTAURANT])
      expect(await keysFound('9144')).to.deep.equal([FACTORY])
      for (const search of ['渔业', '9199', '！？']) expect(await keysFound(search), search).to.be.empty
    })

    it('comes by number, in pages', async () => {
      const first = await organisationRecords(clerk(), { search: '', first: 1 })
      const second = await organisationRecords(clerk(), {
        search: '',
        first: 1,
        after: first.pageInfo.endCursor,
      })
      expect([first, second].map(({ edges }) => edges[0]?.node.key)).to.deep.equal([RESTAURANT, FACTORY])
      expect(second.pageInfo.hasNextPage).to.equal(false)
    })

    it('leaves out what is personal: that takes a purpose', async () => {
      const { edges } = await organisationRecords(clerk(), { search: '餐饮', first: 1 })
      const names = edges[0]?.node.fields.map(({ name }) => name)
      const record = await organisationRecord(clerk(), { key: RESTAURANT, purpose: PURPOSE })
      const personal = record.fields.filter((field) => field.personal).map(({ name }) => name)

      expect(personal).not.to.be.empty
      expect(names).not.to.include.members(personal)
      expect(names).to.have.length(record.fields.length - personal.length)
    })

    it('is for staff of any body, and for no party', async () => {
      for (const role of [
        'data-steward',
        'data-user',
        'reviewer',
        'signer',
        'directory-admin',
        'supervisor',
        'auditor',
      ])
        expect(
          (await organisationRecords(world.as(role), { search: '餐饮', first: 5 })).edges,
        ).to.have.length(1)
      for (const ctx of [world.as('citizen', 'citizen:x'), world.as('enterprise-drafter', 'restaurant')]) {
        const error = await refusal(organisationRecords(ctx, { search: '餐饮', first: 5 }))
        expect(error.code).to.equal('POLICY_FORBIDDEN')
      }
    })
  })

  describe('looking up', () => {
    it('logs the read and its purpose before the answer, under a digest of the number', async () => {
      const ctx = clerk()

      await lookUp(ctx, { key: '91350100m000100y43 ', purpose: PURPOSE })

      const rows = await accesses(ctx.requestId)
      expect(rows).to.have.length(1)
      expect(rows[0]).to.include({ kind: 'read', subject: accessSubject(RESTAURANT), purpose: PURPOSE })
      expect(rows[0]?.fields).to.include('organisation_name')
      expect(JSON.stringify(rows)).not.to.include(RESTAURANT)
    })

    it('gives each of many who ask at once an answer and a log of their own', async () => {
      const asked = Array.from({ length: 12 }, (_, at) => ({
        ctx: clerk(),
        key: [RESTAURANT, FACTORY, creditCode(1)][at % 3] ?? '',
      }))

      const found = await Promise.all(asked.map(({ ctx, key }) => lookUp(ctx, { key, purpose: PURPOSE })))

      expect(found.map((record) => record?.key)).to.deep.equal(
        asked.map(({ key }) => (key === creditCode(1) ? undefined : key)),
      )
      for (const { ctx, key } of asked)
        expect((await accesses(ctx.requestId)).map(({ subject }) => subject)).to.deep.equal([
          accessSubject(key),
        ])
    })

    it('logs also a read that finds nothing, and tells missing from refused', async () => {
      const ctx = clerk()
      expect(await lookUp(ctx, { key: creditCode(1), purpose: PURPOSE })).to.equal(undefined)
      expect(await accesses(ctx.requestId)).to.have.length(1)
      const error = await refusal(organisationRecord(clerk(), { key: creditCode(1), purpose: PURPOSE }))
      expect(error.code).to.equal('GOLDEN_RECORD_NOT_FOUND')
    })

    it('takes a purpose', async () => {
      const ctx = clerk()
      const error = await refusal(lookUp(ctx, { key: RESTAURANT, purpose: ' ' }))
      expect([error.code, error.kind]).to.deep.equal(['GOLDEN_PURPOSE_MISSING', 'invalid'])
      expect(await accesses(ctx.requestId)).to.be.empty
    })

    it('gives an enterprise its own record, and of any other organisation none', async () => {
      const own = await lookUp(world.as('enterprise-drafter', 'restaurant'), {
        key: RESTAURANT,
        purpose: PURPOSE,
      })
      expect(own?.key).to.equal(RESTAURANT)

      const ctx = world.as('enterprise-drafter', 'restaurant')
      expect(await lookUp(ctx, { key: FACTORY, purpose: PURPOSE })).to.equal(undefined)
      const error = await refusal(organisationRecord(ctx, { key: FACTORY, purpose: PURPOSE }))
      expect(error.code).to.equal('GOLDEN_RECORD_NOT_FOUND')
      expect(await accesses(ctx.requestId)).to.be.empty
    })

    it('says in both languages why each value is there and the others are not', async () => {
      const ctx = clerk()

      const { fields } = await explainRecord(ctx, { key: RESTAURANT, purpose: PURPOSE })

      const phone = fields.find(({ name }) => name === 'phone')
      expect(phone?.text.zh).to.match(
        /^联系电话取“0591-22222222”，来自城市管理局《店招备案》第1版第2行。它的日期最新。$/,
      )
      expect(phone?.text.en).to.include(
        'from urban-bureau, “店招备案”, version 1, line 2. Its date is the latest.',
      )
      expect(phone?.lost.map(({ reason }) => reason)).to.deep.equal(['older', 'older'])
      expect(phone?.lost[0]?.text.zh).to.equal(
        '税务局《纳税人登记》第1版第2行记为“0591-87654321”，未采用：日期2025-11-20早于2026-01-05。',
      )
      expect(await accesses(ctx.requestId)).to.have.length(1)
    })

    it('explains no other organisation’s record to an enterprise', async () => {
      const ctx = world.as('enterprise-drafter', 'restaurant')
      const error = await refusal(explainRecord(ctx, { key: FACTORY, purpose: PURPOSE }))
      expect(error.code).to.equal('GOLDEN_RECORD_NOT_FOUND')
    })

    it('gives a citizen none', async () => {
      const error = await refusal(
        lookUp(world.as('citizen', 'citizen:x'), { key: RESTAURANT, purpose: PURPOSE }),
      )
      expect(error.code).to.equal('POLICY_FORBIDDEN')
    })

    it('says when the youngest register is overdue, and trusts it less', async () => {
      const before = world.now
      const fresh = await lookUp(clerk(), { key: RESTAURANT, purpose: PURPOSE })
      world.now = new Date('2027-09-01T09:00:00+08:00')
      const old = await lookUp(clerk(), { key: RESTAURANT, purpose: PURPOSE })
      world.now = before

      expect([fresh?.stale, old?.stale]).to.deep.equal([false, true])
    })
  })

  describe('merging again', () => {
    it('changes nothing while its inputs and rules are those served', async () => {
      const served = await latestMerge(clerk())
      world.now = new Date('2026-01-06T09:00:00+08:00')

      await mergeRegisters(world.as('data-steward', 'tax-bureau'))
      await world.settle()

      const run = await latestMerge(clerk())
      expect(run).to.include({ status: 'unchanged', changed: 0, contentSha256: served?.contentSha256 })
    })

    it('computes identical content from the same versions', async () => {
      const run = await latestMerge(clerk())
      expect(await recomputedSha256(world.as('directory-admin'))).to.equal(run?.contentSha256)
    })

    it('lets the legal source of an element win over a fresher register', async () => {
      await nameLegalSource(world.as('directory-admin', 'county'), {
        elementCode: ELEMENTS.phone,
        organisationId: 'tax-bureau',
      })
      await world.settle()

      const record = await organisationRecord(clerk(), { key: RESTAURANT, purpose: PURPOSE })
      const phone = fieldOf(record.fields, 'phone')
      expect(phone).to.include({ value: '0591-87654321', rule: 'legal-source' })
      expect(trust(phone.source as { standing: number; asOfAt: Date }, world.now)).to.equal(1)
    })

    it('drops records that vanished from all registers, and rewrites only those that changed', async () => {
      await load(world, registers.market, [
        `${RESTAURANT},福州榕城餐饮集团有限公司,福州市鼓楼区东街口1号,林某,2026-01-02`,
      ])
      await world.settle()

      expect(await latestMerge(clerk())).to.include({
        status: 'published',
        records: 1,
        changed: 1,
        removed: 1,
      })
      expect(await keysFound('9144')).to.be.empty
      expect(await keysFound('集团')).to.deep.equal([RESTAURANT])
      const rows = await world.db.selectFrom('golden.organisationRecord').select(['key', 'until']).execute()
      expect(rows).to.deep.equal([{ key: RESTAURANT, until: null }])
    })

    it('makes a code that several entities of one register use nobody’s', async () => {
      const names = ['甲', '乙', '丙', '丁', '戊', '己']
      await load(
        world,
        registers.tax,
        names.map((name) => `${FACTORY},${name}记商行,,2025-01-01`),
      )
      await world.settle()

      const error = await refusal(lookUp(clerk(), { key: FACTORY, purpose: PURPOSE }))
      expect([error.code, error.kind]).to.deep.equal(['GOLDEN_SUBJECT_AMBIGUOUS', 'conflict'])
      expect(await keysFound('9144')).to.be.empty
    })

    it('is asked for by data stewards and directory admins alone, its legal sources named by the government alone', async () => {
      for (const role of ['clerk', 'data-user', 'citizen', 'enterprise-drafter']) {
        expect((await refusal(mergeRegisters(world.as(role)))).code).to.equal('POLICY_FORBIDDEN')
      }
      const source = { elementCode: ELEMENTS.phone, organisationId: 'urban-bureau' }
      const before = await legalSources(clerk())
      const others = [
        world.as('data-steward', 'urban-bureau'),
        world.as('directory-admin', 'urban-bureau'),
        world.as('directory-admin', 'other-county'),
      ]
      for (const other of others)
        expect((await refusal(nameLegalSource(other, source))).code).to.equal('POLICY_FORBIDDEN')
      expect(await legalSources(clerk())).to.deep.equal(before)
      for (const stranger of [
        world.as('citizen', 'citizen:x'),
        world.as('enterprise-drafter', 'restaurant'),
      ]) {
        expect((await refusal(latestMerge(stranger))).code).to.equal('POLICY_FORBIDDEN')
        expect((await refusal(legalSources(stranger))).code).to.equal('POLICY_FORBIDDEN')
      }
    })
  })

  const keysFound = async (search: string) =>
    (await organisationRecords(clerk(), { search, first: 20 })).edges.map(({ node }) => node.key)

  function accesses(requestId: string) {
    return world.db.selectFrom('core.access').selectAll().where('requestId', '=', requestId).execute()
  }
})

describe('a merge that breaks off', () => {
  let world: World
  let register: Dataset
  const clerk = () => world.as('clerk', 'market-bureau')

  before(async () => {
    world = await openWorld()
    await givenSchema(world, 'companies', ['code', 'name'])
    register = await givenDataset(world, 'market-bureau', 'companies')
    await load(world, register, rows('旧'))
    await world.settle()
  })
  after(() => world.close())

  it('leaves the old records served, whole; begun again, it brings the new ones', async () => {
    world.now = new Date('2026-01-06T09:00:00+08:00')
    await load(world, register, rows('新'))
    await deliverOnly()
    const { id } = await mergeRegisters(world.as('directory-admin'))
    const stop = new AbortController()

    const broken = await runMerge(world.platform(), id, {
      signal: stop.signal,
      progress: async () => stop.abort(),
    }).then(
      () => false,
      () => true,
    )

    expect(broken).to.equal(true)
    expect(await latestMerge(clerk())).to.include({ status: 'aborted' })
    expect(await found('旧')).to.equal(COUNT)
    expect(await found('新')).to.equal(0)
    expect(await lookUp(clerk(), { key: creditCode(0), purpose: PURPOSE })).to.include({ name: '旧记商行0' })

    await world.settle()

    expect(await latestMerge(clerk())).to.include({ status: 'published', records: COUNT, changed: COUNT })
    expect(await found('新')).to.equal(COUNT)
    expect(await lookUp(clerk(), { key: creditCode(0), purpose: PURPOSE })).to.include({ name: '新记商行0' })
    // Now their former name (6.5), by which they are found still.
    expect(await found('旧')).to.equal(COUNT)
  })

  it('serves nothing of a file that was altered', async () => {
    world.now = new Date('2026-01-07T09:00:00+08:00')
    const { files } = await load(world, register, rows('假'))
    await appendFile(world.platform().plane.snapshotPath(String(files[0]?.sha256)), 'x')

    await world.settle()

    const run = await latestMerge(clerk())
    expect(run).to.include({ status: 'failed', errorCode: 'PLANE_FILE_CHECKSUM_DIFFERS' })
    expect(await found('新')).to.equal(COUNT)
  })

  it('is failed, and another can be asked for, once its job gives up', async () => {
    const { files } = await load(world, register, rows('再'))
    const snapshot = world.platform().plane.snapshotPath(String(files[0]?.sha256))
    // What nobody foresaw: a folder where the rows should be.
    await rename(snapshot, `${snapshot}.kept`)
    await mkdir(snapshot)
    await world.settle()
    const { id, errorCode } = (await latestMerge(clerk()))!
    expect(errorCode).to.equal(null)
    for (let attempt = 1; attempt < 5; attempt++) {
      world.now = new Date(world.now.getTime() + 600_000)
      await world.settle()
    }

    expect(await latestMerge(clerk())).to.include({ id, status: 'failed', errorCode: 'JOB_GAVE_UP' })
    await rmdir(snapshot)
    await rename(`${snapshot}.kept`, snapshot)
    await mergeRegisters(world.as('directory-admin'))
    await world.settle()
    // The version between was altered for good: its names are passed over, and hinder nobody.
    expect(await latestMerge(clerk())).to.include({ status: 'published', errorCode: null })
    const served = await lookUp(clerk(), { key: creditCode(0), purpose: PURPOSE })
    expect(served?.formerNames.map(({ name }) => name)).to.deep.equal(['新记商行0', '旧记商行0'])
  })

  it('answers a run that is not there, or that ended, by doing nothing', async () => {
    const run = await latestMerge(clerk())
    const control = { signal: new AbortController().signal, progress: async () => undefined }
    await runMerge(world.platform(), randomUUID(), control)
    expect(await latestMerge(clerk())).to.deep.equal(run)
  })

  const COUNT = 1200

  function rows(first: string): string[] {
    return Array.from({ length: COUNT }, (_, n) => `${creditCode(n)},${first}记商行${n}`)
  }

  /** Brings events to their subscribers without running the jobs they ask for. */
  async function deliverOnly(): Promise<void> {
    const deliveries = world.kernel.pollers.find(({ name }) => name === 'core.deliveries')
    while (((await deliveries?.poll(world.platform(), new AbortController().signal)) ?? 0) > 0);
  }

  async function found(word: string): Promise<number> {
    let count = 0
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof organisationRecords>> = await organisationRecords(clerk(), {
        search: `${word}记`,
        first: 100,
        after,
      })
      count += page.edges.length
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    return count
  }
})

function fieldOf<Field extends RecordField>(fields: readonly Field[], name: string): Field {
  const field = fields.find((each) => each.name === name)
  if (!field) throw new Error(`no field ${name} among ${fields.map((each) => each.name).join(', ')}`)
  return field
}
