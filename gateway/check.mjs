// `npm run check`: types, rules and format, in two lanes side by side. Each report comes whole, at its end.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => join(root, 'node_modules', ...name.split('/'))
const TSC = bin('typescript/bin/tsc')
const ESLINT = bin('eslint/bin/eslint.js')

/** The rules of the server take as long as all else: both processors are busy to the end. */
const LANES = [
  [[ESLINT, '.', '--ignore-pattern', 'gateway/portal/']],
  [
    [TSC, '-p', '.'],
    [TSC, '-p', 'gateway/portal'],
    [bin('prettier/bin/prettier.cjs'), '--check', '.'],
    [ESLINT, 'gateway/portal'],
  ],
]

if (!(await passes(['--import', 'tsx', join(root, 'gateway/graphql/generate.ts')]))) process.exit(1)
const lanes = await Promise.all(
  LANES.map(async (lane) => {
    let passed = true
    for (const args of lane) passed = (await passes(args)) && passed
    return passed
  }),
)
process.exitCode = lanes.every(Boolean) ? 0 : 1

function passes(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      resolve(code === 0)
    })
  })
}
