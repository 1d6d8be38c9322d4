import * as standards from '../../standards/index.ts'
import type { World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

function creditCode(at: number): string {
  const organisation = withOrganisationCheck(`MA3${String(at).padStart(5, '0')}`)
  const body = `91350100${organisation}`
  const sum = [...body].reduce(
    (total, character, place) => total + ALPHABET.indexOf(character) * (3 ** place % 31),
    0,
  )
  return body + ALPHABET[(31 - (sum % 31)) % 31]
}

/** GB 11714-1997. */
function withOrganisationCheck(body: string): string {
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const sum = [...body].reduce(
    (total, character, place) => total + Number.parseInt(character, 36) * (weights[place] ?? 0),
    0,
  )
  const check = 11 - (sum % 11)
  return body + (check === 10 ? 'X' : check === 11 ? '0' : String(check))
}

/** Valid credit codes, made by GB 32100-2015 from invented bodies. */
export const CODES: readonly string[] = Array.from({ length: 40 }, (_, at) => creditCode(at))

/** A register of payments: each in a currency, on a day. */
export async function publishPayments(world: World, code: string): Promise<string> {
  const drafter = world.as('standards-drafter', 'standards-bureau', 'drafter')
  const common = { elementRange: '^1.0.0', synonyms: [] }
  const draft = await standards.draftSchema(drafter, code, {
    name: { zh: '付款登记', en: 'payments' },
    columns: [
      { ...common, name: 'currency', elementCode: 'DE00000237', required: true, role: 'attribute' },
      { ...common, name: 'paid_on', elementCode: 'DE00000008', required: false, role: 'event-time' },
    ],
    primaryKey: [],
    maxRejectedRate: 0.05,
  })
  await submit(drafter, 'schema', code, draft.version)
  await approve(world.as('standards-approver', 'standards-bureau', 'approver'), 'schema', code, draft.version)
  return code
}

/** The business register under a code of its own, with another threshold. */
export async function publishRegister(world: World, code: string, maxRejectedRate: number): Promise<string> {
  const drafter = world.as('standards-drafter', 'standards-bureau', 'drafter')
  const { name, columns, primaryKey } = await standards.recordSchema(drafter, 'business-registration')
  const draft = await standards.draftSchema(drafter, code, { name, columns, primaryKey, maxRejectedRate })
  await submit(drafter, 'schema', code, draft.version)
  await approve(world.as('standards-approver', 'standards-bureau', 'approver'), 'schema', code, draft.version)
  return code
}
