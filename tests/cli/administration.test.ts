import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { gdbosCommand } from '../support/command.ts'
import { migratedFolder } from '../support/data-folder.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SHIPPED = join(ROOT, 'workflows/packs/food-business-licence/item.json')
const run = promisify(execFile)

/** What whoever runs the server does before the first person can sign in, on a folder with what ships. */
describe('setting up organisations and accounts by the command line', function () {
  this.timeout(180_000)
  let folder: string

  before(async () => {
    folder = await migratedFolder()
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('establishes a government, opens an account with a post, and leaves nothing of a refused one', async () => {
    const county = ['establish', 'county', '--kind', 'government', '--zh', '示例县', '--en', 'Sample county']
    const clerk = [
      'open',
      'wang',
      '--zh',
      '王芳',
      '--en',
      'Wang',
      '--organisation',
      'county',
      '--role',
      'clerk',
    ]

    expect((await gdbos('organisation', county)).answer).to.deep.equal({ id: 'county', kind: 'government' })
    const opened = await gdbos('account', clerk)
    const again = await gdbos('account', clerk)
    const foreign = await gdbos('account', [...clerk.with(1, 'li'), '--role', 'enterprise-drafter'])

    expect(opened.answer).to.include({ login: 'wang' })
    expect(String(opened.answer['password'])).to.have.length(16)
    expect([again.code, again.answer['code']]).to.deep.equal([1, 'IDENTITY_LOGIN_TAKEN'])
    expect(foreign.answer['code']).to.equal('ORGANISATION_ROLE_INVALID')
  })

  it('refuses an item whose department is not there, and a file that is no JSON', async () => {
    const broken = join(folder, 'broken.json')
    await writeFile(broken, '{')

    expect((await gdbos('item', ['publish', broken])).code).to.equal(2)
    const refused = await gdbos('item', ['publish', SHIPPED])
    expect([refused.code, refused.answer['code']]).to.deep.equal([1, 'ORGANISATION_NOT_FOUND'])
  })

  /** Runs the command on the folder; answers its exit code and what it printed as JSON. */
  async function gdbos(command: string, args: readonly string[]) {
    const line = [...(await gdbosCommand()), command, ...args, '--data', folder, '--json']
    const env = { ...process.env, DATABASE_URL: '' }
    try {
      return { code: 0, answer: parse((await run(process.execPath, line, { cwd: ROOT, env })).stdout) }
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string }
      return { code, answer: parse(stdout) }
    }
  }

  const parse = (stdout: string) => JSON.parse(stdout || '{}') as Record<string, unknown>
})
