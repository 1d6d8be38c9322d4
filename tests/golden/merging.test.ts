import { expect } from 'chai'
import { createHash } from 'node:crypto'
import type { PlaneRow } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import type { ReadableVersion } from '../../modules/catalog/index.ts'
import { Findings, merged } from '../../modules/golden/merging.ts'
import type { Override } from '../../modules/golden/override.ts'
import type { MergedRecord } from '../../modules/golden/sealed.ts'
import { constraintsOf, type Ruling } from '../../modules/golden/ruling.ts'
import { Survey } from '../../modules/golden/survey.ts'
import { type ElementFacts, fingerprint, type Plan, planned, rowsOf } from '../../modules/golden/plan.ts'

const CODE = '91350100M000100Y43'
const OTHER = '9144030071526726XG'
const AT = new Date('2026-01-04T00:00:00Z')

describe('merging rows sorted by key', () => {
  it('makes one record of a key, with the origin of every value down to the line', async () => {
    const plan = twoSources()

    const [record, ...others] = await recordsOf(plan, [
      row(plan, 'tax', CODE, { name: '福州榕城餐饮有限公司', phone: '0591-1' }, { row_id: 'r1', line: 2 }),
      row(plan, 'market', CODE, { name: '福州榕城餐飲有限公司' }, { row_id: 'r2', line: 7 }),
    ])

    expect(others).to.be.empty
    expect(record).to.include({ key: CODE, name: '福州榕城餐飲有限公司', entities: 1 })
    expect(record?.names).to.deep.equal(['福州榕城餐飲有限公司', '福州榕城餐饮有限公司'])
    const name = record?.fields.find((field) => field.name === 'organisation_name')
    expect(name?.source).to.include({
      organisationId: 'market',
      version: 3,
      rowId: 'r2',
      line: 7,
      standing: 1,
    })
    expect(name?.rule).to.equal('legal-source')
    expect(name?.runnersUp[0]).to.include({ organisationId: 'tax', line: 2, standing: 0.8 })
    const phone = record?.fields.find((field) => field.name === 'phone')
    expect(phone).to.include({ value: '0591-1', rule: 'only-source' })
  })

  it('digests and stores the JSON of its content, whatever a register writes', async () => {
    const plan = twoSources()
    const odd = '引号"、反斜线\\、换行\n与半个字\ud800'
    const override = {
      field: 'phone',
      value: odd,
      confirmedAt: null,
      requestedAt: AT,
      reason: odd,
    } as Override
    const renamed = { datasetId: SOURCES.market, rowId: 'r3', key: OTHER, name: odd, version: 2, asOfAt: AT }
    const nameChanges = [
      {
        ...renamed,
        ...{ organisationId: 'market', laterVersion: 3, validTo: '2026-01-04', eventOn: null, line: null },
      },
    ]
    const records = [
      ...(await recordsOf({ ...plan, overrides: new Map([[CODE, [override]]]) }, [
        row(plan, 'tax', CODE, { name: odd, phone: '0591-1' }, { row_id: 'r"1', line: 2 }),
        row(plan, 'market', CODE, { name: '乙' }, { row_id: 'r2', event_on: '2025-03-01' }),
      ])),
      ...(await recordsOf({ ...plan, nameChanges }, [
        row(plan, 'market', OTHER, { name: '丙' }, { row_id: 'r3' }),
      ])),
    ]

    expect(records.map(({ formerNames }) => formerNames.length)).to.deep.equal([0, 1])
    for (const { json, contentSha256, formerNames, ...content } of records) {
      expect(json.fields).to.equal(JSON.stringify(content.fields))
      expect(json.formerNames).to.equal(JSON.stringify(formerNames))
      const { asOfAt, ...others } = content
      const digested = formerNames.length === 0 ? content : { ...others, formerNames, asOfAt }
      expect(contentSha256).to.equal(createHash('sha256').update(JSON.stringify(digested)).digest('hex'))
    }
  })

  it('never links a placeholder or a key that fails its check, and says where they stand', async () => {
    const plan = twoSources()
    const findings = new Findings()

    const records = await recordsOf(
      plan,
      [
        row(plan, 'tax', '000000000000000000', { name: '甲' }, { row_id: 'a', line: 4 }),
        row(plan, 'market', '000000000000000000', { name: '乙' }, { row_id: 'b', line: 3 }),
        row(plan, 'tax', '91350100M000100Y44', { name: '丙' }, { row_id: 'c', line: 5 }),
        row(plan, 'tax', CODE, { name: '丁' }, { row_id: 'd', line: 6 }),
      ],
      findings,
    )

    expect(records.map(({ key }) => key)).to.deep.equal([CODE])
    expect(findings.all().map(({ code, rows, lines }) => [code, rows, lines])).to.deep.equal([
      ['GOLDEN_KEY_PLACEHOLDER', 1, [3]],
      ['GOLDEN_KEY_CHECK_FAILED', 1, [5]],
      ['GOLDEN_KEY_PLACEHOLDER', 1, [4]],
    ])
  })

  it('links a row to no entity whose own rows were all ruled to be another, and finds it', async () => {
    const rulings = [ruling('tax', 'b', 'same'), ruling('market', 'a', 'different')]
    const plan = { ...twoSources(), rulings }
    const survey = new Survey(plan, constraintsOf(rulings))
    const rows = [
      row(plan, 'market', CODE, { name: '甲' }, { row_id: 'a', line: 2 }),
      row(plan, 'tax', '91350100M000100Y44', { name: '乙' }, { row_id: 'b', line: 3 }),
    ]
    for (const each of rows) survey.add(each)
    const links = survey.certain()

    expect(links.map(({ rowId, key, decision }) => [rowId, key, decision])).to.deep.equal([
      ['b', CODE, 'reopened'],
    ])
    const findings = new Findings()
    const made = { rows: new Map([[CODE, rows.slice(1)]]), links }
    for await (const record of merged(stream(rows), plan, findings, made)) expect(record).to.equal(undefined)
    expect(findings.all().map(({ code, lines }) => [code, lines])).to.deep.equal([
      ['GOLDEN_KEY_CHECK_FAILED', [3]],
    ])
  })

  it('makes a key of more than five entities of one source nobody’s record', async () => {
    const plan = twoSources()
    const findings = new Findings()
    const six = ['甲', '乙', '丙', '丁', '戊', '己'].map((name, index) =>
      row(plan, 'tax', CODE, { name }, { row_id: name, line: index + 2 }),
    )

    const records = await recordsOf(
      plan,
      [...six, row(plan, 'tax', OTHER, { name: '庚' }, { row_id: 'o', line: 9 })],
      findings,
    )

    expect(records.map(({ key, entities, fields }) => [key, entities, fields.length])).to.deep.equal([
      [CODE, 6, 0],
      [OTHER, 1, 1],
    ])
    expect(findings.all()).to.deep.include({
      datasetId: SOURCES.tax,
      code: 'GOLDEN_KEY_SHARED',
      rows: 6,
      lines: [2, 3, 4, 5, 6, 7],
    })
  })

  it('prefers the row its department dates later, and writes money in yuan', async () => {
    const plan = twoSources()

    const [record] = await recordsOf(plan, [
      row(plan, 'tax', CODE, { capital: 5_000_000 }, { row_id: 'a', line: 2, event_on: '2019-03-01' }),
      row(plan, 'tax', CODE, { capital: 205 }, { row_id: 'b', line: 3, event_on: '2024-03-01' }),
    ])

    const capital = record?.fields.find((field) => field.name === 'capital')
    expect(capital).to.include({ value: '2.05', rule: 'freshest' })
    expect(capital?.source?.eventOn).to.equal('2024-03-01')
    expect(capital?.runnersUp[0]?.value).to.equal('50000.00')
  })

  it('gives the same bytes whatever the order of rows within a key', async () => {
    const plan = twoSources()
    const rows = [
      row(plan, 'tax', CODE, { name: '甲', phone: '1' }, { row_id: 'a', line: 2 }),
      row(plan, 'market', CODE, { name: '乙' }, { row_id: 'b', line: 3 }),
      row(plan, 'tax', CODE, { name: '丙', phone: '2' }, { row_id: 'c', line: 4 }),
    ]

    const there = await recordsOf(plan, rows)
    const back = await recordsOf(plan, rows.toReversed())

    expect(there[0]?.contentSha256).to.match(/^[0-9a-f]{64}$/)
    expect(back).to.deep.equal(there)
  })
})

