// `npm run build`: typed documents, JavaScript, data and pages into dist/.
import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
/** Layers that run; tests and the portal's sources do not. */
const LAYERS = ['core', 'standards', 'modules', 'workflows', 'gateway']
const COMPILED = new Set(['.ts', '.tsx', '.mjs'])
const bin = (name) => join(root, 'node_modules', ...name.split('/'))

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
await run('--import', 'tsx', join(root, 'gateway/graphql/generate.ts'))
// Types are the business of `npm run check`, which reads the tests as well.
await Promise.all([
  run(bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'),
  run(bin('vite/bin/vite.js'), 'build', '--config', 'gateway/portal/vite.config.ts', '--logLevel', 'warn'),
])
for (const layer of LAYERS) await copyData(layer)
// The divisions of China come from a package that what is built does without.
const { divisionCodes } = await import(join(dist, 'standards/divisions.js'))
await writeFile(join(dist, 'standards/packs/gbt-10114-2023/codes.csv'), divisionCodes())
await chmod(join(dist, 'gateway/cli/main.js'), 0o755)
// Written last: npm start compares it with the sources.
await writeFile(join(dist, 'built'), '')

/** Everything that is no source: packs, forms, registers, fonts, lists. */
async function copyData(folder) {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (path === join('gateway', 'portal')) continue
    if (entry.isDirectory()) await copyData(path)
    else if (!COMPILED.has(extname(entry.name))) await cp(join(root, path), join(dist, path))
  }
}

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
    child.on('exit', (code) => {
      if (code === 0) return resolve()
      console.error(
        `gdbos: the build stopped at ${args.find((arg) => !arg.startsWith('-') && arg !== 'tsx')}`,
      )
      process.exit(code ?? 1)
    })
  })
}
