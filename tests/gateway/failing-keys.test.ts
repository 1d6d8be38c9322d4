import { DuckDBInstance } from '@duckdb/node-api'
import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as catalog from '../../modules/catalog/index.ts'
import { datasetsOf, latest } from '../../standards/dry-run.repository.ts'
import * as standards from '../../standards/index.ts'
import { CODES } from '../ingest/registers.ts'
import { type Office, openOffice } from '../standards/office.ts'
import { openServed, type Served } from './served.ts'

const LIST = 'DB/T 8@1'
const list = standards.kindOf('code-list')

describe('the failing keys of a dry run', function () {
  this.timeout(180_000)
  let served: Served
  let office: Office
  let dataset: catalog.Dataset
  let path: string

  before(async () => {
    served = await openServed()
    // The test settles what is due itself: two who take jobs would not wait for each other.
    await served.kernel.stopWorkers()
    office = openOffice(served.world)
    for (const [login, roles, organisation] of [
      ['steward', ['data-steward'], 'tax-bureau'],
      ['clerk', ['clerk'], 'tax-bureau'],
      ['other', ['data-steward'], 'market-bureau'],
      ['drafter', ['standards-drafter'], 'demo-standards'],
    ] as const)
      await served.person(login, roles, organisation)
    await office.givenList(LIST, ['1', '2'])
    await office.givenElement(1, { dataType: 'code', codeListId: LIST })
    await office.givenSchema('kept', office.elementCode(1))
    // More rows fail than the answer of a page lists.
    const rows = CODES.map((code, at) => [code, at < 3 ? '1' : at === 3 ? '9' : '2'] as const)
    dataset = await office.givenRows('kept', rows)
    const { version } = await office.draftList(LIST, ['1'])
    await tried(version)
  })
  after(() => served.close())

  async function tried(version: string) {
    await standards.dryRun(office.drafter, list, LIST, version)
    await served.world.settle()
    const { id = '' } = (await latest(served.world.platform(), (await draft()).id)) ?? {}
    path = `/api/standards/dry-runs/${id}/datasets/${dataset.id}/failing.parquet`
    return id
  }

  const draft = () => standards.codeList(office.drafter, LIST)
  const asked = (purpose = '换码核对') => `${path}?purpose=${encodeURIComponent(purpose)}`

  async function download(cookie: string): Promise<Buffer> {
    const response = await fetch(served.base + asked(), { headers: { cookie } })
    expect(response.status).to.equal(200)
    expect(response.headers.get('content-type')).to.equal('application/vnd.apache.parquet')
    expect(response.headers.get('content-disposition')).to.match(/^attachment; filename="failing-rows-/)
    return Buffer.from(await response.arrayBuffer())
  }

  it('are a Parquet file of every one of them, which DuckDB reads', async () => {
    const bytes = await download(await served.signIn('steward'))

    const folder = await mkdtemp(join(tmpdir(), 'gdbos-keys-'))
    const file = join(folder, 'keys.parquet')
    await writeFile(file, bytes)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const result = await connection.runAndReadAll(
      `select _line::integer as _line, number, _reasons[1] as reason, len(_reasons)::integer as reasons from read_parquet('${file}') order by _line`,
    )
    const rows = result.getRowObjectsJson()
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
    // Row 4 was refused when it was loaded and is: only those that would newly fail are here.
    expect(rows).to.deep.equal(
      CODES.slice(4).map((number, at) => ({ _line: at + 6, number, reason: 'tested: code', reasons: 1 })),
    )
  })

  it('leave a record of who read what for what, before the first byte', async () => {
    await download(await served.signIn('steward'))

    const read = await served.world.db
      .selectFrom('core.access')
      .select(['kind', 'purpose', 'fields', 'organisationId'])
      .where('subject', 'like', `standards.dry-run:%:${dataset.id}`)
      .execute()
    expect(read.at(-1)).to.deep.equal({
      kind: 'read',
      purpose: '换码核对',
      fields: ['number'],
      organisationId: 'tax-bureau',
    })
  })

  it('are for the stewards and drafters of the dataset’s own organisation, who say what for', async () => {
    const answer = async (login: string | undefined, url: string) => {
      const cookie = login === undefined ? {} : { cookie: await served.signIn(login) }
      const { status, body } = await served.send(url, cookie)
      return [status, body.code]
    }

    expect(await answer('steward', path)).to.deep.equal([400, 'STANDARDS_DRY_RUN_PURPOSE_MISSING'])
    expect(await answer('steward', asked('长'.repeat(201)))).to.deep.equal([
      400,
      'STANDARDS_DRY_RUN_PURPOSE_MISSING',
    ])
    for (const login of [undefined, 'other', 'drafter'])
      expect(await answer(login, asked())).to.deep.equal([404, 'STANDARDS_DRY_RUN_KEYS_NOT_FOUND'])
    expect(await answer('clerk', asked())).to.deep.equal([403, 'POLICY_FORBIDDEN'])
    expect((await answer('steward', asked().replace(dataset.id, 'x')))[0]).to.equal(400)
  })

  it('are kept of the last run alone, and their file with them', async () => {
    const [before] = await datasetsOf(served.world.platform(), path.split('/')[4] ?? '')
    const sha256 = before?.keys?.sha256 ?? ''
    expect(await served.kernel.plane.has(sha256)).to.equal(true)
    const old = asked()
    await standards.changeCodeList(
      office.drafter,
      (await draft()).version,
      office.listContent(LIST),
      office.valuesOf(['1', '9']),
    )
    await tried((await draft()).version)

    const cookie = await served.signIn('steward')
    expect((await served.send(old, { cookie })).status).to.equal(404)
    expect((await served.send(asked(), { cookie })).status).to.equal(200)
    // The same rows fail as before, so it is the same file, which the new run keeps.
    const [again] = await datasetsOf(served.world.platform(), path.split('/')[4] ?? '')
    expect(again?.keys?.sha256).to.equal(sha256)
    await standards.changeCodeList(
      office.drafter,
      (await draft()).version,
      office.listContent(LIST),
      office.valuesOf(['1', '2', '9']),
    )
    await tried((await draft()).version)
    expect(await served.kernel.plane.has(sha256)).to.equal(false)
  })
})
