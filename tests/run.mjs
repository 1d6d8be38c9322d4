import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBuilt } from '../gateway/built.mjs'
import { filesApart } from './apart.mjs'

// Runs the suite from sources; from a fresh clone it installs first. Arguments name the files to run;
// without any, the whole suite runs in shares side by side, and one last line counts them all.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const MOCHA = ['--import', 'tsx', 'node_modules/mocha/bin/mocha.js']
/** On a shared machine a test that waited too long is tried once more; the report names it. */
const RETRIES = process.env.CI ? ['--retries', '1'] : []

if (!existsSync(join(root, 'node_modules', 'mocha'))) {
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', install, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * What runs in one process each, longest first by measured processor time; all else runs before them, so that a new
 * folder needs no line here. A file runs with the first that names it.
 */
const SHARES = [
  'ingest/[a-k]*',
  'journeys/[f-n]*',
  'journeys/p*',
  'workflows/[a-l]*',
  'golden/**/*',
  'sources/**/*',
  '{plane,standards}/**/*',
  'ingest/**/*',
  'workflows/**/*',
  'cli/**/*',
  'journeys/**/*',
].map((files) => `tests/${files}.test.ts`)

/** For a second run, on a server: without the files that would say the same again, since none of them asks a database. */
const DATABASE_ONLY = '--database-only'
const given = process.argv.slice(2).filter((argument) => argument !== DATABASE_ONLY)
const left = process.argv.includes(DATABASE_ONLY) ? filesApart(root) : []
const without = (files) => files.flatMap((file) => ['--ignore', file])
const shares = [
  ['tests/**/*.test.ts', ...without([...SHARES, ...left])],
  ...SHARES.map((files, at) => [files, ...without([...SHARES.slice(0, at), ...left])]),
]

// What starts `gdbos` starts the build, in a third of the time that the sources take, and the journeys want its pages.
if (given.length === 0 && !(await isBuilt())) {
  const { status } = spawnSync(process.execPath, ['gateway/build.mjs'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const ends =
  given.length > 0 ? [await mocha(given)] : await each(shares, (share) => mocha(share, { held: true }))
if (ends.length > 1) {
  const [passed, failed, skipped] = [/(\d+) passed/, /(\d+) failed/, /(\d+) skipped/].map((count) =>
    ends.reduce((sum, { last }) => sum + Number(count.exec(last)?.[1] ?? 0), 0),
  )
  const failures = ends.flatMap(({ failures }) => failures)
  process.stdout.write(
    `\n${failures.join('')}${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
  )
}
process.exit(ends.find(({ status }) => status !== 0)?.status ?? 0)

/** One more than there are processors: a run waits for its servers, browsers and timers as much as it works. */
async function each(works, run) {
  const waiting = [...works]
  const results = []
  const worker = async () => {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) results.push(await run(work))
  }
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker))
  return results
}

/** One run of mocha. `held`, its report comes whole at its end, so that reports do not mix. */
function mocha(args, { held = false } = {}) {
  const child = spawn(process.execPath, [...MOCHA, ...RETRIES, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let report = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    report += chunk
    if (!held) process.stdout.write(chunk)
  })
  return new Promise((resolve) => {
    child.on('close', (status) => {
      if (held) process.stdout.write(report)
      const counted = /\d+ passed, \d+ failed(, \d+ skipped)?\s*$/.exec(report)
      const failures = report.match(/^(?:FAILED|RETRIED) .*\n/gm) ?? []
      resolve({ status: status ?? 1, last: counted?.[0] ?? '0 passed, 1 failed', failures })
    })
  })
}
