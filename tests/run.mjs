import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Runs the suite from sources; from a fresh clone it installs first. Arguments name the files to run.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1

if (!existsSync(join(root, 'node_modules', 'mocha'))) {
  const installed = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  if (installed !== 0) process.exit(installed)
}
const given = process.argv.slice(2)
const specs = given.length > 0 ? given : ['tests/**/*.test.ts']
process.exit(run(process.execPath, ['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', ...specs]))
