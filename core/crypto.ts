/** What a signature was made with, kept beside it so that keys can change while old signatures stand. */
export interface Signature {
  readonly algorithm: 'Ed25519'
  readonly keyId: string
  readonly value: Buffer
}

/** A key anybody may check our signatures with. */
export interface PublicKey {
  readonly algorithm: 'Ed25519'
  readonly keyId: string
  /** SubjectPublicKeyInfo, DER in base64. */
  readonly spki: string
}

/** The platform's cryptography, behind one seam for another provider (SM2, SM3, SM4 or a hardware module). */
export interface Crypto {
  /** SHA-256 in lower-case hex. */
  hash(content: Buffer | string): string
  /** With the newest key. */
  sign(content: Buffer | string): Signature
  verify(content: Buffer | string, signature: Pick<Signature, 'keyId' | 'value'>): Verdict
  /** Every key that ever signed here, the newest first. */
  publicKeys(): readonly PublicKey[]
  /**
   * AES-256-GCM with the newest key, bound to `purpose`: what was sealed for one purpose opens for no other.
   * Answers `1.<key id>.<nonce>.<tag>.<content>`.
   */
  seal(content: Buffer | string, purpose: string): string
  /** @throws CRYPTO_SEAL_BROKEN, CRYPTO_KEY_UNKNOWN */
  open(sealed: string, purpose: string): Buffer
}

export type Verdict = 'genuine' | 'altered' | 'unknown-key'
