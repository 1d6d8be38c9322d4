import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import express from 'express'
import { portal } from '../../gateway/rest/portal.ts'

describe('the pages', () => {
  let folder: string
  let server: Server

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-portal-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<html><head></head><body>one window</body></html>')
    await writeFile(join(folder, 'assets', 'page-1a2b.js'), 'export {}')
    server = express().use(portal(folder)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
  })
  after(async () => {
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true, force: true })
  })

  async function get(path: string, accept: string): Promise<{ status: number; body: string; kept: string }> {
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } })
    return {
      status: answer.status,
      body: await answer.text(),
      kept: answer.headers.get('cache-control') ?? '',
    }
  }

  it('open the front door to whoever knocks, and the others to who asks for a page', async () => {
    for (const [path, accept] of [
      ['/', '*/*'],
      ['/', 'text/html'],
      ['/tasks', 'text/html'],
    ] as const) {
      const { status, body, kept } = await get(path, accept)
      expect([status, kept], `${path} ${accept}`).to.deep.equal([200, 'no-store'])
      expect(body).to.include('one window')
    }
    expect((await get('/tasks', '*/*')).status).to.equal(404)
    expect((await get('/.git/config', 'text/html')).status).to.equal(404)
  })

  it('let a browser keep what carries its digest in its name', async () => {
    const { body, kept } = await get('/assets/page-1a2b.js', '*/*')

    expect(body).to.equal('export {}')
    expect(kept).to.equal('public, max-age=31536000, immutable')
  })
})
