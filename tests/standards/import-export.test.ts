import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../gateway/cli/main.ts'
import { standardNamed } from '../../gateway/cli/standard-export.ts'
import * as standards from '../../standards/index.ts'
import { newId, openServed, type Served } from '../gateway/served.ts'
import { refusal } from '../support/refusal.ts'
import type { World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

const { codeValue } = standards
const HEAD: standards.CodeListContent = {
  name: { zh: '表', en: 'list' },
  standardNumber: 'DB/T 7',
  edition: '2020',
  issuer: '标准办',
  levels: [{ zh: '级', en: 'level' }],
  licence: 'facts',
  extensible: 'organisation',
  extensionPattern: '^9[A-F]$',
  effectiveFrom: '2020-01-01',
}
const CSV = 'code,nameZh,nameEn\n01,甲,A\n02,=乙,B\n'

describe('importing and exporting standards', () => {
  let served: Served
  let world: World
  let folder: string

  before(async () => {
    served = await openServed()
    world = served.world
    folder = await mkdtemp(join(tmpdir(), 'gdbos-standards-'))
  })
  after(async () => {
    await served.close()
    await rm(folder, { recursive: true, force: true })
  })

  const drafter = (organisation = 'demo-standards') => world.as('standards-drafter', organisation)
  const reading = (bytes: Buffer | string) => ({
    read: () => Promise.resolve(Buffer.from(bytes)),
    dryRun: false,
  })
  const exported = async (
    request: Parameters<typeof standards.exportStandard>[1],
    ctx = world.as('citizen', 'public'),
  ) => standards.exportStandard(ctx, request)

  async function publish(id: string, version: string) {
    await submit(drafter(), 'code-list', id, version)
    await approve(world.as('standards-approver', 'demo-standards'), 'code-list', id, version)
  }

  describe('a code list', () => {
    const id = 'DB/T 7@2020'
    const request = { kind: 'code-list', code: id, format: 'csv' } as const

    it('is drafted from a table with a head, and nowhere else seen before its review', async () => {
      const outcome = await standards.importCodeList(drafter(), { ...reading(CSV), list: HEAD })
      const none = await refusal(
        standards.importCodeList(
          drafter(),
          reading(CSV.replace('code', 'list,code').replaceAll('\n0', '\nX@1,0')),
        ),
      )

      expect(outcome).to.deep.equal({
        read: 2,
        unchanged: 0,
        drafts: [{ code: id, version: '1.0.0' }],
        findings: [],
        findingCount: 0,
      })
      expect([none.code, none.params]).to.deep.equal(['STANDARDS_IMPORT_LIST_UNKNOWN', { code: 'X@1' }])
      expect((await refusal(exported(request, drafter()))).code).to.equal('STANDARDS_EXPORT_UNPUBLISHED')
      for (const version of [undefined, '1.0.0'])
        expect((await refusal(exported({ ...request, version }, drafter('tax-bureau')))).code).to.equal(
          'STANDARDS_CODE_LIST_NOT_FOUND',
        )
      expect(await world.eventsNamed('standards.drafted')).to.have.length(1)
    })

    it('is refused from whoever may not draft, before the file is read', async () => {
      let read = false
      const file = {
        list: HEAD,
        dryRun: true,
        read: () => {
          read = true
          return Promise.resolve(Buffer.from(CSV))
        },
      }

      expect((await refusal(standards.importCodeList(world.as('clerk'), file))).code).to.equal(
        'POLICY_FORBIDDEN',
      )
      expect((await refusal(standards.importElements(world.as('clerk'), file))).code).to.equal(
        'POLICY_FORBIDDEN',
      )
      expect(read).to.equal(false)
    })

    it('changes the own draft when it comes again, and drafts nothing with a finding or in a dry run', async () => {
      const bad = await standards.importCodeList(drafter(), { ...reading(`${CSV}03,,\n`), list: HEAD })
      const dry = await standards.importCodeList(drafter(), {
        ...reading('code,nameZh\n01,甲\n'),
        list: HEAD,
        dryRun: true,
      })
      const again = await standards.importCodeList(drafter(), { ...reading(CSV), list: HEAD })
      const foreign = standards.importCodeList(drafter('tax-bureau'), { ...reading(CSV), list: HEAD })

      expect(bad.findings.map(({ row, column, code }) => [row, column, code])).to.deep.equal([
        [4, 'nameZh', 'STANDARDS_IMPORT_CELL_INVALID'],
      ])
      expect(bad.findings[0]?.message.zh).to.equal('“”不能作为“nameZh”的值')
      expect([bad.drafts, dry.drafts, dry.read]).to.deep.equal([[], [], 1])
      expect(again.drafts).to.deep.equal([{ code: id, version: '1.0.0' }])
      const list = await standards.codeList(drafter(), id)
      expect(
        (await standards.valuesInScope(drafter(), list, 'standard')).map(({ code }) => code),
      ).to.deep.equal(['01', '02'])
      expect((await refusal(foreign)).code).to.equal('STANDARDS_CODE_TAKEN')
    })

    it('comes out once it is published, the standard’s codes alone, and unchanged when it is read again', async () => {
      await publish(id, '1.0.0')
      await standards.extendCodeList(drafter('tax-bureau'), id, [
        codeValue({ code: '9A', name: { zh: '本地', en: 'local' } }),
      ])

      const { content, fileName, mediaType } = await exported(request)
      const workbook = await exported({ ...request, format: 'xlsx' })
      const json = await exported({ ...request, format: 'json' })
      const schema = await exported({ ...request, format: 'json-schema' })

      expect([fileName, mediaType]).to.deep.equal(['db-t-7-2020-1.0.0.csv', 'text/csv; charset=utf-8'])
      expect(content.toString().split('\r\n').slice(1)).to.deep.equal([
        '"DB/T 7@2020","01","","1","甲","A","","","day","","","",""',
        '"DB/T 7@2020","02","","1","\'=乙","B","","","day","","","",""',
        '',
      ])
      for (const bytes of [content, workbook.content])
        expect(await standards.importCodeList(drafter(), reading(bytes))).to.deep.include({
          unchanged: 2,
          drafts: [],
        })
      expect(JSON.parse(json.content.toString())).to.deep.include({ list: HEAD })
      expect((JSON.parse(schema.content.toString()) as { enum: unknown }).enum).to.deep.equal(['01', '02'])
      expect((await exported(request)).content.equals(content)).to.equal(true)
    })

    it('keeps spellings and local codes when a later table is drafted', async () => {
      const spelt = 'code,nameZh,nameEn,spellings\n01,甲,A,阿|a\n02,=乙,B,\n'
      const { drafts } = await standards.importCodeList(drafter(), {
        ...reading(spelt),
        list: { ...HEAD, edition: '2021', effectiveFrom: '2021-01-01' },
      })
      await publish('DB/T 7@2021', drafts[0]?.version ?? '')
      await standards.extendCodeList(drafter('tax-bureau'), 'DB/T 7@2021', [
        codeValue({ code: '9B', name: { zh: '本地', en: 'local' } }),
      ])
      const rows = (await exported({ ...request, code: 'DB/T 7@2021' })).content.toString()

      const later = await standards.importCodeList(
        drafter(),
        reading(`${rows}"DB/T 7@2021","03","","1","丙","C"\r\n`),
      )
      const list = await standards.codeList(drafter(), 'DB/T 7@2021')
      const values = await standards.valuesInScope(drafter('tax-bureau'), list, 'standard-own')

      expect(later.drafts).to.deep.equal([{ code: 'DB/T 7@2021', version: '1.1.0' }])
      expect(values.map(({ code, spellings, owner }) => [code, spellings, owner])).to.deep.equal([
        ['01', ['阿', 'a'], null],
        ['02', [], null],
        ['03', [], null],
        ['9B', [], 'tax-bureau'],
      ])
    })

    it('is named by its number alone for the edition in force', async () => {
      const later = { ...HEAD, edition: '2030', effectiveFrom: '2030-01-01' }
      await standards.importCodeList(drafter(), { ...reading(CSV), list: later })
      await publish('DB/T 7@2030', '1.0.0')

      expect((await exported({ ...request, code: 'DB/T 7' })).fileName).to.equal('db-t-7-2021-1.0.0.csv')
      expect((await refusal(exported({ ...request, code: 'DB/T 8' }))).code).to.equal(
        'STANDARDS_CODE_LIST_NOT_FOUND',
      )
    })

    it('is imported through GraphQL, with the cells that are wrong', async () => {
      await served.person('li', ['standards-drafter'], 'demo-standards')
      const cookie = await served.signIn('li')
      const mutation = `mutation($id: UUID!, $input: CodeListImportInput!) { importCodeList(commandId: $id, input: $input) {
        read drafts { code version } findings { row column value code message { en } } findingCount } }`
      const head = { ...HEAD, edition: '2040' }
      const send = (content: string) =>
        served.graphql(mutation, { id: newId(), input: { content, list: head } }, cookie)

      const bad = await send(Buffer.from('code,nameZh\n 1,甲\n').toString('base64'))
      const good = await send(Buffer.from(CSV).toString('base64'))
      const none = await send('!')

      expect(bad.body.data.importCodeList).to.deep.equal({
        read: 1,
        drafts: [],
        findings: [
          {
            row: 2,
            column: 'code',
            value: ' 1',
            code: 'STANDARDS_CODE_LIST_INVALID',
            message: { en: 'The code list “DB/T 7@2040” is not valid: “ 1”' },
          },
        ],
        findingCount: 1,
      })
      expect(good.body.data.importCodeList.drafts).to.deep.equal([{ code: 'DB/T 7@2040', version: '1.0.0' }])
      expect(none.body.errors[0].extensions.code).to.equal('STANDARDS_IMPORT_UNREADABLE')
    })
  })

  describe('data elements', () => {
    it('come back unchanged, and only those that differ are drafted', async () => {
      const { content, fileName } = await exported({ kind: 'element', format: 'csv' })
      const workbook = await exported({ kind: 'element', format: 'xlsx' })
      const all = content.toString()
      const changed = all.replace('"统一社会信用代码"', '"统一社会信用代码（法人）"')

      const same = await standards.importElements(drafter(), reading(content))
      const sameWorkbook = await standards.importElements(drafter(), reading(workbook.content))
      const dry = await standards.importElements(drafter(), { ...reading(changed), dryRun: true })
      const outcome = await standards.importElements(drafter(), reading(changed))
      const again = await standards.importElements(drafter(), reading(changed))

      expect(fileName).to.equal('elements.csv')
      expect(same.read).to.be.greaterThan(60)
      expect([same.unchanged, sameWorkbook.unchanged]).to.deep.equal([same.read, same.read])
      expect([same.drafts, dry.drafts, dry.unchanged]).to.deep.equal([[], [], same.read - 1])
      expect(outcome.drafts).to.deep.equal([{ code: 'DE00000002', version: '1.0.1' }])
      expect(again.drafts).to.deep.equal(outcome.drafts)
      expect(
        (await refusal(exported({ kind: 'element', code: 'DE00000002', version: '1.0.1', format: 'json' })))
          .code,
      ).to.equal('STANDARDS_ELEMENT_NOT_FOUND')
    })

    it('are drafted all or none', async () => {
      const header = 'code,nameZh,nameEn,shortName,definition,dataType,format,good\n'
      const sound = 'DE99999801,名,name,imported_one,定义,text,an..5,abc\n'
      const taken = 'DE99999802,名,name,imported_two,定义,text,an..5,\n'
      await standards.importElements(drafter('tax-bureau'), reading(header + taken))

      const clash = standards.importElements(drafter(), reading(header + sound + taken))
      expect((await refusal(clash)).code).to.equal('STANDARDS_CODE_TAKEN')
      expect((await refusal(standards.element(drafter(), 'DE99999801'))).code).to.equal(
        'STANDARDS_ELEMENT_NOT_FOUND',
      )
    })
  })

  describe('a record schema', () => {
    it('comes out in each of its formats, named by its code and version', async () => {
      const names: string[] = []
      for (const format of standards.EXPORT_FORMATS)
        names.push((await exported({ kind: 'schema', code: 'business-registration', format })).fileName)

      expect(names).to.deep.equal([
        'business-registration-1.0.0.schema.json',
        'business-registration-1.0.0.ttl',
        'business-registration-1.0.0.sql',
        'business-registration-1.0.0.table-schema.json',
        'business-registration-1.0.0.mongoose.json',
        'business-registration-1.0.0.csv',
        'business-registration-1.0.0.xlsx',
        'business-registration-1.0.0.json',
      ])
      const elements = await exported({ kind: 'schema', code: 'business-registration', format: 'csv' })
      expect(elements.content.toString().split('\r\n')[1]).to.match(
        /^"DE00000002","1\.0\.0","统一社会信用代码"/,
      )
    })

    it('is refused as a draft, as what it is not, and where there is none', async () => {
      await standards.draftSchema(drafter(), 'own-draft', {
        name: { zh: '草案', en: 'draft' },
        columns: [{ name: 'uscc', elementCode: 'DE00000002', required: true }],
        primaryKey: ['uscc'],
      })
      const codeOf = async (request: Parameters<typeof standards.exportStandard>[1], organisation: string) =>
        (await refusal(exported(request, drafter(organisation)))).code

      const draft = { kind: 'schema', code: 'own-draft', format: 'ddl' } as const
      expect(await codeOf(draft, 'demo-standards')).to.equal('STANDARDS_SCHEMA_UNPUBLISHED')
      expect(await codeOf(draft, 'tax-bureau')).to.equal('STANDARDS_SCHEMA_NOT_FOUND')
      expect(await codeOf({ ...draft, kind: 'code-list' }, 'tax-bureau')).to.equal(
        'STANDARDS_EXPORT_FORMAT_UNFIT',
      )
      expect(await codeOf({ ...draft, format: 'pdf' }, 'tax-bureau')).to.equal(
        'STANDARDS_EXPORT_FORMAT_UNFIT',
      )
    })
  })

  describe('over HTTP', () => {
    it('is a download for everybody, named by us and kept by no cache', async () => {
      const list = encodeURIComponent('GB/T 2261.1@2003')
      const answer = await served.send(
        `/api/standards/export?kind=code-list&code=${list}&format=csv&bom=true`,
      )

      expect(answer.status).to.equal(200)
      expect(answer.headers.get('content-disposition')).to.equal(
        `attachment; filename="gb-t-2261-1-2003-1.0.0.csv"; filename*=UTF-8''gb-t-2261-1-2003-1.0.0.csv`,
      )
      expect(answer.headers.get('content-type')).to.equal('text/csv; charset=utf-8')
      expect(answer.headers.get('cache-control')).to.equal('no-store')
    })

    it('refuses what is no request, a draft of others and another method', async () => {
      const status = async (path: string, init = {}) =>
        (await served.send(`/api/standards/${path}`, init)).status
      await served.person('zhang', ['standards-drafter'], 'other-bureau')
      const cookie = await served.signIn('zhang')

      expect(await status('export?kind=process&format=csv')).to.equal(400)
      expect(await status('export?kind=schema&code=own-draft&format=ddl')).to.equal(404)
      expect(await status('export?kind=schema&code=own-draft&format=ddl', { cookie })).to.equal(404)
      expect(await status('export?kind=schema&code=taxpayer&format=nothing')).to.equal(400)
      expect(await status('export?kind=element&format=csv', { method: 'DELETE' })).to.equal(405)
      expect(await status('import', { method: 'POST', body: 'code' })).to.equal(401)
    })

    it('takes a file of elements from a drafter', async () => {
      const body =
        'code,nameZh,nameEn,shortName,definition,dataType,format\nDE99999701,名,name,sent_one,定义,text,an..5\n'
      const { status, body: answer } = await served.send('/api/standards/import', {
        method: 'POST',
        body,
        cookie: await served.signIn('zhang'),
      })

      expect([status, answer.drafts]).to.deep.equal([200, [{ code: 'DE99999701', version: '1.0.0' }]])
    })

    it('takes a table of a new code list with its head, and says what the head lacks', async () => {
      const cookie = await served.signIn('zhang')
      const head = {
        name: { zh: '摊位类别', en: 'Kinds of stalls' },
        standardNumber: 'DB/T 77',
        edition: '2026',
        issuer: '标准办',
        licence: 'facts',
        levels: [{ zh: '级', en: 'level' }],
      }
      const send = async (list: unknown, dryRun = false) => {
        const query = new URLSearchParams({ dryRun: String(dryRun), list: JSON.stringify(list) })
        const body = '代码,名称,英文名称\n1,固定,fixed\n2,流动,mobile\n'
        const sent = { method: 'POST', body, cookie }
        return served.send(`/api/standards/import?${query.toString()}`, sent)
      }

      const tried = await send(head, true)
      const drafted = await send(head)
      const nameless = await send({ ...head, issuer: ' ' })
      const none = await send({ ...head, name: '摊位类别' })

      expect([tried.status, tried.body]).to.deep.equal([
        200,
        { read: 2, unchanged: 0, drafts: [], findings: [], findingCount: 0 },
      ])
      expect(drafted.body.drafts).to.deep.equal([{ code: 'DB/T 77@2026', version: '1.0.0' }])
      expect([nameless.status, nameless.body.code, nameless.body.params]).to.deep.equal([
        400,
        'STANDARDS_CODE_LIST_INVALID',
        { code: 'DB/T 77@2026', reason: 'issuer' },
      ])
      expect([none.status, none.body.code]).to.deep.equal([400, 'GATEWAY_REQUEST_MALFORMED'])
    })
  })

  describe('gdbos standard', () => {
    async function command(...args: string[]) {
      let out = ''
      const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => true } }
      return { exit: await run(['standard', ...args], io), out }
    }

    it('tells what a code names', () => {
      expect(
        [
          'taxpayer',
          'taxpayer@1.0.0',
          'DE00000002',
          'GB/T 2260',
          'GB/T 2260@2023',
          'GB/T 2260@2023@1.0.0',
          'elements',
        ].map(standardNamed),
      ).to.deep.equal([
        { kind: 'schema', code: 'taxpayer' },
        { kind: 'schema', code: 'taxpayer', version: '1.0.0' },
        { kind: 'element', code: 'DE00000002' },
        { kind: 'code-list', code: 'GB/T 2260' },
        { kind: 'code-list', code: 'GB/T 2260@2023' },
        { kind: 'code-list', code: 'GB/T 2260@2023', version: '1.0.0' },
        { kind: 'element' },
      ])
    })

    it('tries a file without a database, and says what is wrong', async () => {
      const file = join(folder, 'sex.csv')
      const { content } = await exported({ kind: 'code-list', code: 'GB/T 2261.1@2003', format: 'csv' })
      await writeFile(file, content)
      const same = await command('import', file, '--dry-run', '--json')
      await writeFile(file, content.toString().replace('"男性"', '""'))
      const bad = await command('import', file, '--dry-run', '--json')
      const head = join(folder, 'head.json')
      await writeFile(
        head,
        (await exported({ kind: 'code-list', code: 'DB/T 7@2020', format: 'json' })).content,
      )
      await writeFile(file, CSV)
      const fresh = await command('import', file, '--list', head, '--dry-run', '--json')

      expect([same.exit, JSON.parse(same.out)]).to.deep.equal([
        0,
        { read: 4, unchanged: 4, drafts: [], findings: [], findingCount: 0 },
      ])
      expect([
        bad.exit,
        (JSON.parse(bad.out) as standards.ImportOutcome).findings.map(({ row, column }) => [row, column]),
      ]).to.deep.equal([1, [[3, 'nameZh']]])
      expect([fresh.exit, JSON.parse(fresh.out)]).to.deep.include(0)
      expect((await command('import', file, '--dry-run', '--json')).exit).to.equal(1)
      expect((await command('import', file)).exit).to.equal(2)
      expect((await command('export', 'elements', '--format', 'xlsx')).exit).to.equal(2)
    })
  })
})
