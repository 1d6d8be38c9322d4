import { expect } from 'chai'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../gateway/cli/main.ts'
import { migratedFolder } from '../support/data-folder.ts'

describe('gdbos standard on a data folder', function () {
  this.timeout(180_000)
  let folder: string
  const server = process.env['DATABASE_URL']

  before(async () => {
    folder = await migratedFolder()
    // The command runs in this process and would go to the server of the suite.
    delete process.env['DATABASE_URL']
  })
  after(async () => {
    if (server !== undefined) process.env['DATABASE_URL'] = server
    await rm(folder, { recursive: true, force: true })
  })

  it('writes the edition in force to a file, and drafts what is changed there', async () => {
    const csv = join(folder, 'sex.csv')

    const written = await gdbos('export', 'GB/T 2261.1', '--format', 'csv', '--output', csv)
    const text = await readFile(csv, 'utf8')
    await writeFile(csv, text.replace('男性', '男'))
    const drafted = await gdbos('import', csv, '--organisation', 'demo-standards')

    expect([written.exit, written.answer]).to.deep.equal([
      0,
      { file: csv, sizeBytes: Buffer.byteLength(text) },
    ])
    expect(text).to.include('"GB/T 2261.1@2003","1","","1","男性","male"')
    expect([drafted.exit, drafted.answer]).to.deep.equal([
      0,
      {
        read: 4,
        unchanged: 0,
        drafts: [{ code: 'GB/T 2261.1@2003', version: '1.0.1' }],
        findings: [],
        findingCount: 0,
      },
    ])
  })

  /** Runs the command on the folder; answers its exit code and what it printed as JSON. */
  async function gdbos(...args: string[]) {
    let out = ''
    const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => true } }
    const exit = await run(['standard', ...args, '--data', folder, '--json'], io)
    return { exit, answer: JSON.parse(out || '{}') as unknown }
  }
})
