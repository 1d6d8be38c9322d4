import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { defineErrors } from '../errors.ts'

export const errors = defineErrors('CRYPTO', {
  KEY_FILE_EXPOSED: {
    kind: 'invalid',
    zh: '密钥文件 {path} 可被其他用户读取，请改为仅本人可读写（chmod 600）',
    en: 'Others can read the key file {path}; make it readable by its owner alone (chmod 600)',
  },
  KEY_FILE_INVALID: {
    kind: 'invalid',
    zh: '密钥文件 {path} 内容无效',
    en: 'The key file {path} does not hold keys',
  },
  KEY_UNKNOWN: {
    kind: 'unavailable',
    zh: '本机没有编号为 {keyId} 的密钥',
    en: 'This node does not hold the key {keyId}',
  },
  SEAL_BROKEN: {
    kind: 'invalid',
    zh: '加密内容已损坏或用途不符',
    en: 'The sealed content is damaged or was sealed for another purpose',
  },
})

/** Newest first; older ones stay to check and to open what they made. */
export interface Keys {
  readonly signing: readonly SigningKey[]
  readonly sealing: readonly SealingKey[]
}

export interface SigningKey {
  readonly keyId: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface SealingKey {
  readonly keyId: string
  readonly key: Buffer
}

/** Private keys are PKCS #8, sealing keys 32 bytes, both in base64. */
const keyFile = z.object({
  signing: z.array(z.object({ keyId: z.string(), privateKey: z.string() })).min(1),
  sealing: z.array(z.object({ keyId: z.string(), key: z.string() })).min(1),
})

/**
 * The keys of `<dataFolder>/keys.json`, made at the first start and readable by their owner alone. Nodes of one
 * installation share the file; whoever loses it can no longer open what was sealed.
 *
 * @throws CRYPTO_KEY_FILE_EXPOSED, CRYPTO_KEY_FILE_INVALID
 */
export async function keysIn(dataFolder: string): Promise<Keys> {
  const path = join(dataFolder, 'keys.json')
  await mkdir(dataFolder, { recursive: true })
  return (await readKeys(path)) ?? (await makeKeys(path))
}

async function readKeys(path: string): Promise<Keys | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  // Windows keeps no such bits.
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0)
    throw errors.KEY_FILE_EXPOSED({ path })
  try {
    const file = keyFile.parse(JSON.parse(text))
    return {
      signing: file.signing.map(({ privateKey }) => signingKey(fromPkcs8(privateKey))),
      sealing: file.sealing.map(({ key }) => sealingKey(Buffer.from(key, 'base64'))),
    }
  } catch {
    // Whatever is wrong in it, its content must not reach a log.
    throw errors.KEY_FILE_INVALID({ path })
  }
}

/** Written whole beside its place and linked into it: of two starters the second takes the first one's keys. */
async function makeKeys(path: string): Promise<Keys> {
  const { signing, sealing } = freshKeys()
  const text = JSON.stringify({
    signing: signing.map(({ keyId, privateKey }) => ({
      keyId,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    })),
    sealing: sealing.map(({ keyId, key }) => ({ keyId, key: key.toString('base64') })),
  })
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    await file.close()
    await chmod(temporary, 0o600)
    await link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(temporary, { force: true })
  }
  const keys = await readKeys(path)
  if (!keys) throw errors.KEY_FILE_INVALID({ path })
  return keys
}

/** Keys that end with the process. */
export function freshKeys(): Keys {
  return {
    signing: [signingKey(generateKeyPairSync('ed25519').privateKey)],
    sealing: [sealingKey(randomBytes(32))],
  }
}

function signingKey(privateKey: KeyObject): SigningKey {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('a signing key is Ed25519')
  const publicKey = createPublicKey(privateKey)
  return { keyId: idOf(publicKey.export({ type: 'spki', format: 'der' })), privateKey, publicKey }
}

function sealingKey(key: Buffer): SealingKey {
  if (key.length !== 32) throw new Error('a sealing key has 32 bytes')
  return { keyId: idOf(Buffer.concat([Buffer.from('gdbos sealing key'), key])), key }
}

const fromPkcs8 = (text: string) =>
  createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })

/** Tells keys apart; says nothing about a secret one. */
const idOf = (material: Buffer) => createHash('sha256').update(material).digest('hex').slice(0, 16)
