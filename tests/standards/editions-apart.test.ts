import { parse } from 'csv-parse/sync'
import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { fold } from '../../core/text/fold.ts'
import * as standards from '../../standards/index.ts'
import { AUTHORITY_WORDS } from '../golden/match-configs.ts'
import { refusal } from '../support/refusal.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Office, openOffice } from './office.ts'

const FOLDER = 'uk-local-authorities'
const REGISTERS = [
  ['local-authority-eng', 'data__local-authority-eng__local-authorities.tsv'],
  ['local-authority-nir', 'data__local-authority-nir__local-authorities.tsv'],
  ['local-authority-sct', 'data__local-authority-sct__local-authority-sct.tsv'],
  ['principal-local-authority', 'data__principal-local-authority__principal-local-authority.tsv'],
] as const
const [NAMES, CURRENT] = ['UK authorities@names', 'UK authorities@registers']

describe('codes of two editions (A14)', function () {
  this.timeout(180_000)
  let world: World
  let office: Office
  let names: readonly Row[]
  let codes: ReadonlySet<string>

  before(skipWithout(`${FOLDER}/maps__name.tsv`))
  before(async () => {
    world = await openWorld()
    office = openOffice(world)
    names = await rowsOf('maps__name.tsv')
    codes = new Set(names.map((row) => row['local-authority'] ?? ''))
    const registers = await Promise.all(
      REGISTERS.map(async ([key, file]) => (await rowsOf(file)).map((row) => `${key}:${row[key]}`)),
    )
    const draft = await standards.draftCodeList(
      office.drafter,
      office.listContent(NAMES),
      [...codes].map((code) => ({ ...value(code), spellings: spellingsOf(code) })),
    )
    await office.publish('code-list', draft)
    await office.givenList(CURRENT, registers.flat())
  })
  after(() => world?.close())

  type Row = Readonly<Record<string, string>>

  async function rowsOf(file: string): Promise<Row[]> {
    const text = await readFile(sharedData(`${FOLDER}/${file}`) ?? '', 'utf8')
    return parse<Row>(text, { columns: true, delimiter: '\t', quote: null, bom: true })
  }

  /** Names of the registers, in each language that they give, by the words that are no kind of authority. */
  async function registerNames(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const found = new Map<string, Set<string>>()
    for (const [key, file] of REGISTERS)
      for (const row of await rowsOf(file))
        for (const name of [row['name'], row['name-cy']])
          if (name)
            found.set(wordsOf(name), (found.get(wordsOf(name)) ?? new Set()).add(`${key}:${row[key]}`))
    return found
  }

  const wordsOf = (name: string) =>
    fold(name)
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '' && !AUTHORITY_WORDS.includes(word))
      .join(' ')

  it('mislead where they are compared all the same: of 1,186 sure hits by name 612 look wrong', async () => {
    const registers = await registerNames()
    const current = await standards.codeList(office.drafter, CURRENT)
    const known = (await standards.valuesInScope(office.drafter, current, 'standard')).map(({ code }) => code)
    const bare = new Set(known.map((code) => code.split(':')[1]))

    const carried = names.filter((row) => bare.has(row['local-authority']?.split(':')[1]))
    const hits = names.flatMap((row) => {
      const codes = [...(registers.get(wordsOf(row['name'] ?? '')) ?? [])]
      return codes.length === 1 ? [{ old: row['local-authority'] ?? '', now: codes[0] ?? '' }] : []
    })
    const wrong = hits.filter(({ old, now }) => old !== now)

    // The specification counts 1,201 hits with a longer list of words to strip; as many of them look wrong.
    expect([carried.length, hits.length, wrong.length]).to.deep.equal([693, 1186, 612])
    expect(wrong).to.deep.include({ old: 'local-authority-eng:ADD', now: 'local-authority-eng:ADU' })
    // Nothing is wrong but the edition of the codes: spellings of one authority meet in one of the register.
    const groups = new Map<string, typeof hits>()
    for (const hit of hits) groups.set(hit.now, [...(groups.get(hit.now) ?? []), hit])
    let [pairs, right] = [0, 0]
    for (const group of groups.values())
      for (const [at, one] of group.entries())
        for (const other of group.slice(0, at)) {
          pairs += 1
          if (one.old === other.old) right += 1
        }
    process.stderr.write(`    A14: ${right} of ${pairs} pairs of spellings grouped rightly\n`)
    expect(right / pairs).to.be.at.least(0.99)
  })

  const value = (code: string) => standards.codeValue({ code, name: { zh: code, en: code } })
  const spellingsOf = (code: string) =>
    names.filter((row) => row['local-authority'] === code).map((row) => row['name'] ?? '')

  it('hold every name as a spelling of its authority', async () => {
    const list = await standards.codeList(office.drafter, NAMES)
    const values = await standards.valuesInScope(office.drafter, list, 'standard')

    expect([names.length, values.length]).to.deep.equal([1275, 444])
    expect(values.reduce((total, { spellings }) => total + spellings.length, 0)).to.equal(1275)
  })

  it('are never compared until a crosswalk names both editions', async () => {
    const translate = (code: string) => standards.translateCode(office.drafter, NAMES, CURRENT, code)
    expect((await refusal(translate('local-authority-eng:ADD'))).code).to.equal(
      'STANDARDS_CROSSWALK_NOT_FOUND',
    )

    const row = { relation: 'exact' as const, weight: 1, note: 'Adur' }
    const draft = await standards.draftCrosswalk(office.drafter, {
      name: { zh: '名称与登记簿', en: 'names to registers' },
      from: NAMES,
      to: CURRENT,
      authority: '标准办',
      rows: [{ ...row, fromCode: 'local-authority-eng:ADD', toCode: 'local-authority-eng:ADU' }],
    })
    expect((await refusal(translate('local-authority-eng:ADD'))).code).to.equal(
      'STANDARDS_CROSSWALK_NOT_FOUND',
    )
    await office.publish('crosswalk', draft)

    expect((await translate('local-authority-eng:ADD')).code).to.equal('local-authority-eng:ADU')
    // A code that the crosswalk does not name is a person's to decide, though both editions may write it alike.
    expect(await translate('local-authority-sct:ABE')).to.deep.equal({ code: null, candidates: [] })
  })
})
