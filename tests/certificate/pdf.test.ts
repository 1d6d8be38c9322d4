import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { download, issue, verify } from '../../modules/certificate/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { BUREAU, CODE, establishSample, FIRM, input, OTHER, visitorOf } from './fixtures.ts'

interface Png {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}

// Neither package describes its CommonJS form to a module importing it.
const require = createRequire(import.meta.url)
const readQr = require('jsqr') as (
  data: Uint8ClampedArray,
  width: number,
  height: number,
) => { data: string } | null
const { PNG } = require('pngjs') as { PNG: { sync: { read(bytes: Buffer): Png } } }

describe('the PDF of a certificate', () => {
  let world: World

  before(async () => {
    world = await openWorld({ now: '2026-02-25T10:00:00+08:00' })
    await establishSample(world)
  })
  after(() => world.close())

  it('is made after the commit, the same bytes if made again', async () => {
    const { id } = await issue(world.platform(), input())
    expect((await refusal(download(holder(), id))).code).to.equal('CERTIFICATE_NOT_READY')

    await world.settle()
    const first = await buffer((await download(holder(), id)).content)
    await world.db
      .updateTable('certificate.certificate')
      .set({ pdfSha256: null })
      .where('id', '=', id)
      .execute()
    await world.db.updateTable('core.job').set({ status: 'waiting' }).where('key', '=', id).execute()
    await world.settle()

    expect((await buffer((await download(holder(), id)).content)).equals(first)).to.equal(true)
  })

  it('goes to the holder and the issuing body, and is told with who took it', async () => {
    const { id } = await issue(world.platform(), input())
    await world.settle()

    for (const ctx of [
      world.as('enterprise-drafter', 'other-firm'),
      world.as('signer', OTHER),
      visitorOf(world),
    ])
      expect((await refusal(download(ctx, id))).code).to.equal('CERTIFICATE_NOT_FOUND')
    expect((await refusal(download(holder(), randomUUID()))).code).to.equal('CERTIFICATE_NOT_FOUND')
    expect((await refusal(download(holder(), 'x'))).code).to.equal('CERTIFICATE_NOT_FOUND')
    for (const ctx of [world.as('clerk', BUREAU), holder()]) await buffer((await download(ctx, id)).content)

    const downloads = (await world.eventsNamed('certificate.downloaded')).map(
      ({ payload }) => payload as { certificateId: string; byHolder: boolean },
    )
    const told = downloads.filter(({ certificateId }) => certificateId === id).map(({ byHolder }) => byHolder)
    expect(told).to.deep.equal([false, true])
  })

  it('reads in Chinese and English, looks like it reads, and its QR code verifies', async function () {
    if (!hasTool('pdftoppm') || !hasTool('pdftotext')) {
      console.log('      skipped: poppler-utils (pdftoppm, pdftotext) are not installed')
      this.skip()
    }
    const certificate = await issue(world.platform(), input())
    await world.settle()
    const folder = await mkdtemp(join(tmpdir(), 'gdbos-certificate-'))
    const path = join(folder, 'certificate.pdf')
    await writeFile(path, await buffer((await download(holder(), certificate.id)).content))

    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', path, join(folder, 'page')])
    const page = PNG.sync.read(await readFile(join(folder, 'page.png')))
    if (process.env['GDBOS_KEEP_PDF'] === undefined) await rm(folder, { recursive: true })

    for (const words of [
      '食品经营许可证',
      'Food Business Licence',
      certificate.number,
      '样例小馆餐饮有限公司',
      CODE,
      '样例县示例路1号',
      '热食类食品制售',
      'hot dishes',
      '样例县市场监督管理局',
      '2026年2月25日',
      '25 February 2026',
      '2031年2月24日',
      '24 February 2031',
    ])
      expect(text, words).to.include(words)
    expect(inkOf(page), 'dark dots on the page').to.be.within(0.02, 0.2)
    const qr = readQr(new Uint8ClampedArray(page.data), page.width, page.height)
    const url = new URL(String(qr?.data))
    expect(url.origin + url.pathname).to.equal(`${world.kernel.config.publicUrl}/verify`)
    expect(await verify(visitorOf(world), String(url.searchParams.get('c')))).to.include({
      result: 'valid',
      number: certificate.number,
    })
  })

  it('draws every letter: the title’s glyphs differ from the box of a missing one', async function () {
    if (!hasTool('pdftoppm')) {
      console.log('      skipped: poppler-utils (pdftoppm) are not installed')
      this.skip()
    }
    const certificate = await issue(world.platform(), input())
    await world.settle()
    const folder = await mkdtemp(join(tmpdir(), 'gdbos-certificate-'))
    const path = join(folder, 'certificate.pdf')
    await writeFile(path, await buffer((await download(holder(), certificate.id)).content))
    execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', path, join(folder, 'page')])
    const page = PNG.sync.read(await readFile(join(folder, 'page.png')))
    await rm(folder, { recursive: true })

    const glyphs = titleGlyphs(page, [...certificate.title.zh].length)

    expect(
      glyphs.every((dots) => dots > 100),
      'each has ink',
    ).to.equal(true)
    expect(new Set(glyphs).size, 'each its own shape').to.be.at.least(6)
  })

  const holder = () => world.as('enterprise-drafter', FIRM)
})

const hasTool = (name: string) =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))

const isDark = ({ data, width }: Png, x: number, y: number) => (data[(y * width + x) * 4] ?? 255) < 128

function inkOf(page: Png): number {
  let dark = 0
  for (let y = 0; y < page.height; y++) for (let x = 0; x < page.width; x++) if (isDark(page, x, y)) dark += 1
  return dark / (page.width * page.height)
}

/** Dark dots in the cell of each letter of the centred 28 pt title, at 150 dots an inch. */
function titleGlyphs(page: Png, letters: number): number[] {
  const em = (28 * 150) / 72
  const baseline = page.height - ((841.89 - 56 - 44) * 150) / 72
  const left = (page.width - letters * em) / 2
  return Array.from({ length: letters }, (_, index) => {
    let dots = 0
    for (let y = Math.round(baseline - em); y < baseline + em / 4; y++)
      for (let x = Math.round(left + index * em); x < left + (index + 1) * em; x++)
        if (isDark(page, x, y)) dots += 1
    return dots
  })
}
