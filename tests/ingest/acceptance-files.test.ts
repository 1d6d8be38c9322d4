import { expect } from 'chai'
import { createReadStream, readFileSync } from 'node:fs'
import { ingest as command } from '../../gateway/cli/ingest.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { encode } from '../support/encode.ts'
import { refusal } from '../support/refusal.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { openWorld, type World } from '../support/world.ts'
import { type PlaneRow, selectAll } from '../../core/plane/plane.ts'

const LABOUR = 'tw-registers/labor_violations_tainan.csv'
const GEOCODED = 'tw-registers/tgos_geocoded_big5_1050.csv'

/** Acceptance of specs/standards-and-data.md, section 14. */
describe('the open files', () => {
  let world: World

  before(skipWithout(LABOUR, GEOCODED))
  before(async () => {
    world = await openWorld()
  })
  after(() => world?.close())

  it('A7: type the dates of the labour violations by the calendar that fits', async () => {
    const answer = await tried(LABOUR, 'tw-labour-violation')
    const batch = await load(LABOUR, 'tw-labour-violation')

    expect(answer).to.include({ read: 1305, accepted: 1302, rejected: 3, duplicate: 0, filtered: 0 })
    const days = (await rowsOf(batch, { day: 'decided_on' })).map(({ day }) => String(day)).sort()
    expect([days.length, days[0], days.at(-1)]).to.deep.equal([1302, '2013-01-03', '2020-09-09'])
    const rejected = await ingest.quarantine(steward(), batch, { first: 10 })
    expect(rejected.edges.map(({ node }) => node.failures[0]?.value)).to.have.members([
      '10410/08',
      '105/525',
      '105/512',
    ])
  })

  it('A8: propose Big5 first, and hold the next file to what was confirmed', async () => {
    const batch = await load(GEOCODED, 'tw-geocoding')

    expect(batch.encodingGuesses[0]?.encoding).to.equal('big5')
    expect(batch.layout.header).to.deep.equal(['X坐標', 'Y坐標', '原地址', '結果地址', '說明'])
    expect(batch.outcome?.counts).to.include({ read: 150, accepted: 150 })
    const foreign = encode(readFileSync(sharedData(LABOUR) ?? '', 'utf8').slice(0, 20_000), 'gb18030')
    const next = { datasetId: batch.datasetId, fileName: 'next.csv', content: foreign }
    expect((await refusal(ingest.receive(steward(), next))).code).to.equal('INGEST_FILE_ENCODING_MISMATCH')
  })

  const steward = () => world.as('data-steward', 'economy-bureau')

  async function load(path: string, schemaCode: string): Promise<ingest.Batch> {
    const { id: datasetId } = await catalog.registerDataset(steward(), { title: path, schemaCode })
    const content = createReadStream(sharedData(path) ?? '')
    const received = await ingest.receive(steward(), { datasetId, fileName: path, content })
    const columns = ingest.automaticMapping(await ingest.suggestedColumns(steward(), received))
    const encoding = received.encoding ?? 'utf-8'
    await ingest.confirmMapping(steward(), { batchId: received.id, encoding, columns })
    await world.settle()
    const batch = await ingest.batch(steward(), received.id)
    expect(batch.refusal).to.equal(null)
    return batch
  }

  function rowsOf(batch: ingest.Batch, columns: Readonly<Record<string, string>>): Promise<PlaneRow[]> {
    const files = [batch.outcome?.snapshot?.sha256 ?? '']
    return selectAll(world.kernel.plane, { sources: [{ files, columns }] })
  }

  async function tried(path: string, schema: string) {
    let printed = ''
    const io = { stdout: { write: (text: string) => (printed += text) }, stderr: { write: () => true } }
    await command.run([sharedData(path) ?? '', '--schema', schema, '--dry-run', '--json'], io)
    return JSON.parse(printed) as Record<'read' | 'accepted' | 'rejected' | 'duplicate' | 'filtered', number>
  }
})
