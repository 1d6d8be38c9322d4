import { createCipheriv, createDecipheriv, createHash, randomBytes, sign, verify } from 'node:crypto'
import type { Crypto } from '../crypto.ts'
import { errors, type Keys } from './keys.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** SHA-256, Ed25519 and AES-256-GCM of Node's own OpenSSL. */
export function openCrypto({ signing, sealing }: Keys): Crypto {
  const newest = { signing: signing[0], sealing: sealing[0] }
  if (!newest.signing || !newest.sealing) throw new Error('a crypto provider needs a key of each kind')
  const { signing: signer, sealing: sealer } = newest

  return {
    hash: (content) => createHash('sha256').update(content).digest('hex'),

    sign: (content) => ({
      algorithm: 'Ed25519',
      keyId: signer.keyId,
      value: sign(null, Buffer.from(content), signer.privateKey),
    }),

    verify(content, { keyId, value }) {
      const key = signing.find((each) => each.keyId === keyId)
      if (!key) return 'unknown-key'
      return verify(null, Buffer.from(content), key.publicKey, value) ? 'genuine' : 'altered'
    },

    publicKeys: () =>
      signing.map(({ keyId, publicKey }) => ({
        algorithm: 'Ed25519',
        keyId,
        spki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      })),

    seal(content, purpose) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, sealer.key, nonce).setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([cipher.update(Buffer.from(content)), cipher.final()])
      const parts = [nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))
      return ['1', sealer.keyId, ...parts].join('.')
    },

    open(text, purpose) {
      const [version, keyId = '', ...parts] = text.split('.')
      const [nonce, tag, sealed] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (version !== '1' || parts.length !== 3 || !nonce || !tag || !sealed) throw errors.SEAL_BROKEN()
      if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) throw errors.SEAL_BROKEN()
      const key = sealing.find((each) => each.keyId === keyId)?.key
      if (!key) throw errors.KEY_UNKNOWN({ keyId })
      try {
        const opener = createDecipheriv(CIPHER, key, nonce).setAAD(Buffer.from(purpose)).setAuthTag(tag)
        return Buffer.concat([opener.update(sealed), opener.final()])
      } catch {
        // OpenSSL does not say which of content, tag, key or purpose is wrong, and need not.
        throw errors.SEAL_BROKEN()
      }
    },
  }
}
