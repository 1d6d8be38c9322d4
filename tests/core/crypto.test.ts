import { expect } from 'chai'
import { createPublicKey, verify as verifyByNode } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshKeys, keysIn } from '../../core/crypto/keys.ts'
import { openCrypto } from '../../core/crypto/provider.ts'
import { refusal } from '../support/refusal.ts'

describe('the platform’s keys', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gdbos-keys-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('are made at the first start, for the owner’s eyes alone, and are the same at the next', async () => {
    const first = openCrypto(await keysIn(folder))
    const second = openCrypto(await keysIn(folder))

    expect((await stat(join(folder, 'keys.json'))).mode & 0o777).to.equal(0o600)
    expect(await readdir(folder)).to.deep.equal(['keys.json'])
    expect(second.publicKeys()).to.deep.equal(first.publicKeys())
    expect(second.verify('content', first.sign('content'))).to.equal('genuine')
    expect(second.open(first.seal('secret', 'test'), 'test').toString()).to.equal('secret')
  })

  it('are one set, also when two starters race', async () => {
    const [one, other] = await Promise.all([keysIn(folder), keysIn(folder)])

    expect(one.signing[0]?.keyId).to.equal(other.signing[0]?.keyId)
    expect(await readdir(folder)).to.deep.equal(['keys.json'])
  })

  it('are refused when others could read them, or when the file holds none', async () => {
    await keysIn(folder)
    await chmod(join(folder, 'keys.json'), 0o644)
    expect((await refusal(keysIn(folder))).code).to.equal('CRYPTO_KEY_FILE_EXPOSED')

    await chmod(join(folder, 'keys.json'), 0o600)
    await writeFile(join(folder, 'keys.json'), '{"signing":[]}')
    const error = await refusal(keysIn(folder))
    expect(error.code).to.equal('CRYPTO_KEY_FILE_INVALID')
    expect(await readFile(join(folder, 'keys.json'), 'utf8')).to.equal('{"signing":[]}')
  })
})

describe('signing and sealing', () => {
  const crypto = openCrypto(freshKeys())

  it('lets anybody check a signature with the exported public key', () => {
    const { keyId, value } = crypto.sign('回执')
    const exported = crypto.publicKeys().find((key) => key.keyId === keyId)
    const key = createPublicKey({
      key: Buffer.from(String(exported?.spki), 'base64'),
      format: 'der',
      type: 'spki',
    })

    expect(verifyByNode(null, Buffer.from('回执'), key, value)).to.equal(true)
    expect(crypto.verify('回執', { keyId, value })).to.equal('altered')
    expect(crypto.verify('回执', { keyId: 'another', value })).to.equal('unknown-key')
  })

  it('checks and opens what older keys made, and makes new things with the newest', () => {
    const [old, fresh] = [freshKeys(), freshKeys()]
    const before = openCrypto(old)
    const rotated = openCrypto({
      signing: [...fresh.signing, ...old.signing],
      sealing: [...fresh.sealing, ...old.sealing],
    })

    expect(rotated.verify('x', before.sign('x'))).to.equal('genuine')
    expect(rotated.open(before.seal('x', 'p'), 'p').toString()).to.equal('x')
    expect(rotated.sign('x').keyId).to.equal(fresh.signing[0]?.keyId)
    expect(() => before.open(rotated.seal('x', 'p'), 'p'))
      .to.throw()
      .with.property('code', 'CRYPTO_KEY_UNKNOWN')
  })

  it('opens a seal for its own purpose alone, whole and unaltered', () => {
    const sealed = crypto.seal('110101199003070000', 'person.number')

    expect(sealed).not.to.include('110101')
    expect(crypto.seal('same', 'p')).not.to.equal(crypto.seal('same', 'p'))
    const parts = sealed.split('.')
    const cut = [...parts.slice(0, 3), String(parts[3]).slice(0, 6), parts[4]].join('.')
    for (const [text, purpose] of [
      [sealed, 'another.purpose'],
      [sealed.slice(0, -3), 'person.number'],
      [cut, 'person.number'],
      ['', 'person.number'],
      [`2${sealed.slice(1)}`, 'person.number'],
    ] as const)
      expect(() => crypto.open(text, purpose))
        .to.throw()
        .with.property('code', 'CRYPTO_SEAL_BROKEN')
  })

  it('hashes by SHA-256', () => {
    expect(crypto.hash('abc')).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
