import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockFolder } from '../../core/database/lock.ts'
import { refusal } from '../support/refusal.ts'

describe('holding the data folder', () => {
  let folder: string
  const lockFile = () => join(folder, 'gdbos.lock')
  const holder = (changes: object) =>
    writeFile(
      lockFile(),
      JSON.stringify({ host: hostname(), pid: process.pid, processStart: '1', token: 'theirs', ...changes }),
    )

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-lock-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('refuses a second holder, naming the process', async () => {
    const lock = await lockFolder(folder)

    const error = await refusal(lockFolder(folder))

    expect(error.code).to.equal('CONFIG_FOLDER_IN_USE')
    expect(error.params).to.include({ pid: process.pid })
    await lock.release()
    await (await lockFolder(folder)).release()
  })

  it('takes over from a holder that died, also when its number was given to another process', async () => {
    await holder({ processStart: '1' })

    const lock = await lockFolder(folder)

    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).to.include({ pid: process.pid })
    await lock.release()
  })

  it('gives a dead holder’s folder to one of several that start at once', async () => {
    for (let round = 0; round < 50; round++) {
      await holder({ processStart: '1' })

      const locks = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))

      const held = locks.flatMap((lock) => (lock.status === 'fulfilled' ? [lock.value] : []))
      expect(held, `round ${round}`).to.have.length(1)
      await held[0]?.release()
      expect(await readdir(folder)).to.be.empty
    }
  })

  it('takes over what a power cut left of a lock', async () => {
    await writeFile(lockFile(), '{"host":')

    await (await lockFolder(folder)).release()

    expect(await readdir(folder)).to.be.empty
  })

  it('never takes over from another host', async () => {
    await holder({ host: 'another-host', pid: 1 })

    const error = await refusal(lockFolder(folder))

    expect(error.params).to.include({ host: 'another-host', pid: 1 })
  })

  it('releases only its own lock', async () => {
    const lock = await lockFolder(folder)
    await holder({ host: 'another-host' })

    await lock.release()

    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).to.include({ token: 'theirs' })
  })
})
