import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { filesApart } from './apart.mjs'

/** Each layer may import itself and the layers before it. */
const LAYERS = ['core', 'standards', 'modules', 'workflows', 'gateway', 'tests']
const ROOT = resolve(import.meta.dirname, '..')

describe('the house', () => {
  it('lets imports point only inwards: core < standards < modules < workflows < gateway', async () => {
    const uphill = (await imports()).filter(({ from, to }) => layer(to) > layer(from))
    expect(uphill.map(describeImport)).to.be.empty
  })

  it('lets one module reach another only through its index', async () => {
    const trespassing = (await imports()).filter(
      ({ from, to }) => isBetweenModules({ from, to }) && !to.endsWith('index.ts'),
    )
    expect(trespassing.map(describeImport)).to.be.empty
  })

  it('lets modules depend on one another in no circle', async () => {
    const needs = new Map<string, Set<string>>()
    for (const { from, to } of (await imports()).filter(isBetweenModules)) {
      needs.set(area(from), (needs.get(area(from)) ?? new Set()).add(area(to)))
    }
    const circles = [...needs.keys()].filter((start) => reaches(needs, start, start))
    expect(circles).to.be.empty
  })

  it('keeps SQL in repositories and migrations', async () => {
    const elsewhere = [
      ...(await sources('modules')),
      ...(await sources('standards')),
      ...(await sources('workflows')),
    ]
      .filter((file) => !/repository\.ts$|table\.ts$|migrations/.test(file))
      .filter((file) => /\.db\s*\.|selectFrom|insertInto|from 'kysely'/.test(read(file)))
    expect(elsewhere).to.be.empty
  })

  it('reads the environment in one place', async () => {
    const elsewhere = (await productSources()).filter(
      (file) => file !== join('core', 'config.ts') && /process\.env/.test(read(file)),
    )
    expect(elsewhere).to.be.empty
  })

  it('runs no text as code and opens no shell', async () => {
    const offenders = (await productSources()).filter((file) =>
      /\beval\(|new Function\(|from 'node:vm'|shell: true|\bexec\(['"`]|dangerouslySetInnerHTML/.test(
        read(file),
      ),
    )
    expect(offenders).to.be.empty
  })

  it('takes the time from the context, never from the wall', async () => {
    const layers = await Promise.all(['standards', 'modules', 'workflows'].map(sources))
    const offenders = layers.flat().filter((file) => /Date\.now\(\)|new Date\(\)/.test(read(file)))
    expect(offenders).to.be.empty
  })

  it('draws its randomness from node:crypto', async () => {
    const offenders = (await productSources()).filter(
      (file) => !file.includes('portal') && /Math\.random/.test(read(file)),
    )
    expect(offenders).to.be.empty
  })

  it('leaves nothing unfinished, skipped or alone', async () => {
    const offenders = [...(await productSources()), ...(await sources('tests'))].filter(
      (file) =>
        file !== join('tests', 'house.test.ts') &&
        /\bTODO\b|\bFIXME\b|\b(?:it|describe)\.(?:only|skip)\(/.test(read(file)),
    )
    expect(offenders).to.be.empty
  })

  it('comments every table in Chinese', async () => {
    const migrations = (await productSources()).filter((file) => /migrations/.test(file))
    const silent = migrations.flatMap((file) => {
      const text = read(file)
      const tables = [...text.matchAll(/create table (?:if not exists )?([\w.]+)/g)].map(([, name]) =>
        String(name),
      )
      return tables.filter(
        (name) => !new RegExp(`comment on table ${name} is '[^']*\\p{Script=Han}`, 'u').test(text),
      )
    })
    expect(silent).to.be.empty
  })

  it('keeps code files within 300 lines', async () => {
    const long = (await productSources())
      .map((file) => ({ file, lines: read(file).split('\n').length }))
      .filter(({ lines }) => lines > 301)
    expect(long).to.be.empty
  })

  it('leaves out of the second run of the suite no test that asks a database', () => {
    const apart = filesApart(ROOT)

    expect(apart).to.include(join('tests', 'text', 'dates.test.ts'))
    expect(apart).to.include(join('tests', 'cli', 'administration.test.ts'))
    expect(
      apart.filter((file) =>
        /await (?:openWorld|openKernel|cloneDatabase|startDemoServer)\(/.test(read(file)),
      ),
    ).to.be.empty
  })
})

interface Import {
  readonly from: string
  readonly to: string
}

async function imports(): Promise<Import[]> {
  const files = (await Promise.all(LAYERS.map(sources))).flat()
  return files.flatMap((from) =>
    [...read(from).matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, path]) => ({
      from,
      to: relative(ROOT, resolve(ROOT, dirname(from), String(path))),
    })),
  )
}

function isBetweenModules({ from, to }: Import): boolean {
  const isModule = (file: string) => layer(file) === LAYERS.indexOf('modules') && file.split(sep).length > 2
  return isModule(from) && isModule(to) && area(from) !== area(to)
}

function reaches(
  needs: Map<string, Set<string>>,
  from: string,
  goal: string,
  seen = new Set<string>(),
): boolean {
  for (const next of needs.get(from) ?? []) {
    if (next === goal) return true
    if (seen.has(next)) continue
    seen.add(next)
    if (reaches(needs, next, goal, seen)) return true
  }
  return false
}

async function productSources(): Promise<string[]> {
  return (await Promise.all(LAYERS.slice(0, -1).map(sources))).flat()
}

async function sources(top: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, top), { recursive: true })
  return entries
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('generated'))
    .map((name) => join(top, name))
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const layer = (file: string) => LAYERS.indexOf(String(file.split(sep)[0]))
const area = (file: string) => file.split(sep).slice(0, 2).join('/')
const describeImport = ({ from, to }: Import) => `${from} -> ${to}`
