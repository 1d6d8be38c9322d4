// `npm start`: installs and builds what is missing, then runs the demo. Plain Node: nothing is installed yet.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBuilt, modified } from './built.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
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

if (!(await isBuilt())) await run(npm, ['run', 'build'])

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
