import type { Crypto } from '../../core/crypto.ts'
import { canonical } from '../../core/text/canonical.ts'
import type { Receipt } from './application.ts'
import type { Answers } from './form.ts'
import type { QuestionAnswers } from './scenario.ts'

interface Received extends Omit<Receipt, 'answersSha256' | 'signature' | 'keyId'> {
  readonly questions: QuestionAnswers
  readonly answers: Answers
}

/** The signed receipt of what was received (8.8): the answers by their hash, each file by its own. */
export function receiptOf(crypto: Crypto, { questions, answers, ...received }: Received): Receipt {
  const values = Object.fromEntries(Object.entries(answers).map(([field, { value }]) => [field, value]))
  const answersSha256 = crypto.hash(canonical({ questions, answers: values }))
  const unsigned = { ...received, answersSha256 }
  const { value, keyId } = crypto.sign(canonical(unsigned))
  return { ...unsigned, signature: value.toString('base64url'), keyId }
}

/** Whether the receipt was signed here and says what it said then. */
export function isGenuine(crypto: Crypto, { signature, keyId, ...unsigned }: Receipt): boolean {
  const value = Buffer.from(signature, 'base64url')
  return crypto.verify(canonical(unsigned), { keyId, value }) === 'genuine'
}
