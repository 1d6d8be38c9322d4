import { expect } from 'chai'
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { openPlane } from '../../core/plane/open.ts'
import { type Plane, selectAll } from '../../core/plane/plane.ts'
import { validatorSql } from '../../core/plane/emitter/index.ts'
import type { Calendar, CheckAlgorithm, CompiledColumn, NormaliserName } from '../../core/text/column.ts'
import { dayOfRow, validate } from '../../core/text/validate.ts'
import { compileElement, loadPack, packIds, shippedSchema } from '../../standards/index.ts'

const TODAY = '2026-01-05'
const CELLS = 4_000
const SEED = 20_260_105

describe('the SQL form and the TypeScript form of a standard', () => {
  let folder: string
  let plane: Plane

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-plane-'))
    plane = await openPlane({ folder, loadMemoryMb: 512 })
  })
  after(async () => {
    await plane.close()
    await rm(folder, { recursive: true })
  })

  const checks: CheckAlgorithm[] = ['gb11643', 'gb32100', 'gb11714', 'tw-ubn', 'iban', 'luhn']
  for (const check of checks)
    it(`agree on ${check}`, () =>
      agree(column({ check, normalisers: ['trim', 'upper'], placeholders: ['00000000'] }), numbers(check)))

  const calendars: Calendar[] = ['gregorian', 'roc', 'japanese']
  for (const calendar of calendars) {
    it(`agree on days of the ${calendar} calendar`, () =>
      agree(column({ dataType: 'date', calendar, normalisers: ['trim'] }), dates))
    it(`agree on days of the ${calendar} calendar after the normaliser`, () =>
      agree(
        column({
          dataType: 'date',
          calendar,
          normalisers: ['trim', 'nfkc', 'date'],
          minLength: 10,
          maxLength: 10,
        }),
        dates,
      ))
  }

  const normalisers: NormaliserName[][] = [
    ['trim'],
    ['nfkc'],
    ['trim', 'nfkc', 'upper'],
    ['upper'],
    ['trim', 'digits'],
    ['fold-variant', 'trim'],
    ['simplify'],
    ['trim', 'null-words'],
    ['null-words', 'nfkc', 'upper'],
    ['nfkc', 'trim', 'null-words'],
    ['trim', 'null-words', 'nfkc'],
    ['trim', 'money'],
    ['chinese-number'],
    ['list'],
    ['date'],
    [],
  ]
  for (const names of normalisers)
    it(`agree on the normalisers ${names.join(', ') || 'of none'}`, () =>
      agree(
        column({ normalisers: names, nullWords: ['N/A', '－', '無', 'null'], minLength: 2, maxLength: 8 }),
        texts,
      ))

  for (const dataType of ['integer', 'number', 'money', 'datetime', 'boolean'] as const)
    it(`agree on ${dataType}`, () =>
      agree(column({ dataType, normalisers: ['trim'], minimum: -5, maximum: 1_000_000 }), amounts))
  it('agree on money after its normaliser', () =>
    agree(column({ dataType: 'money', normalisers: ['trim', 'money'], minimum: 100 }), amounts))
  it('agree on patterns and code lists', async () => {
    await agree(column({ pattern: '^[A-Z]{2}\\d*$|臺', normalisers: ['trim', 'fold-variant'] }), texts)
    await agree(column({ dataType: 'code', codes: ['01', '02', '臺', 'A'], normalisers: ['trim'] }), texts)
  })
  it('agree on patterns that let nothing but printable ASCII pass', async () => {
    const cells = fc.string({ unit: fc.constantFrom(...'aA0 ０/N－\t'), minLength: 1, maxLength: 4 })
    const judged = { pattern: '^[0-9A-Za-z/]{2,4}$', nullWords: ['N/A', 'a0'] }
    await agree(column({ ...judged, normalisers: ['nfkc', 'trim', 'null-words'] }), cells)
    await agree(column({ ...judged, normalisers: ['trim', 'null-words', 'upper'] }), cells)
    await agree(column({ ...judged, pattern: '^[^-/]+$', normalisers: ['nfkc', 'trim'] }), cells)
  })

  for (const kind of ['a day', 'a day of the roc calendar', 'an instant', 'the day of loading'] as const)
    it(`agree row by row on codes that expire, judged by ${kind}`, async () => {
      const [event, days] = EVENTS[kind]
      const code = column({
        name: 'code',
        dataType: 'code',
        severity: 'reject',
        normalisers: ['trim', 'nfkc', 'upper'],
        codes: ['A', 'B', 'C', 'D', 'E'],
        spans: SPANS,
      })
      const judged = [column({ name: 'id', normalisers: [] }), event, code]
      const cells = fc
        .sample(fc.tuple(days, fc.constantFrom(...'ABCDEXaｂ', ' d ', '')), { numRuns: CELLS, seed: SEED })
        .map((row, line) => [String(line), ...row])
      const staged = await plane.stage({
        content: Readable.from([Buffer.from(cells.map((row) => row.join(',')).join('\n'))]),
        encoding: 'utf-8',
        delimiter: ',',
        skipRecords: 0,
        width: 3,
        maxRows: 1e6,
      })

      const { counts, quarantine } = await plane.validate({
        staged: staged.sha256,
        delimiter: ',',
        header: judged.map(({ name }) => name),
        columns: judged.map((each, index) => ({ ...each, index })),
        primaryKey: ['id'],
        datasetId: 'd',
        batchId: 'b',
        today: TODAY,
      })

      const rows = await selectAll(plane, {
        sources: [{ files: [quarantine?.sha256 ?? ''], columns: { line: '_line', failures: 'failures' } }],
        orderBy: [{ column: 'line' }],
      })
      const found = rows.map(({ line, failures }) => {
        const failing = JSON.parse(String(failures)) as { column: string; reason: string; lastDay?: string }[]
        const own = failing.find((each) => each.column === 'code')
        return `${String(line)} ${own?.reason} ${own?.reason === 'expired' ? own.lastDay : ''}`
      })
      const expected = cells.flatMap((row, line) => {
        const cellOf = (each: CompiledColumn) => row[judged.indexOf(each)] || null
        const on = dayOfRow(judged, cellOf, TODAY)
        const [failure] = validate(code, cellOf(code), TODAY, on).failures
        return failure
          ? [`${line + 1} ${failure.reason} ${failure.reason === 'expired' ? failure.lastDay : ''}`]
          : []
      })
      expect(found).to.deep.equal(expected)
      expect(counts).to.include({ read: CELLS, accepted: CELLS - expected.length })
      expect(expected.filter((each) => each.includes('expired')).length).to.be.within(200, CELLS - 200)
    })

  it('agree on every published element of every pack, 10,000 values each', async () => {
    const packs = packIds().map(loadPack)
    const shipped = packs.flatMap((pack) => pack.elements)
    const lists = new Map(packs.flatMap((pack) => pack.codeLists.map(({ code, values }) => [code, values])))
    const examples = new Map(shipped.map(({ code, examples }) => [code, examples.map(({ value }) => value)]))
    const elements = new Map<string, CompiledColumn>()
    for (const each of shipped) {
      const column = compileElement(each, lists.get(each.codeListId ?? ''))
      elements.set(`${each.code} ${column.calendar}`, column)
    }
    // A column may read its element by a calendar of its own.
    for (const code of SCHEMAS)
      for (const each of shippedSchema(code).columns)
        elements.set(`${each.elementCode} ${each.calendar}`, each)
    const judged = [...elements.values()].map((each, at) => ({
      ...each,
      name: `e${at}`,
      required: false,
      severity: 'warn' as const,
    }))
    const pools = new Map<string, readonly string[]>()
    const cellsOf = (each: CompiledColumn) => {
      const { check, codes, codeListId, pattern, dataType, minimum, maximum } = each
      const range = `${minimum} ${maximum}`
      const kind = check ?? (codes ? `code ${codeListId}` : (pattern ?? `${dataType} ${range}`))
      const known = pools.get(kind) ?? sampled(valuesFor(each), 10_000)
      pools.set(kind, known)
      const own = examples.get(each.elementCode) ?? []
      return [...own, ...known.slice(own.length)]
    }

    // All at once need more memory than the plane of this test may use.
    for (let at = 0; at < judged.length; at += 6)
      await agreeOn(judged.slice(at, at + 6).map((each) => [each, cellsOf(each)]))

    expect(new Set(judged.map(({ elementCode }) => elementCode))).to.deep.equal(
      new Set(shipped.map(({ code }) => code)),
    )
    expect(shipped.length).to.be.above(90)
  })

  it('is one statement that people may read', () => {
    const sql = validatorSql([column({ name: 'it"s', check: 'gb32100' })])

    expect(sql)
      .to.match(/^select [^;]*$/s)
      .and.to.include('0123456789ABCDEFGHJKLMNPQRTUWXY')
  })

  /** Judges several columns at once, row by row: values and counts of reasons must be equal. */
  async function agreeOn(columns: readonly (readonly [CompiledColumn, readonly string[]])[]): Promise<void> {
    const quoted = (cell: string) => (cell === '' ? '' : `"${cell.replaceAll('"', '""')}"`)
    const lines = Array.from({ length: 10_000 }, (_, line) =>
      [line, ...columns.map(([, cells]) => quoted(cells[line] ?? ''))].join(','),
    )
    const staged = await plane.stage({
      content: Readable.from([Buffer.from(lines.join('\n'))]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 0,
      width: columns.length + 1,
      maxRows: 1e6,
    })

    const { counts, findings, snapshot } = await plane.validate({
      staged: staged.sha256,
      delimiter: ',',
      header: ['id', ...columns.map(([{ name }]) => name)],
      columns: [
        { ...column({ name: 'id', normalisers: [] }), index: 0 },
        ...columns.map(([each], at) => ({ ...each, index: at + 1 })),
      ],
      primaryKey: ['id'],
      datasetId: 'd',
      batchId: 'b',
      today: TODAY,
    })
    const names = ['id', ...columns.map(([{ name }]) => name)]
    const rows = await selectAll(plane, {
      sources: [
        { files: [snapshot?.sha256 ?? ''], columns: Object.fromEntries(names.map((name) => [name, name])) },
      ],
    })

    expect(counts).to.include({ read: 10_000, accepted: 10_000 })
    const stored = new Map(rows.map((row) => [Number(row['id']), row]))
    const differing: unknown[] = []
    const reasons: Record<string, number> = {}
    for (const [each, cells] of columns)
      for (const [line, cell] of cells.entries()) {
        const { value, failures } = validate(each, cell === '' ? null : cell, TODAY)
        const found = stored.get(line)?.[each.name] ?? null
        if (!sameValue(value, found))
          differing.push({ element: each.elementCode, cell, core: value, plane: found })
        for (const { reason } of failures)
          reasons[`${each.name} ${reason}`] = (reasons[`${each.name} ${reason}`] ?? 0) + 1
      }
    expect(differing.slice(0, 5)).to.deep.equal([])
    expect(
      Object.fromEntries(findings.map(({ column, reason, count }) => [`${column} ${reason}`, count])),
    ).to.deep.equal(reasons)
  }

  /** Judges the same cells both ways: every value must be equal, and every reason as often. */
  async function agree(judged: CompiledColumn, cells: fc.Arbitrary<string>): Promise<void> {
    const sample = fc
      .sample(cells, { numRuns: CELLS, seed: SEED })
      .filter((cell) => isWellFormed(cell) && !/[\0\uFFFD]/.test(cell))
    const csv = sample.map((cell, line) => `${line},"${cell.replaceAll('"', '""')}"`).join('\n')
    const staged = await plane.stage({
      content: Readable.from([Buffer.from(csv)]),
      encoding: 'utf-8',
      delimiter: ',',
      skipRecords: 0,
      width: 2,
      maxRows: 1e6,
    })
    const id = column({ name: 'id', normalisers: [] })

    const { counts, findings, snapshot } = await plane.validate({
      staged: staged.sha256,
      delimiter: ',',
      header: ['id', 'value'],
      columns: [
        { ...id, index: 0 },
        { ...judged, index: 1 },
      ],
      primaryKey: ['id'],
      datasetId: 'd',
      batchId: 'b',
      today: TODAY,
    })
    const rows = await selectAll(plane, {
      sources: [{ files: [snapshot?.sha256 ?? ''], columns: { id: 'id', value: judged.name } }],
    })

    const expected = sample.map((cell) => validate(judged, cell === '' ? null : cell, TODAY))
    expect(counts).to.include({ read: sample.length, accepted: sample.length })
    const values = new Map(rows.map(({ id, value }) => [Number(id), value]))
    const differing = expected.flatMap(({ value }, line) =>
      sameValue(value, values.get(line) ?? null)
        ? []
        : [{ cell: sample[line], core: value, plane: values.get(line) }],
    )
    expect(differing.slice(0, 5)).to.deep.equal([])
    const reasons: Record<string, number> = {}
    for (const { failures } of expected)
      for (const { reason } of failures) reasons[reason] = (reasons[reason] ?? 0) + 1
    const found = Object.fromEntries(findings.map(({ reason, count }) => [reason, count]))
    expect(found).to.deep.equal(reasons)
  }
})

