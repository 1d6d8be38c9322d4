import fontkit from '@pdf-lib/fontkit'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib'
import QRCode from 'qrcode'
import subsetFont from 'subset-font'
import type { Texts } from '../../core/errors.ts'
import type { Certificate } from './certificate.ts'

const FONT = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
)

/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 56
const LABEL_WIDTH = 150
const QR_SIZE = 170
/** Where the statements must end so that issuer and QR code have their room. */
const FLOOR = 270
const INK = rgb(0.1, 0.12, 0.16)
const QUIET = rgb(0.38, 0.42, 0.48)
const LINE = rgb(0.55, 0.13, 0.13)

const TEXT = {
  number: { zh: '证书编号', en: 'Number' },
  holder: { zh: '持证人', en: 'Holder' },
  holderCode: { zh: '统一社会信用代码', en: 'Credit code' },
  issuer: { zh: '发证机关', en: 'Issued by' },
  issuedOn: { zh: '发证日期', en: 'Date of issue' },
  validUntil: { zh: '有效期至', en: 'Valid until' },
  noEnd: { zh: '长期', en: 'No end' },
  scan: { zh: '扫描二维码核验', en: 'Scan to verify' },
} satisfies Record<string, Texts>

/**
 * The certificate as a PDF of one page, or more when it says much. The same certificate gives the same bytes.
 * The font is cut beforehand: pdf-lib's own cutting drops Chinese glyphs while the text still reads right.
 */
export async function renderPdf(certificate: Certificate, verifyUrl: string): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.registerFontkit(fontkit)
  const rows = rowsOf(certificate)
  const bytes = await subsetFont(await readFile(FONT), lettersOf(certificate, rows), {
    targetFormat: 'sfnt',
    keepFeatures: [],
  })
  const font = await document.embedFont(bytes, { subset: false })
  const issuedAt = new Date(`${certificate.issuedOn}T00:00:00+08:00`)
  document.setTitle(`${certificate.title.zh} ${certificate.title.en} ${certificate.number}`, {
    showInWindowTitleBar: true,
  })
  document.setAuthor(`${certificate.issuer.zh} ${certificate.issuer.en}`)
  document.setLanguage('zh-CN')
  document.setProducer('GDBOS')
  document.setCreator('GDBOS')
  document.setCreationDate(issuedAt)
  document.setModificationDate(issuedAt)

  const sheet = new Sheet(document, font)
  sheet.heading(certificate.title)
  for (const row of rows) sheet.row(row.label, row.value)
  const code = await QRCode.toBuffer(verifyUrl, { errorCorrectionLevel: 'M', margin: 2, scale: 6 })
  sheet.close(dated(certificate.issuer, certificate.issuedOn), TEXT.scan)
  sheet.page.drawImage(await document.embedPng(code), {
    x: PAGE.width - MARGIN - QR_SIZE,
    y: 78,
    width: QR_SIZE,
    height: QR_SIZE,
  })
  return Buffer.from(await document.save({ useObjectStreams: false }))
}

interface Row {
  readonly label: Texts
  readonly value: string | Texts
}

