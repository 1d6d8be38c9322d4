import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { gdbosCommand } from '../support/command.ts'
import { migratedFolder } from '../support/data-folder.ts'

const ROOT = resolve(import.meta.dirname, '../..')

describe('starting and stopping the server', () => {
  let folder: string
  const children: ChildProcess[] = []

  before(async () => {
    folder = await migratedFolder()
  })
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })

  it('tells where it is, that it is a trial and where the data lies, and stops whole on SIGTERM', async () => {
    const server = await start()
    const url = await server.url

    const ready = await fetch(`${url}/health/ready`)
    const second = await (await start()).ended
    server.child.kill('SIGTERM')
    const { code, stdout, stderr } = await server.ended

    expect(ready.status).to.equal(200)
    expect(stdout)
      .to.include(folder)
      .and.to.match(/ready after \d+\.\d s/)
      .and.to.include('试用模式')
      .and.to.include(
        `gdbos account open wang.fang --zh 王芳 --en "Wang Fang" --organisation county --role system-admin --data '${folder}'`,
      )
    expect(second.code).to.equal(1)
    expect(second.stderr).to.include('CONFIG_FOLDER_IN_USE').and.to.include(String(server.child.pid))
    expect(code, stderr).to.equal(0)
    expect(existsSync(join(folder, 'gdbos.lock'))).to.equal(false)
  })

  it('starts again on a folder whose holder was killed', async () => {
    const killed = await start()
    await killed.url
    killed.child.kill('SIGKILL')
    await killed.ended

    const next = await start()
    const url = await next.url
    const answer = await fetch(`${url}/health/ready`)
    next.child.kill('SIGINT')

    expect(answer.status).to.equal(200)
    expect((await next.ended).code).to.equal(0)
  })

  it('ends requests in work before it stops, and takes no new ones', async () => {
    const server = await start()
    const url = await server.url
    const query = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ ping }"}',
    }
    const inWork = Array.from({ length: 20 }, () =>
      fetch(`${url}/graphql`, query).then((answer) => answer.json()),
    )

    const answers = await Promise.all(inWork)
    server.child.kill('SIGTERM')
    const { code } = await server.ended
    const late = await fetch(`${url}/health/live`).catch(() => 'refused')

    for (const answer of answers) expect(answer).to.deep.equal({ data: { ping: true } })
    expect(code).to.equal(0)
    expect(late).to.equal('refused')
  })

  async function start() {
    const command = await gdbosCommand()
    const child = spawn(process.execPath, [...command, 'start', '--port', '0', '--data', folder], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: folder, GDBOS_LOG: 'error' },
    })
    children.push(child)
    const said = { stdout: '', stderr: '' }
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, ...said }))
    })
    const url = new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said.stdout += chunk.toString()
        const found = /GDBOS {2}(http:\S+)/.exec(said.stdout)?.[1]
        if (found) resolve(found)
      })
      child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
      child.on('close', () => reject(new Error(`the server ended: ${said.stderr}`)))
    })
    url.catch(() => {})
    return { child, url, ended }
  }
})