describe('the plan of a merge', () => {
  it('asks the plane for the rows of all sources by key, each under its own column names', () => {
    const { sources, orderBy } = rowsOf(twoSources())
    expect(sources[0]?.columns).to.include({
      key: 'uscc',
      f0: 'uscc',
      f1: 'qymc',
      row_id: '_row_id',
      line: '_line',
    })
    expect(sources[1]?.columns).to.include({
      key: 'credit_code',
      f0: 'credit_code',
      f1: 'company',
      event_on: 'updated_on',
    })
    expect(orderBy).to.deep.equal([{ column: 'key' }])
  })

  it('has another fingerprint when a version, a rank or a legal source changes, and only then', () => {
    const base = fingerprint(twoSources(), 'matching')
    expect(fingerprint(twoSources(), 'matching')).to.equal(base)
    expect(fingerprint(twoSources({ taxVersion: 2 }), 'matching')).not.to.equal(base)
    expect(fingerprint(twoSources({ taxRank: 7 }), 'matching')).not.to.equal(base)
    expect(fingerprint(twoSources({ legalSource: null }), 'matching')).not.to.equal(base)
    expect(fingerprint(twoSources(), 'other matching')).not.to.equal(base)
  })

  it('trusts a lower rank less, never below a half', () => {
    expect(twoSources({ taxRank: 7 }).sources.map(({ standing }) => standing)).to.deep.equal([0.8, 0.7])
  })
})