/** `A` always holds, `B` ended, `C` begins later, `D` holds twice, `E` for a span of time. */
const SPANS = [
  { code: 'B', from: null, to: '2003-08-01' },
  { code: 'C', from: '2026-01-06', to: null },
  { code: 'D', from: null, to: '1990-01-01' },
  { code: 'D', from: '2000-01-01', to: '2020-01-01' },
  { code: 'E', from: '1990-01-01', to: '2026-01-05' },
]

const bounds = [
  '1989-12-31',
  '1990-01-01',
  '2003-07-31',
  '2003-08-01',
  '2019-12-31',
  '2026-01-05',
  '2026-01-06',
]

const eventOf = (changes: Partial<CompiledColumn>) =>
  column({ name: 'event', role: 'event-time', dataType: 'date', calendar: 'gregorian', ...changes })

const EVENTS = {
  'a day': [
    eventOf({}),
    fc.constantFrom(...bounds, '19890101', '2003年8月1日', '二〇二〇年一月一日', '03/04/2017', ''),
  ],
  'a day of the roc calendar': [
    eventOf({ calendar: 'roc' }),
    fc.constantFrom('0790101', '78/12/31', '1150106', '十', ''),
  ],
  'an instant': [
    eventOf({ dataType: 'datetime' }),
    fc.constantFrom(...bounds.map((day) => `${day} 23:59:59`), 'x', ''),
  ],
  'the day of loading': [column({ name: 'event' }), fc.constantFrom(...bounds)],
} as const

