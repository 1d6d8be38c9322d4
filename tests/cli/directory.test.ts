import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { gdbosCommand } from '../support/command.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

describe('exporting the directory by the command line', function () {
  this.timeout(180_000)
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-directory-'))
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('prints one JSON-LD document, of an empty directory too', async () => {
    const { stdout } = await gdbos('export', '--data', folder)

    const document = JSON.parse(stdout) as { '@graph': Record<string, unknown>[] }
    expect(document['@graph']).to.have.length(1)
    expect(document['@graph'][0]).to.deep.include({
      '@type': ['dcat:Catalog', 'dcat:Resource'],
      'dcat:dataset': [],
    })
  })

  it('names the only thing it does', async () => {
    const failure = await gdbos('import').catch((error: { code: number; stderr: string }) => error)

    expect(failure).to.include({ code: 2 })
    expect(failure.stderr).to.contain('did you mean “export”?')
  })

  async function gdbos(...args: readonly string[]) {
    return run(process.execPath, [...(await gdbosCommand()), 'directory', ...args], {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: '' },
    })
  }
})