const SOURCES = {
  market: '10000000-0000-4000-8000-000000000001',
  tax: '20000000-0000-4000-8000-000000000002',
}

interface Given {
  readonly taxVersion?: number
  readonly taxRank?: number
  readonly legalSource?: string | null
}

/** The market bureau is the legal source of names; the tax office has phones, money and update days too. */
function twoSources({ taxVersion = 1, taxRank = 5, legalSource = 'market' }: Given = {}): Plan {
  const market = version('market', 3, 5, 'uscc', [column('qymc', 'DE00000002')])
  const tax = version('tax', taxVersion, taxRank, 'credit_code', [
    column('company', 'DE00000002'),
    column('tel', 'DE00000003'),
    column('capital', 'DE00000004', { dataType: 'money' }),
    column('updated_on', 'DE00000005', { dataType: 'date', role: 'event-time' }),
  ])
  const elements = new Map<string, ElementFacts>([
    ['DE00000001', element('DE00000001', 'uscc')],
    ['DE00000002', element('DE00000002', 'organisation_name', legalSource)],
    ['DE00000003', element('DE00000003', 'phone')],
    ['DE00000004', element('DE00000004', 'capital')],
    ['DE00000005', element('DE00000005', 'updated_on')],
  ])
  return planned([market, tax], elements, { overrides: [], rulings: [] })
}

function element(code: string, shortName: string, legalSource: string | null = null): ElementFacts {
  return { code, shortName, name: { zh: shortName, en: shortName }, personal: false, legalSource }
}

function version(
  organisationId: 'market' | 'tax',
  number: number,
  sourceRank: number,
  keyName: string,
  others: readonly CompiledColumn[],
): ReadableVersion {
  const datasetId = SOURCES[organisationId]
  const key = column(keyName, 'DE00000001', { role: 'key', check: 'gb32100' })
  return {
    dataset: {
      id: datasetId,
      organisationId,
      title: organisationId,
      schemaCode: 's',
      sourceRank,
      registeredAt: AT,
      quality: null,
    },
    version: {
      datasetId,
      version: number,
      parent: number === 1 ? null : number - 1,
      schemaVersion: '1.0.0',
      batchId: datasetId,
      files: [{ sha256: '0'.repeat(64), rows: 3, bytes: 10 }],
      counts: { read: 3, accepted: 3, rejected: 0, duplicate: 0, filtered: 0 },
      rows: 3,
      createdAt: AT,
    },
    columns: [key, ...others],
    primaryKey: [keyName],
    key,
    establishment: null,
  }
}

function column(name: string, elementCode: string, given: Partial<CompiledColumn> = {}): CompiledColumn {
  return {
    name,
    elementCode,
    elementVersion: '1.0.0',
    label: { zh: name, en: name },
    synonyms: [],
    dataType: 'text',
    required: false,
    role: 'attribute',
    severity: 'reject',
    normalisers: [],
    placeholders: [],
    nullWords: [],
    sqlType: 'text',
    ...given,
  }
}

const FIELDS: Record<string, string> = { name: 'organisation_name' }

function row(
  plan: Plan,
  organisationId: string,
  key: string,
  values: Readonly<Record<string, string | number>>,
  rest: PlaneRow,
): PlaneRow {
  const cells = Object.entries(values).map(([name, value]) => [
    `f${plan.fields.findIndex((field) => field.name === (FIELDS[name] ?? name))}`,
    value,
  ])
  const source = plan.sources.findIndex((source) => source.organisationId === organisationId)
  return { _source: String(source), key, ...Object.fromEntries(cells), ...rest }
}

function ruling(organisationId: 'market' | 'tax', rowId: string, answer: Ruling['answer']): Ruling {
  const datasetId = SOURCES[organisationId]
  return {
    ...{
      id: rowId,
      datasetId,
      organisationId,
      rowId,
      line: null,
      marks: null,
      key: CODE,
      answer,
      reason: '核实',
    },
    ...{ status: 'in-force', weight: null, decidedBy: 'a', decidedAt: new Date('2026-01-04T00:00:00Z') },
    ...{ confirmedBy: null, confirmedAt: null, undoAskedBy: null, undoAskedAt: null, undoneAt: null },
  }
}

async function recordsOf(
  plan: Plan,
  rows: readonly PlaneRow[],
  findings = new Findings(),
): Promise<MergedRecord[]> {
  const records: MergedRecord[] = []
  for await (const record of merged(stream(rows), plan, findings)) records.push(record)
  return records
}

async function* stream(rows: readonly PlaneRow[]) {
  yield* rows
}