function rowsOf(certificate: Certificate): Row[] {
  const { number, holder, holderCode, claims, issuer, issuedOn, validUntil } = certificate
  return [
    { label: TEXT.number, value: number },
    { label: TEXT.holder, value: holder },
    ...(holderCode === null ? [] : [{ label: TEXT.holderCode, value: holderCode }]),
    ...claims,
    { label: TEXT.issuer, value: issuer },
    { label: TEXT.issuedOn, value: dayTexts(issuedOn) },
    { label: TEXT.validUntil, value: validUntil === null ? TEXT.noEnd : dayTexts(validUntil) },
  ]
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

function dayTexts(day: string): Texts {
  const [year, month, date] = day.split('-').map(Number)
  return { zh: `${year}年${month}月${date}日`, en: `${date} ${MONTHS[Number(month) - 1]} ${year}` }
}

const dated = (issuer: Texts, day: string): Texts[] => [issuer, dayTexts(day)]

function lettersOf({ title, issuer }: Certificate, rows: readonly Row[]): string {
  return JSON.stringify([title, issuer, rows, TEXT, dayTexts('2026-01-01')]) + '…'
}

/** Writes from the top of the page down; a new page begins when one is full. */
class Sheet {
  page: PDFPage
  readonly #document: PDFDocument
  readonly #font: PDFFont
  #y = 0

  constructor(document: PDFDocument, font: PDFFont) {
    this.#document = document
    this.#font = font
    this.page = this.#turn()
  }

  heading({ zh, en }: Texts): void {
    this.#centred(zh, 28, 54)
    this.#centred(en, 13, 26)
    this.#y -= 30
  }

  row(label: Texts, value: string | Texts): void {
    const width = PAGE.width - 2 * MARGIN - 32 - LABEL_WIDTH
    const lines =
      typeof value === 'string'
        ? [{ text: value, size: 12 }]
        : [
            { text: value.zh, size: 12 },
            { text: value.en, size: 9.5 },
          ]
    const wrapped = lines.flatMap(({ text, size }) =>
      this.#wrap(text, size, width).map((line) => ({ line, size })),
    )
    const height = Math.max(34, wrapped.reduce((sum, { size }) => sum + size * 1.5, 0) + 10)
    if (this.#y - height < FLOOR) this.page = this.#turn()
    const left = MARGIN + 16
    this.#write(label.zh, 11, left, this.#y, QUIET)
    this.#write(label.en, 8.5, left, this.#y - 13, QUIET)
    let y = this.#y
    for (const { line, size } of wrapped) {
      this.#write(line, size, left + LABEL_WIDTH, y, INK)
      y -= size * 1.5
    }
    this.#y -= height
  }

  /** The issuer and day at the foot, where a seal would be, and the words under the QR code. */
  close(lines: readonly Texts[], scan: Texts): void {
    let y = 190
    for (const { zh, en } of lines) {
      this.#write(zh, 13, MARGIN + 16, y, INK)
      this.#write(en, 9.5, MARGIN + 16, y - 16, QUIET)
      y -= 46
    }
    const words = `${scan.zh} ${scan.en}`
    const x = PAGE.width - MARGIN - QR_SIZE + (QR_SIZE - this.#font.widthOfTextAtSize(words, 9)) / 2
    this.#write(words, 9, x, 68, QUIET)
  }

  #turn(): PDFPage {
    const page = this.#document.addPage([PAGE.width, PAGE.height])
    const inset = MARGIN - 16
    const frame = { x: inset, y: inset, width: PAGE.width - 2 * inset, height: PAGE.height - 2 * inset }
    page.drawRectangle({ ...frame, borderColor: LINE, borderWidth: 2 })
    this.#y = PAGE.height - MARGIN - 44
    return page
  }

  #centred(text: string, size: number, step: number): void {
    const fitting = Math.min(
      size,
      (size * (PAGE.width - 2 * MARGIN - 32)) / this.#font.widthOfTextAtSize(text, size),
    )
    const width = this.#font.widthOfTextAtSize(text, fitting)
    this.#write(text, fitting, (PAGE.width - width) / 2, this.#y, INK)
    this.#y -= step
  }

  #write(text: string, size: number, x: number, y: number, color: typeof INK): void {
    this.page.drawText(text, { x, y, size, font: this.#font, color })
  }

  /** Breaks between Chinese letters, and between words of others; a word wider than the line is cut. */
  #wrap(text: string, size: number, width: number): string[] {
    const lines: string[] = ['']
    for (const piece of text.replace(/\s+/g, ' ').match(/[!-~\u00a0-\u024f]+ ?|./gu) ?? []) {
      for (const part of this.#fits(piece, size, width) ? [piece] : [...piece]) {
        const line = lines.at(-1) ?? ''
        if (line === '' || this.#fits(line + part.trimEnd(), size, width))
          lines[lines.length - 1] = line + part
        else lines.push(part)
      }
    }
    return lines
  }

  #fits = (text: string, size: number, width: number) => this.#font.widthOfTextAtSize(text, size) <= width
}
