import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../gateway/cli/main.ts'
import { matchFiles } from '../../gateway/cli/match.ts'
import { type MatchResult, readMatchConfig } from '../../modules/golden/index.ts'
import { refusal } from '../support/refusal.ts'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { AUTHORITIES, FACILITIES, FAKE, FEBRL } from './match-configs.ts'
import { bCubed, csvOf, ofClusters, ofLinks, type Row, rowsIn, told } from './match-truth.ts'

const BENCHMARKS = 'er-benchmarks'

// Section 6 of specs/standards-and-data.md: 6.2 and 6.3 by the floors of 6.6, and A6, A13, A17 of 14.
describe('matching', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-matching-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const written = async (name: string, text: string) => {
    const path = join(folder, name)
    await writeFile(path, text)
    return path
  }

  describe('persons whose identity is known', () => {
    before(skipWithout(BENCHMARKS))

    const floors = [
      { file: 'febrl_dataset1.csv', config: FEBRL, pairs: 500, f1: 0.995, precision: 0.995 },
      { file: 'febrl_dataset3.csv', config: FEBRL, pairs: 6_538, f1: 0.995, precision: 0.995 },
      { file: 'splink_fake_1000.csv', config: FAKE, pairs: 2_031, f1: 0.95, precision: 0.995 },
    ]
    for (const { file, config, pairs, f1, precision } of floors)
      it(`finds those of ${file} at an F1 of ${f1} or more`, async () => {
        const path = String(sharedData(`${BENCHMARKS}/${file}`))
        const truth = truthOf(rowsIn(path))

        const result = await matchFiles([path], config)

        told(`${file} clusters`, ofClusters(result, truth))
        told(`${file} links`, ofLinks(result, truth))
        told(`${file} B³`, bCubed(result, truth))
        expect(truePairs(truth)).to.equal(pairs)
        expect(ofClusters(result, truth).f1).to.be.at.least(f1)
        expect(ofClusters(result, truth).precision).to.be.at.least(precision)
        expect(ofLinks(result, truth).f1).to.be.at.least(0.85)
        expect(bCubed(result, truth).f1).to.be.at.least(0.95)
      }).timeout(600_000)

    it('makes the same clusters of the same rows in ten other orders (A17)', async () => {
      const path = String(sharedData(`${BENCHMARKS}/splink_fake_1000.csv`))
      const rows = rowsIn(path).slice(0, 400)
      const columns = Object.keys(rows[0] ?? {})
      const standing = outcome(await matchFiles([await written('standing.csv', csvOf(rows, columns))], FAKE))
      expect(JSON.parse(standing)).to.have.property('clusters').of.length.above(50)

      for (let seed = 1; seed <= 10; seed++) {
        const shuffled = shuffle(rows, seed)
        const file = await written(`shuffled-${seed}.csv`, csvOf(shuffled, columns))
        expect(outcome(await matchFiles([file], FAKE)), `order ${seed}`).to.equal(standing)
      }
    }).timeout(600_000)

    it('weighs the same rows alike whatever they are called', async () => {
      const rows = rowsIn(String(sharedData(`${BENCHMARKS}/febrl_dataset1.csv`)))
      const columns = Object.keys(rows[0] ?? {})
      const weights = async (naming: (id: string) => string) => {
        const named = rows.map((row) => ({ ...row, rec_id: naming(row['rec_id'] ?? '') }))
        const { model, decided } = await matchFiles(
          [await written('named.csv', csvOf(named, columns))],
          FEBRL,
        )
        return { model, weights: decided.map(({ weight }) => weight) }
      }

      const standing = await weights((id) => id)

      expect(standing.weights).to.have.length.above(400)
      expect(await weights((id) => [...id].toReversed().join(''))).to.deep.equal(standing)
    }).timeout(600_000)
  })

  it('links penalised facilities to registered ones by name and address (A6)', async function () {
    const paths = ['epa_penalties_2020_south.csv', 'epa_prtr_facilities_south.csv'].map((file) =>
      sharedData(`tw-registers/${file}`),
    )
    if (paths.includes(undefined)) return this.skip()
    const [penalties = '', facilities = ''] = paths as string[]
    const registered = new Set(rowsIn(facilities).map((row) => row['管制編號']))
    const byKey = new Map<string, Row>()
    for (const row of rowsIn(penalties)) {
      const key = row['EMS_NO'] ?? ''
      if (registered.has(key) && !byKey.has(key)) byKey.set(key, row)
    }
    const hidden = await written(
      'penalised.csv',
      csvOf([...byKey.values()], ['EMS_NO', 'FAC_NAME', 'FAC_ADDRESS']),
    )

    const { decided } = await matchFiles([hidden, facilities], FACILITIES)

    const links = decided.filter(({ decision }) => decision === 'link')
    const right = links.filter(({ left, right }) => left.id === right.id).length
    const [precision, recall] = [right / links.length, right / byKey.size]
    told('A6', { precision, recall, f1: (2 * precision * recall) / (precision + recall) })
    expect(byKey.size).to.equal(326)
    expect(precision).to.be.at.least(0.995)
    expect(recall).to.be.at.least(0.95)
  }).timeout(600_000)

  it('maps lists of authorities to their registers without a wrong one, and leaves open what is in none (A13)', async function () {
    if (sharedData('uk-local-authorities') === undefined) return this.skip()
    const open = (name: string) => rowsIn(String(sharedData(`uk-local-authorities/${name}.tsv`)))
    const registers = [
      ['local-authority-eng', 'data__local-authority-eng__local-authorities'],
      ['local-authority-nir', 'data__local-authority-nir__local-authorities'],
      ['local-authority-sct', 'data__local-authority-sct__local-authority-sct'],
      ['principal-local-authority', 'data__principal-local-authority__principal-local-authority'],
    ].flatMap(([key = '', name = '']) =>
      open(name).flatMap((row) =>
        // An authority of Wales has a name in each language, and a list may know either.
        [...new Set([row['name'] ?? '', row['name-cy'] ?? ''])]
          .filter((each) => each !== '')
          .map((each, at) => ({ id: `${key}:${row[key]}${at === 0 ? '' : ' cy'}`, name: each })),
      ),
    )
    const register = await written('registers.csv', csvOf(registers, ['id', 'name']))
    const total = { rows: 0, right: 0, wrong: 0 }

    for (const map of ['edubase', 'food-authority', 'gss', 'local-custodian', 'opendatacommunities', 'os']) {
      const rows = open(`maps__${map}`).filter((row) => row['name'] !== '')
      const list = rows.map((row, at) => ({ id: String(at), name: row['name'] ?? '' }))
      const file = await written(`${map}.csv`, csvOf(list, ['id', 'name']))
      const { decided } = await matchFiles([file, register], AUTHORITIES)
      const links = decided.filter(({ decision }) => decision === 'link')
      const right = links.filter(
        ({ left, right }) => rows[Number(left.id)]?.['local-authority'] === right.id.split(' ')[0],
      ).length
      total.rows += rows.length
      total.right += right
      total.wrong += links.length - right
    }

    process.stderr.write(`    A13: ${total.right} right, ${total.wrong} wrong of ${total.rows}\n`)
    expect(total.rows).to.equal(2_201)
    expect(total.wrong).to.equal(0)
    expect(total.right).to.be.at.least(2_114)
  }).timeout(600_000)

  describe('on the command line', () => {
    const PEOPLE =
      'id,name,born,town\n' +
      ['甲', '乙', '丙', '丁'].map((who, at) => `${at},${who}某某,1990010${at},福州\n`).join('')

    it('prints pairs with their weights explained', async () => {
      const file = await written('people.csv', `${PEOPLE}9,甲某某,19900100,福州\n`)
      const config = await written('config.json', JSON.stringify(configOver(['name'])))

      const { code, out } = await gdbos('match', file, '--config', config, '--json')

      expect(code).to.equal(0)
      const result = JSON.parse(out) as MatchResult & { pairs: MatchResult['decided'] }
      expect(result.pairs.map(({ left, right }) => [left.id, right.id])).to.deep.equal([['0', '9']])
      expect(result.pairs[0]?.parts.map(({ field, level }) => [field, level])).to.deep.equal([
        ['name', 'equal'],
        ['born', 'equal'],
      ])
      const sum = result.pairs[0]?.parts.reduce((sum, { weight }) => sum + weight, result.priorWeight)
      expect(result.pairs[0]?.weight).to.be.closeTo(Number(sum), 0.01)
      expect(result.clusters).to.deep.equal([
        [
          { source: '0', id: '0' },
          { source: '0', id: '9' },
        ],
      ])
    })

    it('refuses a blocking rule that explodes, naming the value (row 37)', async () => {
      const crowd = Array.from({ length: 150 }, (_, at) => `${at},人${at},19900101,福州\n`).join('')
      const file = await written('crowd.csv', `id,name,born,town\n${crowd}`)
      const config = await written('config.json', JSON.stringify(configOver(['town'])))

      const { code, out } = await gdbos('match', file, '--config', config, '--json')

      expect(code).to.equal(1)
      expect(JSON.parse(out)).to.deep.include({
        code: 'GOLDEN_BLOCK_TOO_LARGE',
        kind: 'invalid',
        params: { rule: 'town', value: '福州', pairs: 11_175, limit: 7_500 },
      })
    })

    it('refuses an id that is no id, a configuration that is none, and a file that is not there', async () => {
      const file = await written('people.csv', `${PEOPLE}0,戊某某,19900100,福州\n`)
      const config = await written('config.json', JSON.stringify(configOver(['name'])))
      expect((await gdbos('match', file, '--config', config)).err).to.include('PLANE_MATCH_ID_REPEATED')
      await writeFile(config, '{')
      expect((await gdbos('match', file, '--config', config)).err).to.include('GOLDEN_MATCH_CONFIG_INVALID')
      expect((await gdbos('match', 'nowhere.csv', '--config', config)).code).to.equal(1)
      expect((await gdbos('match', file)).code).to.equal(2)
    })
  })

  it('reads a configuration strictly, and says where it is wrong', async () => {
    const wrong = [
      [{ ...configOver(['name']), blocking: [['nobody']] }, 'blocking.0'],
      [{ ...configOver(['name']), lower: 9 }, 'lower'],
      [{ ...configOver(['name']), surplus: 1 }, '/'],
      [{ ...configOver(['name']), comparisons: [{ field: 'name', levels: ['alike'] }] }, 'comparisons.0'],
    ] as const
    for (const [json, place] of wrong) {
      const error = await refusal(Promise.resolve().then(() => readMatchConfig(json)))
      expect([error.code, error.params['place']]).to.deep.equal(['GOLDEN_MATCH_CONFIG_INVALID', place])
    }
  })

  const configOver = (blocking: string[]) => ({
    sources: [{ id: 'id', columns: { name: 'name', born: 'born', town: 'town' } }],
    fields: { name: { form: 'organisation' }, born: { form: 'digits' }, town: { form: 'tight' } },
    blocking: [blocking],
    comparisons: [
      { field: 'name', levels: ['equal', 'jaro-winkler>=0.92'] },
      { field: 'born', levels: ['equal', 'damerau-levenshtein<=1'] },
    ],
    upper: 0,
    lower: -4,
  })
})

function truthOf(rows: readonly Row[]): Map<string, string> {
  return new Map(
    rows.map((row) => {
      const id = row['rec_id'] ?? row['unique_id'] ?? ''
      return [id, row['cluster'] ?? id.split('-')[1] ?? '']
    }),
  )
}

function truePairs(truth: ReadonlyMap<string, string>): number {
  const sizes = new Map<string, number>()
  for (const entity of truth.values()) sizes.set(entity, (sizes.get(entity) ?? 0) + 1)
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
}

function outcome({ clusters, decided }: MatchResult): string {
  return JSON.stringify({ clusters, decided })
}

/** A fixed order for each seed. */
function shuffle<Value>(values: readonly Value[], seed: number): Value[] {
  const keyed = values.map((value, at) => ({ value, key: ((at + 1) * (seed * 7_919 + 104_729)) % 1_000_003 }))
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value)
}

async function gdbos(...args: string[]) {
  let [out, err] = ['', '']
  const code = await run(args, {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  })
  return { code, out, err }
}
