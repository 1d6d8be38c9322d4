import { expect } from 'chai'
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPlane } from '../../core/plane/open.ts'
import type { Plane } from '../../core/plane/plane.ts'
import { guessEncodings } from '../../core/text/encoding.ts'
import { type Layout, layoutOf, readingOf, suggestMapping } from '../../modules/ingest/index.ts'
import { type CompiledSchema, shippedSchema } from '../../standards/index.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'

/** The open registers by the schema that knows their columns; each schema names the file's own headers. */
const FILES: Readonly<Record<string, string>> = {
  'tw-registers/moea_factories_south.csv': 'tw-factory',
  'tw-registers/twse_listed_companies_2024.csv': 'tw-listed-company',
  'tw-registers/epa_prtr_facilities_south.csv': 'tw-prtr-facility',
  'tw-registers/epa_prtr_penalties_south.csv': 'tw-prtr-penalty',
  'tw-registers/epa_penalties_2020_south.csv': 'tw-epa-penalty',
  'tw-registers/labor_violations_tainan.csv': 'tw-labour-violation',
  'tw-registers/tgos_geocoded_big5_1050.csv': 'tw-geocoding',
  'cn-companies/cn_company_registrations_1985_北京.csv': 'cn-company',
  'uk-green-deal/installers_2017_05_12_raw.csv': 'uk-green-deal-installer',
  'jp-labour/001_20161001_to_20170430.tsv': 'jp-labour-publication',
}

/** Section 5.5: «quality is measured as top-1 and top-3 accuracy on the headers of section 14». */
describe('the mapping suggested for the open registers', () => {
  before(skipWithout(...Object.keys(FILES)))

  let folder: string | undefined
  const read = new Map<string, Pick<Layout, 'header' | 'sample'>>()

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-mapping-'))
    const plane = await openPlane({ folder, loadMemoryMb: 512 })
    try {
      for (const file of Object.keys(FILES)) read.set(file, await sampled(plane, sharedData(file) ?? ''))
    } finally {
      await plane.close()
    }
  })
  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true })
  })

  it('names the right element first, whether the schema knows the header or only the standard does', () => {
    const known = accuracy((schema) => schema.columns)
    // As a department meets a standard that never saw its file: the labels and synonyms taken from it are hidden.
    const unseen = accuracy((schema, header) =>
      schema.columns.map((column) => ({
        ...column,
        name: column.elementCode,
        label: header.includes(column.label.zh) ? { zh: '', en: '' } : column.label,
        synonyms: column.synonyms.filter((synonym) => !header.includes(synonym)),
      })),
    )

    process.stderr.write(`    mapping accuracy, header known: ${shown(known)}; hidden: ${shown(unseen)}\n`)
    expect(known.wrong).to.deep.equal([])
    expect(known.first / known.columns).to.be.at.least(0.98)
    expect(known.three / known.columns).to.equal(1)
    expect(unseen.first / unseen.columns).to.be.at.least(0.55)
    expect(unseen.three / unseen.columns).to.be.at.least(0.62)
  })

  interface Accuracy {
    columns: number
    first: number
    three: number
    /** Preselected, and not the right one. */
    readonly wrong: string[]
  }

  function accuracy(
    columnsOf: (schema: CompiledSchema, header: readonly string[]) => CompiledSchema['columns'],
  ): Accuracy {
    const result: Accuracy = { columns: 0, first: 0, three: 0, wrong: [] }
    for (const [file, code] of Object.entries(FILES)) {
      const schema = shippedSchema(code)
      const layout = read.get(file) ?? { header: [], sample: [] }
      const columns = columnsOf(schema, layout.header)
      const suggested = suggestMapping(layout, columns, new Map(), '2026-01-05')
      for (const { name, target, suggestions } of suggested) {
        const truth = schema.columns.findIndex(({ label, synonyms }) =>
          [label.zh, label.en, ...synonyms].includes(name),
        )
        const right = columns[truth]
        if (right === undefined) continue
        const place = suggestions.findIndex(({ column }) => column === right)
        result.columns += 1
        if (place === 0) result.first += 1
        if (place >= 0) result.three += 1
        if (target !== null && target !== right.name) result.wrong.push(`${file}: ${name} → ${target}`)
      }
    }
    return result
  }
})

const shown = ({ columns, first, three }: { columns: number; first: number; three: number }) =>
  `top-1 ${((first / columns) * 100).toFixed(1)} %, top-3 ${((three / columns) * 100).toFixed(1)} % of ${columns}`

/** The header, and 2,000 rows drawn from the whole file as an upload draws them (section 5.5). */
async function sampled(plane: Plane, path: string): Promise<Pick<Layout, 'header' | 'sample'>> {
  const bytes = beginningOf(path)
  const encoding = guessEncodings(bytes)[0]?.encoding ?? 'utf-8'
  const layout = layoutOf(bytes, encoding, false)
  const spec = { content: createReadStream(path), ...readingOf(encoding, layout) }
  return { ...layout, sample: await plane.sample({ ...spec, count: 2_000, seed: 20_260_105 }) }
}

function beginningOf(path: string): Buffer {
  const bytes = Buffer.alloc(256 * 1024)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}
