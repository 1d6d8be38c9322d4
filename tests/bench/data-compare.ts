import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MatchSpec } from '../../core/plane/match.ts'
import { byTurns, onDuckDb, onPlane, stageFile, timed, validateStaged } from './load.ts'
import { generator, GIVEN, pick, type Random, SURNAMES, two, WIDE, writeRegister } from './register.ts'
import type { BenchRow } from './row.ts'

const ROWS = 1_000_000
/** One row in so many differs. */
const CHANGED = 100
const CHANGES = ['insert', 'update', 'delete'] as const

/** What differs between two versions of 1 M rows, every hundredth changed. */
export async function changes(folder: string): Promise<BenchRow[]> {
  const files = [join(folder, 'before.csv'), join(folder, 'after.csv')]
  await writeRegister(String(files[0]), { rows: ROWS, columns: WIDE })
  await writeRegister(String(files[1]), { rows: ROWS, columns: WIDE, changed: CHANGED })
  return onPlane(join(folder, 'changes'), async (plane) => {
    const snapshots: string[] = []
    for (const file of files) {
      const { snapshot } = await validateStaged(plane, await stageFile(plane, file, WIDE.length), WIDE)
      snapshots.push(snapshot?.sha256 ?? '')
      await rm(file)
    }
    const [before = '', after = ''] = snapshots
    const spec = {
      before: [before],
      after: [after],
      key: ['person'],
      columns: WIDE.map(({ name }) => name).filter((name) => name !== 'person'),
    }
    const path = (sha256: string) => `read_parquet('${plane.snapshotPath(sha256)}')`
    const joined = `select count(*) filter (where a.person is null), count(*) filter (where b.person is null),
         count(*) filter (where ${spec.columns.map((column) => `a.${column} is distinct from b.${column}`).join(' or ')})
       from ${path(before)} a full outer join ${path(after)} b on a.person = b.person`
    let read = 0
    const all = async () => {
      read = 0
      for await (const _ of plane.changes({ ...spec, operations: CHANGES, limit: ROWS })) read += 1
    }
    const count = async () => {
      for await (const _ of plane.changes({ ...spec, counted: true, limit: 0 }));
    }
    await count()
    const [feed = 0, counted = 0, raw = 0] = await byTurns(
      async () => (await timed(all)).ms,
      async () => (await timed(count)).ms,
      () => onDuckDb(joined),
    )
    const beside = (name: string, ms: number) => ({
      name,
      value: Math.round(ms),
      unit: 'ms',
      reference: 'DuckDB full outer join on the key, all columns compared',
      referenceValue: Math.round(raw),
      ratio: ms / raw,
      target: '<= 3',
    })
    return [
      beside(`change feed, ${ROWS} rows, all ${WIDE.length - 1} columns, ${read} changes read`, feed),
      beside('the same, counted only', counted),
    ]
  })
}

const PERSONS = 100_000
const FIELDS = ['given', 'surname', 'born', 'postcode', 'street', 'number'] as const

const MATCH: Omit<MatchSpec, 'sources'> = {
  fields: FIELDS.map((name) => ({ name, form: 'tight' })),
  blocking: [
    [{ field: 'number' }],
    [{ field: 'born' }, { field: 'surname' }],
    [{ field: 'born' }, { field: 'postcode' }],
    [{ field: 'given' }, { field: 'surname' }, { field: 'postcode' }],
    [{ field: 'street' }, { field: 'given' }],
  ],
  comparisons: [
    ...(['given', 'surname', 'street'] as const).map((field) => ({
      field,
      levels: [
        { kind: 'equal' as const },
        { kind: 'jaro-winkler' as const, atLeast: 0.92 },
        { kind: 'jaro-winkler' as const, atLeast: 0.8 },
      ],
      termFrequency: field !== 'street',
    })),
    ...(['born', 'postcode', 'number'] as const).map((field) => ({
      field,
      levels: [{ kind: 'equal' as const }, { kind: 'damerau-levenshtein' as const, atMost: 1 }],
      termFrequency: false,
    })),
  ],
  lower: 0,
  seed: 1,
}

