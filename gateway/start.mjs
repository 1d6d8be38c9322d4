// `npm start`: installs and builds what is missing, then runs the demo. Plain Node: nothing is installed yet.
import { spawn } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SOURCES = [
  'core',
  'standards',
  'modules',
  'workflows',
  'gateway',
  'package.json',
  'tsconfig.build.json',
  'tsconfig.json',
]
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`gdbos: Node ${process.versions.node} is too old; install Node 22 or 24`)
  process.exit(2)
}

// npm writes this file last, so it tells when the folder was last made whole.
const installed = await modified(join(root, 'node_modules', '.package-lock.json'))
if (installed === undefined || installed < ((await modified(join(root, 'package-lock.json'))) ?? 0))
  await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])

const built = await modified(join(root, 'dist', 'built'))
if (built === undefined || built < (await newest(SOURCES))) await run(npm, ['run', 'build'])

await run(
  process.execPath,
  [join(root, 'dist/gateway/cli/main.js'), 'start', '--demo', ...process.argv.slice(2)],
  true,
)

/** Runs a program to its end; one that fails ends us with its code. Signals reach it through us. */
function run(program, args, last = false) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: last ? 'inherit' : ['inherit', 2, 2] })
    const forward = (signal) => child.kill(signal)
    // Ctrl-C reaches the whole group by itself; a service manager signals only us.
    const hold = () => {}
    process.on('SIGTERM', forward)
    process.on('SIGINT', process.stdin.isTTY ? hold : forward)
    child.on('error', (error) => {
      console.error(`gdbos: ${program} cannot be run: ${error.message}`)
      process.exit(3)
    })
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', forward)
      process.removeAllListeners('SIGINT')
      if (last || code !== 0) process.exit(code ?? (signal === null ? 1 : 128))
      resolve()
    })
  })
}

async function modified(path) {
  try {
    return (await stat(path)).mtimeMs
  } catch {
    return undefined
  }
}

/** When the newest source was changed; what a build makes itself does not count. */
async function newest(names) {
  let latest = 0
  for (const name of names) {
    const path = join(root, name)
    const found = await stat(path).catch(() => undefined)
    if (!found) continue
    if (!found.isDirectory()) {
      latest = Math.max(latest, found.mtimeMs)
      continue
    }
    const below = (await readdir(path)).filter((entry) => entry !== 'generated' && entry !== 'node_modules')
    latest = Math.max(latest, await newest(below.map((entry) => join(name, entry))))
  }
  return latest
}