const SCHEMAS = [
  'business-registration',
  'taxpayer',
  'shop-sign',
  'tw-factory',
  'tw-listed-company',
  'tw-prtr-facility',
  'tw-prtr-penalty',
  'tw-epa-penalty',
  'jp-labour-publication',
  'tw-labour-violation',
  'tw-geocoding',
  'cn-company',
  'uk-green-deal-installer',
]

/** Values that an element meets in files: a part of them passes. */
function valuesFor(column: CompiledColumn): fc.Arbitrary<string> {
  const { check, codes, dataType, pattern, minimum = 0, maximum = 100 } = column
  if (check !== undefined) return numbers(check)
  if (codes !== undefined) return fc.oneof(fc.constantFrom(...codes), texts)
  if (dataType === 'date') return dates
  if (pattern !== undefined) return fc.oneof(fc.stringMatching(new RegExp(pattern, 'u')), texts)
  if (/text$/.test(dataType)) return texts
  // On either side of both bounds, in units and in hundredths.
  const near = [minimum, maximum].flatMap((bound) =>
    [-1, -0.01, 0, 0.01, 1].map((step) => String(bound + step)),
  )
  return fc.oneof({ arbitrary: amounts, weight: 4 }, { arbitrary: fc.constantFrom(...near), weight: 1 })
}

