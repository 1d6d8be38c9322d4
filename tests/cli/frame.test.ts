import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { gdbosCommand } from '../support/command.ts'
import { migratedFolder } from '../support/data-folder.ts'

const ROOT = resolve(import.meta.dirname, '../..')

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

describe('the command line', () => {
  let folder: string
  const left: string[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-cli-'))
  })
  after(async () => {
    for (const each of [folder, ...left]) await rm(each, { recursive: true, force: true })
  })

  it('explains itself with examples first', async () => {
    const { code, stdout } = await gdbos(['--help'])

    expect(code).to.equal(0)
    expect(stdout).to.match(/^Examples:\n {2}gdbos start --demo\n/)
    for (const command of ['start', 'migrate', 'doctor']) expect(stdout).to.include(`\n  ${command} `)
  })

  it('explains each command with examples first', async () => {
    for (const command of ['start', 'migrate', 'doctor']) {
      const { code, stdout } = await gdbos([command, '-h'])
      expect(code, command).to.equal(0)
      expect(stdout, command).to.match(new RegExp(`^Examples:\\n {2}gdbos ${command}`))
    }
  })

  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }

    expect(await gdbos(['--version'])).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('suggests the command that was meant', async () => {
    const { code, stderr, stdout } = await gdbos(['strat'])

    expect(code).to.equal(2)
    expect(stderr).to.include('there is no command “strat”; did you mean “start”?')
    expect(stdout).to.equal('')
  })

  it('refuses options and arguments it does not know, and values out of range', async () => {
    const lines = [
      ['start', '--bogus'],
      ['migrate', 'now'],
      ['start', '--port', '70000'],
      ['doctor', '--data'],
      ['constructor'],
    ]
    for (const line of lines) {
      const { code, stdout, stderr } = await gdbos(line)
      expect(code, line.join(' ')).to.equal(2)
      expect(stdout, line.join(' ')).to.equal('')
      expect(stderr, line.join(' ')).to.match(/^gdbos: \S.*\n/)
    }
  })

  const broken: Record<string, [readonly string[], NodeJS.ProcessEnv, number, RegExp]> = {
    'a setting that is none': [['start'], { GDBOS_PORT: 'eighty' }, 1, /CONFIG_SETTING_INVALID/],
    'production without a server': [
      ['start'],
      { GDBOS_MODE: 'production' },
      1,
      /CONFIG_DATABASE_NOT_DURABLE/,
    ],
    'a demo in production': [
      ['start', '--demo'],
      { GDBOS_MODE: 'production', DATABASE_URL: 'postgres://127.0.0.1:1/none' },
      1,
      /CONFIG_SETTING_INVALID/,
    ],
    'production at an address that is not protected': [
      ['start'],
      {
        GDBOS_MODE: 'production',
        DATABASE_URL: 'postgres://127.0.0.1:1/none',
        GDBOS_PUBLIC_URL: 'http://window.example',
      },
      1,
      /GDBOS_PUBLIC_URL/,
    ],
    'a demo open to the network': [
      ['start', '--demo'],
      { GDBOS_HOST: '0.0.0.0' },
      1,
      /CONFIG_SETTING_INVALID/,
    ],
    'a database that is not there': [
      ['migrate'],
      { DATABASE_URL: 'postgres://127.0.0.1:1/none' },
      3,
      /DATABASE_SERVER_UNAVAILABLE/,
    ],
  }
  for (const [what, [line, env, expected, says]] of Object.entries(broken)) {
    it(`stops at ${what} with a sentence, a code and no stack`, async () => {
      const plain = await gdbos([...line, ...(line[0] === 'start' ? ['--data', folder] : [])], env)
      expect(plain.code).to.equal(expected)
      expect(plain.stderr).to.match(says)
      expect(plain.stderr).not.to.match(/^\s+at /m)
      expect(plain.stdout).to.equal('')
    })
  }

  it('tells a refusal as JSON when asked to', async () => {
    const { code, stdout } = await gdbos(['migrate', '--json'], { GDBOS_PORT: 'eighty' })

    expect(code).to.equal(1)
    expect(JSON.parse(stdout)).to.include({ code: 'CONFIG_SETTING_INVALID', kind: 'invalid' })
  })

  it('does not touch a folder that another host holds', async () => {
    const held = await mkdtemp(join(folder, 'held-'))
    const lock = JSON.stringify({ host: `not-${hostname()}`, pid: 1, processStart: '', token: 'x' })
    await writeFile(join(held, 'gdbos.lock'), lock)

    const { code, stderr } = await gdbos(['migrate', '--data', held])

    expect(code).to.equal(1)
    expect(stderr).to.include('CONFIG_FOLDER_IN_USE')
    expect(await readFile(join(held, 'gdbos.lock'), 'utf8')).to.equal(lock)
  })

  it('migrates a new folder, finds nothing to do the second time, and ends by itself', async () => {
    const fresh = join(folder, 'fresh')

    const first = await gdbos(['migrate', '--data', fresh, '--json'])
    const second = await gdbos(['migrate', '--data', fresh, '--json'])

    expect(first.code, first.stderr).to.equal(0)
    expect((JSON.parse(first.stdout) as { applied: string[] }).applied).to.include(
      '20261125T0900_core_identity',
    )
    expect(JSON.parse(second.stdout)).to.deep.equal({ applied: [] })
  })

  it('looks the platform over and names what is wrong with its remedy', async () => {
    const data = await migratedFolder()
    left.push(data)

    const healthy = await gdbos(['doctor', '--data', data, '--json'], { GDBOS_PORT: '0' })
    const ill = await gdbos(['doctor', '--data', data], {
      GDBOS_PORT: '0',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
      GDBOS_S3_ENDPOINT: '127.0.0.1',
      GDBOS_S3_PORT: '1',
      GDBOS_S3_TLS: 'off',
      GDBOS_S3_ACCESS_KEY: 'key',
      GDBOS_S3_SECRET_KEY: 'planted-secret',
    })

    expect(healthy.code, healthy.stdout).to.equal(0)
    expect(JSON.parse(healthy.stdout)).to.have.property('healthy', true)
    expect(ill.code).to.equal(1)
    expect(ill.stdout)
      .to.match(/FAILED {2}database/)
      .and.to.match(/FAILED {2}objects/)
    expect(ill.stdout).to.match(/→ See that the database runs/)
    expect(ill.stdout + ill.stderr).not.to.include('planted-secret')
  })

  async function gdbos(line: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const command = await gdbosCommand()
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...command, ...line], {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], HOME: folder, GDBOS_DATA: join(folder, 'data'), ...env },
      })
      const outcome = { code: null as number | null, stdout: '', stderr: '' }
      child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString()))
      child.on('error', reject)
      child.on('close', (code) => resolve({ ...outcome, code }))
    })
  }
})
