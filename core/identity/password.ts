import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { errors } from './account.ts'

const MIN_LENGTH = 12
const MAX_LENGTH = 256

/** Cost of the OWASP password storage sheet for scrypt: N = 2^15, r = 8, p = 3 (32 MB, some 0.2 s). */
const COST = { ln: 15, r: 8, p: 3 }
const KEY_BYTES = 32

/** Long enough to pass the length rule and still among the first a guesser tries (AUT1). */
const COMMON = new Set(
  [
    'password1234 password12345 password123456 passwordpassword 123456789012 1234567890123 1234567890abc',
    'qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwerty123456 qwerty1234567 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv',
    'abcdefghijkl abcd12345678 abc123456789 a12345678901 aa123456789a admin1234567 administrator admin@123456',
    'welcome12345 iloveyou1234 letmein12345 changeme1234 changemenow12 default12345 woaini1314520 woaini520131',
    'p@ssw0rd1234 passw0rd1234 trustno1trustno1 football1234 monkey123456 dragon123456 sunshine1234 princess1234',
    'qq1234567890 wang12345678 zhang1234567 li1234567890 china1234567 beijing12345 root12345678 test12345678',
  ].flatMap((line) => line.split(' ')),
)

/** @throws IDENTITY_PASSWORD_WEAK */
export function checkPassword(login: string, password: string): void {
  const plain = password.normalize('NFKC').toLowerCase()
  const weak =
    [...plain].length < MIN_LENGTH ||
    plain.length > MAX_LENGTH ||
    COMMON.has(plain) ||
    new Set(plain).size < 4 ||
    plain.includes(login.toLowerCase()) ||
    '01234567890123456789'.includes(plain)
  if (weak) throw errors.PASSWORD_WEAK({ length: MIN_LENGTH })
}

/** A salted digest with its own parameters in front: `$scrypt$ln=15,r=8,p=3$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST)
  const { ln, r, p } = COST
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`
}

export async function matches(password: string, hash: string): Promise<boolean> {
  const [, ln, r, p, salt, key] = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash) ?? []
  if (salt === undefined || key === undefined) throw new Error('a stored password hash has no known form')
  const expected = Buffer.from(key, 'base64url')
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return timingSafeEqual(actual, expected)
}

let decoy: Promise<string> | undefined

/** Takes as long as comparing with a real hash, so that an unknown login cannot be told by the clock (AUT5). */
export async function matchesNothing(password: string): Promise<false> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  await matches(password, await decoy)
  return false
}

function derive(password: string, salt: Buffer, { ln, r, p }: typeof COST): Promise<Buffer> {
  const N = 2 ** ln
  const normal = password.slice(0, MAX_LENGTH).normalize('NFKC')
  return new Promise((resolve, reject) => {
    scrypt(normal, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
