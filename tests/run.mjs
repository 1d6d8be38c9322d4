import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Runs the suite from sources; from a fresh clone it installs first. Arguments name the files to run;
// without any, what starts servers runs beside all else, and one last line counts both.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const MOCHA = ['--import', 'tsx', 'node_modules/mocha/bin/mocha.js']

if (!existsSync(join(root, 'node_modules', 'mocha'))) {
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', install, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const given = process.argv.slice(2)
const runs =
  given.length > 0
    ? [mocha(given)]
    : [
        mocha(['tests/**/*.test.ts', '--ignore', 'tests/{journeys,cli}/**']),
        mocha(['tests/{journeys,cli}/**/*.test.ts'], { later: true }),
      ]
const ends = await Promise.all(runs)
if (ends.length > 1) {
  for (const { held } of ends) process.stdout.write(held)
  const [passed, failed, skipped] = [/(\d+) passed/, /(\d+) failed/, /(\d+) skipped/].map((count) =>
    ends.reduce((sum, { last }) => sum + Number(count.exec(last)?.[1] ?? 0), 0),
  )
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`)
}
process.exit(ends.find(({ status }) => status !== 0)?.status ?? 0)

/** One run of mocha. With `later` its report is held back, so that two reports do not mix. */
function mocha(args, { later = false } = {}) {
  const child = spawn(process.execPath, [...MOCHA, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let held = ''
  let tail = ''
  child.stdout.on('data', (chunk) => {
    tail = `${tail}${chunk}`.slice(-400)
    if (later) held += chunk
    else process.stdout.write(chunk)
  })
  return new Promise((resolve) => {
    child.on('close', (status) => {
      const counted = /\d+ passed, \d+ failed(, \d+ skipped)?\s*$/.exec(tail)
      resolve({ status: status ?? 1, held, last: counted?.[0] ?? '0 passed, 1 failed' })
    })
  })
}