/** Two registers of 100,000 persons, half of them the same with a slip, by five blocking rules. */
export async function matching(folder: string): Promise<BenchRow[]> {
  const files = [join(folder, 'left.csv'), join(folder, 'right.csv')]
  await writePersons(files)
  return onPlane(join(folder, 'matching'), async (plane) => {
    const sources: MatchSpec['sources'][number][] = []
    for (const [at, file] of files.entries()) {
      const { sha256 } = await stageFile(plane, file, FIELDS.length + 1)
      const columns = Object.fromEntries(FIELDS.map((name, index) => [name, `c${index + 1}`]))
      sources.push({ name: String(at), files: [sha256], id: 'c0', columns })
    }
    let candidates = 0
    const ours = async () => {
      const { ms, value } = await timed(() => plane.match({ ...MATCH, sources }))
      candidates = value.candidates
      return ms
    }
    await ours()
    const paths = sources.map(({ files }) => plane.snapshotPath(String(files[0])))
    const [matched = 0, compared = 0, read = 0, sampled = 0] = await byTurns(
      ours,
      () => onDuckDb(...byHand(files)),
      () => onDuckDb(onFiles(paths)),
      () => onDuckDb(onFiles(paths, SAMPLED)),
    )
    const beside = (name: string, reference: string, ms: number) => ({
      name,
      value: Math.round(matched),
      unit: 'ms',
      reference,
      referenceValue: Math.round(ms),
      ratio: matched / ms,
    })
    return [
      {
        ...beside(
          `matching ${PERSONS} + ${PERSONS}, 5 blocking rules, ${candidates} pairs`,
          'the same joins and comparisons of these pairs in hand-written SQL, on tables in memory',
          compared,
        ),
        target: '<= 6',
      },
      beside('the same', 'the same by hand on the same files', read),
      beside(
        'the same',
        'the same by hand on the same files, and as many random pairs compared as u is estimated from',
        sampled,
      ),
    ]
  })
}

/** No forms, no model, no weights: what is joined and compared, once. */
function byHand(files: readonly string[]): string[] {
  const loads = files.map(
    (file, at) => `create table t${at} as select * from read_csv('${file}', all_varchar = true)`,
  )
  return [...loads, `select count(*), ${COMPARED} from (${PAIRS}) p ${OF_PAIRS}`]
}

/** Of the random pairs (6.2) that are drawn half are of one source, and left out: this many are compared. */
const SAMPLED = 250_000

/** One statement that reads the staged files and compares the pairs, and so many random ones: still no weights, nothing kept. */
function onFiles(paths: readonly string[], sampled = 0): string {
  const names = ['id', ...FIELDS].map((name, at) => `c${at} as ${name}`)
  const sides = paths.map((path, at) => `t${at} as materialized (select ${names.join(', ')} from '${path}')`)
  const compared = (pairs: string) => `select count(*), ${COMPARED} from ${pairs} p ${OF_PAIRS}`
  const random = `(select 'l' || (hash(2, i) % ${PERSONS}) as left_id, 'r' || (hash(3, i) % ${PERSONS}) as right_id
    from range(${sampled}) as t(i))`
  return `with ${sides.join(', ')} ${compared(`(${PAIRS})`)}${sampled === 0 ? '' : ` union all ${compared(random)}`}`
}

const OF_PAIRS = 'join t0 l on l.id = p.left_id join t1 r on r.id = p.right_id'

const PAIRS = MATCH.blocking
  .map((terms) => {
    const on = terms.map(({ field }) => `l.${field} = r.${field}`).join(' and ')
    return `select l.id as left_id, r.id as right_id from t0 l join t1 r on ${on}`
  })
  .join(' union ')

const COMPARED = [
  ...(['given', 'surname', 'street'] as const).map(
    (
      field,
    ) => `sum(case when l.${field} = r.${field} then 3 when jaro_winkler_similarity(l.${field}, r.${field}) >= 0.92
      then 2 when jaro_winkler_similarity(l.${field}, r.${field}) >= 0.8 then 1 else 0 end)`,
  ),
  ...(['born', 'postcode', 'number'] as const).map(
    (field) =>
      `sum(case when l.${field} = r.${field} then 2 when damerau_levenshtein(l.${field}, r.${field}) <= 1 then 1 else 0 end)`,
  ),
].join(', ')

async function writePersons(files: readonly string[]): Promise<void> {
  const random = generator(20_260_106)
  const sinks = files.map((file) => createWriteStream(file))
  for (const sink of sinks) sink.write(`id,${FIELDS.join(',')}\n`)
  for (let at = 0; at < PERSONS; at++) {
    const person = personOf(random)
    sinks[0]?.write(`l${at},${person.join(',')}\n`)
    const other = at % 2 === 0 ? slipped(person, random) : personOf(random)
    if (sinks[1]?.write(`r${at},${other.join(',')}\n`) === false) await once(sinks[1], 'drain')
  }
  for (const sink of sinks) {
    sink.end()
    await once(sink, 'finish')
  }
}

const letters = (random: Random, count: number) =>
  Array.from({ length: count }, () => pick(GIVEN, random)).join('')

function personOf(random: Random): string[] {
  return [
    letters(random, 2),
    `${pick(SURNAMES, random)}${letters(random, 1)}`,
    `${1940 + random(70)}-${two(1 + random(12))}-${two(1 + random(28))}`,
    String(350_000 + random(5_000)),
    `${letters(random, 3)}路${random(500)}号`,
    String(100_000_000 + random(900_000_000)),
  ]
}

/** The same person with one cell written wrong. */
function slipped(person: readonly string[], random: Random): string[] {
  const at = random(person.length)
  return person.map((cell, index) => (index === at ? `${cell.slice(0, -1)}${pick(GIVEN, random)}` : cell))
}