const sampled = (cells: fc.Arbitrary<string>, numRuns: number) =>
  fc
    .sample(cells, { numRuns, seed: SEED })
    .map((cell) => (isWellFormed(cell) && !/[\0\uFFFD]/.test(cell) ? cell : ''))

/** Without lone surrogates, which no file can hold. */
const isWellFormed = (text: string) => Buffer.from(text).toString() === text

/**
 * The driver drops a U+FEFF at the head of a text when rows are read, not when they are stored; an instant is kept as one; its text is written with a blank and seconds.
 */
function sameValue(core: unknown, plane: unknown): boolean {
  if (typeof core === 'string' && typeof plane === 'string' && /^\d{4}-\d{2}-\d{2}[T ]/.test(core))
    return Date.parse(`${core.replace(' ', 'T')}Z`) === Date.parse(`${plane.replace(' ', 'T')}Z`)
  return (typeof core === 'string' ? core.replace(/^\uFEFF/, '') : core) === plane
}

function column(changes: Partial<CompiledColumn>): CompiledColumn {
  return {
    name: 'value',
    elementCode: 'DE00000001',
    elementVersion: '1.0.0',
    label: { zh: '值', en: 'value' },
    synonyms: [],
    dataType: 'text',
    required: false,
    role: 'attribute',
    severity: 'warn',
    normalisers: ['trim'],
    placeholders: [],
    nullWords: [],
    sqlType: 'text',
    ...changes,
  }
}

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const day = fc.tuple(
  fc.integer({ min: 1840, max: 2030 }),
  fc.integer({ min: 0, max: 13 }),
  fc.integer({ min: 0, max: 32 }),
)
const two = (number: number) => String(number).padStart(2, '0')

