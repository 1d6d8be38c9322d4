import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { establish } from '../../modules/organisation/index.ts'
import { seedItems } from '../../modules/service/index.ts'
import { findByCode } from '../../modules/service/item.repository.ts'
import { openServed } from '../gateway/served.ts'
import { CATERER, FIRM, ITEM_CODE, organisations, PDF, RIVAL } from './window.ts'

type Served = Awaited<ReturnType<typeof openServed>>

describe('sending files over HTTP', function () {
  this.timeout(180_000)
  let served: Served
  let cookie: string
  let applicationId: string

  before(async () => {
    served = await openServed({}, '2026-07-06T10:00:00+08:00')
    const platform = served.world.platform()
    for (const organisation of organisations) await establish(platform, organisation)
    await seedItems(platform, new URL('../../workflows/packs/', import.meta.url))
    await served.person('drafter', ['enterprise-drafter'], FIRM)
    await served.person('rival', ['enterprise-drafter'], RIVAL)
    cookie = await served.signIn('drafter')
    const item = await findByCode(platform, ITEM_CODE)
    const { body } = await served.graphql(
      `mutation ($commandId: UUID!, $itemId: UUID!, $answers: JSON!) {
        startDraft(commandId: $commandId, itemId: $itemId, answers: $answers) { id } }`,
      { commandId: randomUUID(), itemId: item?.id, answers: CATERER },
      cookie,
    )
    applicationId = body.data.startDraft.id
  })
  after(() => served.close())

  const path = (code: string, name: string, version: number, commandId = randomUUID()) =>
    `/api/applications/${applicationId}/materials/${code}?${new URLSearchParams({ name, version: String(version), commandId })}`
  const send = (to: string, content: Buffer, as = cookie, type = 'application/pdf') =>
    served.send(to, {
      method: 'POST',
      body: new Uint8Array(content),
      cookie: as,
      headers: { 'content-type': type },
    })

  it('takes a file once for one command and gives it back as it came, never to be rendered', async () => {
    const to = path('M3', '平面图.pdf', 1)

    const first = await send(to, PDF)
    const again = await send(to, PDF)

    expect([first.status, first.body.version]).to.deep.equal([201, 2])
    expect(again.body).to.deep.equal(first.body)
    const back = await served.send(`/api/materials/${first.body.id}`, { cookie })
    expect([back.status, back.body]).to.deep.equal([200, PDF.toString()])
    expect(back.headers.get('content-disposition')).to.match(/^attachment; .*%E5%B9%B3/)
    expect(back.headers.get('content-security-policy')).to.match(/sandbox/)
  })

  it('refuses what is no such file, is too large, comes late or from somebody else', async () => {
    const rival = await served.signIn('rival')
    const code = async (answer: Promise<{ status: number; body: { code: string } }>) => {
      const { status, body } = await answer
      return [status, body.code]
    }
    const large = Buffer.concat([PDF, Buffer.alloc(10_485_760)])

    expect(await code(send(path('M4', 'x.pdf', 2), Buffer.from('MZ')))).to.deep.equal([
      400,
      'SERVICE_MATERIAL_TYPE_MISMATCH',
    ])
    expect(await code(send(path('M4', 'x.pdf', 2), PDF, cookie, 'image/png'))).to.deep.equal([
      400,
      'SERVICE_MATERIAL_TYPE_MISMATCH',
    ])
    expect(await code(send(path('M4', 'x.pdf', 2), large))).to.deep.equal([
      400,
      'SERVICE_MATERIAL_FILE_REFUSED',
    ])
    expect(await code(send(path('M4', 'x.pdf', 1), PDF))).to.deep.equal([409, 'SERVICE_CASE_VERSION_STALE'])
    expect(await code(send(path('M9', 'x.pdf', 2), PDF))).to.deep.equal([404, 'SERVICE_MATERIAL_NOT_FOUND'])
    expect(await code(send(path('M4', 'x.pdf', 2), PDF, rival))).to.deep.equal([
      404,
      'SERVICE_APPLICATION_NOT_FOUND',
    ])
    expect((await send(path('M4', 'x.pdf', 2), PDF, '')).status).to.equal(401)
    expect((await send(path('M4', '', 2), PDF)).status).to.equal(400)
    const { body } = await served.graphql(
      `{ application(id: "${applicationId}") { version missing } }`,
      {},
      cookie,
    )
    expect(body.data.application).to.deep.equal({ version: 2, missing: ['M4'] })
  })
})