/** Numbers of the right shape, so that a part of them passes, beside broken and foreign ones. */
function numbers(check: CheckAlgorithm): fc.Arbitrary<string> {
  const shaped: Record<CheckAlgorithm, fc.Arbitrary<string>> = {
    gb11643: fc.oneof(
      fc
        .tuple(digits(6), day, digits(3), fc.constantFrom(...'0123456789Xx'))
        .map(([region, [y, m, d], order, last]) => `${region}${y}${two(m)}${two(d)}${order}${last}`),
      fc
        .tuple(digits(6), day, digits(3))
        .map(([region, [y, m, d], order]) => `${region}${two(y % 100)}${two(m)}${two(d)}${order}`),
      fc.constantFrom('11010519491231002X', '440524188001010014', '110105194902300020', '11010520990101001X'),
    ),
    gb32100: fc.oneof(
      fc.stringMatching(/^[0-9A-HJ-NPQRTUWXYaIO]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/),
      fc.constantFrom('91350100M000100Y43', '91440300x192909844', '91330100799655058B', '91350100M000100Y56'),
    ),
    gb11714: fc.oneof(fc.stringMatching(/^[0-9A-Z]{8}[0-9X]$/), fc.constantFrom('M000100Y4', '71526726X')),
    'tw-ubn': fc.oneof(digits(8), fc.constantFrom('00000000', '10458574', '8003999')),
    iban: fc.oneof(
      fc.stringMatching(/^(GB|DE|XX)[0-9]{2}[A-Z0-9]{18}$/),
      fc.constantFrom('GB82WEST12345698765432', 'gb82 west 1234 5698 7654 32', 'DE89370400440532013000'),
    ),
    luhn: fc.oneof(digits(11), digits(16), fc.constantFrom('79927398713', '1')),
  }
  return fc.oneof(
    { arbitrary: shaped[check], weight: 8 },
    { arbitrary: texts, weight: 1 },
    { arbitrary: fc.string(), weight: 1 },
  )
}

const dates = fc.oneof(
  day.map(([y, m, d]) => `${y}${two(m)}${two(d)}`),
  day.map(([y, m, d]) => `${y}-${two(m)}-${two(d)}`),
  fc
    .tuple(day, fc.constantFrom('/', '-', '.', '年'))
    .map(([[y, m, d], s]) => `${y}${s}${m}${s === '年' ? '月' : s}${d}${s === '年' ? '日' : ''}`),
  day.map(([y, m, d]) => `${String(y - 1911).padStart(3, '0')}${two(m)}${two(d)}`),
  fc.tuple(day, fc.constantFrom('/', '-', '.')).map(([[y, m, d], s]) => `${y - 1911}${s}${m}${s}${d}`),
  fc
    .tuple(
      fc.constantFrom('令和', '平成', 'H', 'S', '昭和', '大正', '民國'),
      fc.integer({ min: 0, max: 70 }),
      day,
    )
    .map(([era, y, [, m, d]]) => `${era}${y === 1 ? '元' : y}年${m}月${d}日`),
  fc.constantFrom(
    '二〇二四年三月一日',
    '二○二四年十二月三十一日',
    '03/04/2017',
    '10101',
    '0990230',
    '105/525',
    '00/00/0000',
    '0000-01-01',
    '0000101',
    ' 1131029',
    '１１３１０２９',
    '2016/05/19 00:00:00',
    '２０１６－０５－１９',
  ),
  fc.string(),
)

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(...'abAB01 .-,;/()+　 ﻿​臺台槺塩：；，（）１Ａａ﹙㈱①½ｶﾞé東三百二十号號々〇ßﬁ國国\t"'),
      { maxLength: 9 },
    )
    .map((all) => all.join('')),
  fc.constantFrom(
    'N/A',
    'n/a ',
    'Ｎ／Ａ',
    'ＮＵＬＬ',
    '（一）、東《３》',
    '－',
    '－ ',
    '無',
    'NULL',
    '01',
    '02',
    '臺',
    'AB12',
    '1,000.50',
    '一百二十三號',
  ),
)

const amounts = fc.oneof(
  fc.integer().map(String),
  fc.integer({ min: -20, max: 2_000_000 }).map(String),
  fc.double({ noNaN: true }).map(String),
  fc.double({ min: 0, max: 99_999, noNaN: true }).map((amount) => amount.toFixed(2)),
  fc
    .tuple(
      fc.integer({ min: 0, max: 9_999 }),
      fc.constantFrom(
        '万元',
        '万',
        '億',
        '元',
        '(万元人民币)',
        ' 美元',
        '.5',
        '.50',
        '.505',
        '.',
        ',000',
        'e3',
      ),
    )
    .map(([n, word]) => `${n}${word}`),
  fc.constantFrom(
    '0',
    '-0',
    '007',
    '+5',
    ' 12 ',
    '１２',
    '1 000',
    'true',
    'false',
    '1',
    '是',
    '否',
    '2024-02-29 12:30',
    '2024-02-30 12:30',
    '2024-02-29T23:59:59.5',
    '新台幣 10.0000元',
    '9007199254740993',
    '123456789012345678',
  ),
  texts,
)
