import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { CompiledColumn } from '../../core/text/column.ts'

/** Ten persons each, as employers of a register are. */
const EMPLOYERS = 200_000

const column = (name: string, rule: Partial<CompiledColumn>): CompiledColumn => ({
  name,
  elementCode: 'DE00000001',
  elementVersion: '1.0.0',
  label: { zh: name, en: name },
  synonyms: [],
  dataType: 'text',
  required: false,
  role: 'attribute',
  severity: 'reject',
  normalisers: ['nfkc', 'trim', 'null-words'],
  placeholders: [],
  nullWords: ['N/A', 'NULL', '－', '-', '—', '無', '无', '不详', '不詳', '***'],
  sqlType: 'varchar',
  ...rule,
})

const DIVISIONS = Array.from({ length: 3_000 }, (_, index) => String(110_000 + index * 37))
const STATES = ['存续', '注销', '吊销', '迁出']

/** A register's twelve columns, a rule each. */
export const COLUMNS: readonly CompiledColumn[] = [
  column('person', {
    check: 'gb11643',
    required: true,
    role: 'key',
    normalisers: ['nfkc', 'trim', 'null-words', 'upper'],
  }),
  column('employer', { check: 'gb32100', normalisers: ['nfkc', 'trim', 'null-words', 'upper'] }),
  column('name', { required: true, maxLength: 50, normalisers: ['trim', 'null-words'] }),
  column('organisation', { minLength: 2, maxLength: 200 }),
  column('address', { maxLength: 500 }),
  column('division', { dataType: 'code', codes: DIVISIONS }),
  column('state', { dataType: 'code', codes: STATES }),
  column('registered_on', { dataType: 'date', calendar: 'gregorian' }),
  column('changed_on', { dataType: 'date', calendar: 'gregorian' }),
  column('capital', { dataType: 'money', minimum: 0, normalisers: ['nfkc', 'trim', 'null-words', 'money'] }),
  column('staff', { dataType: 'integer', minimum: 0, maximum: 1_000_000 }),
  column('phone', { pattern: '^1[3-9][0-9]{9}$' }),
]

/** Eight more, so that a row is as wide as a department's. */
export const WIDE: readonly CompiledColumn[] = [
  ...COLUMNS,
  column('email', { pattern: '^[a-z0-9.]+@[a-z.]+$', maxLength: 60 }),
  column('postcode', { pattern: '^[0-9]{6}$' }),
  column('floors', { dataType: 'integer', minimum: 0, maximum: 200 }),
  column('area', { dataType: 'number', minimum: 0, maximum: 1_000_000 }),
  column('inspected_on', { dataType: 'date', calendar: 'gregorian' }),
  column('grade', { dataType: 'code', codes: ['A', 'B', 'C', 'D'] }),
  column('contact', { maxLength: 50 }),
  column('remark', { maxLength: 200 }),
]

/** The same rows in every run; about one in fifty has something wrong or oddly written. */
export async function writeRegister(
  path: string,
  { rows, columns = COLUMNS, changed = 0 }: { rows: number; columns?: typeof COLUMNS; changed?: number },
): Promise<void> {
  const stream = createWriteStream(path, { highWaterMark: 4 * 1_048_576 })
  const random = generator(20_260_105)
  const employers = Array.from({ length: EMPLOYERS }, (_, at) => creditCode(random, at % 1_000 === 0))
  stream.write(`${columns.map(({ name }) => name).join(',')}\n`)
  let block = ''
  for (let row = 0; row < rows; row++) {
    const cells = rowOf(row, random, employers)
    if (columns.length > COLUMNS.length) cells.push(...moreOf(row, random))
    // A later version of the register: every so many rows another address.
    if (changed > 0 && row % changed === 0) cells[4] = `${cells[4] ?? ''}之一`
    block += `${cells.join(',')}\n`
    if (block.length < 1_048_576) continue
    if (!stream.write(block)) await once(stream, 'drain')
    block = ''
  }
  stream.end(block)
  await once(stream, 'finish')
}

export type Random = (below: number) => number

/** xorshift32: no need for more. */
export function generator(seed: number): Random {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

function rowOf(row: number, random: Random, employers: readonly string[]): string[] {
  const odd = random(50) === 0 ? random(8) : -1
  const day = (from: number, years: number) =>
    `${from + random(years)}-${two(1 + random(12))}-${two(1 + random(28))}`
  const person = personNumber(row, random, odd === 0)
  const employer = employers[random(EMPLOYERS)] ?? ''
  return [
    odd === 2 ? fullWidth(person) : person,
    odd === 1 ? employer.slice(1) : odd === 3 ? employer.toLowerCase() : employer,
    `${pick(SURNAMES, random)}${pick(GIVEN, random)}${pick(GIVEN, random)}`,
    `${pick(PLACES, random)}${pick(GIVEN, random)}${pick(GIVEN, random)}有限公司`,
    `${pick(PLACES, random)}人民路${random(999)}号${odd === 4 ? '（临街）' : ''}`,
    odd === 5 ? '999999' : (DIVISIONS[random(DIVISIONS.length)] ?? ''),
    STATES[random(STATES.length)] ?? '',
    odd === 6 ? '2019-02-30' : day(1990, 35),
    random(10) === 0 ? day(2000, 25).replaceAll('-', '') : day(2000, 25),
    odd === 7 ? `${random(500)}万元` : String(random(10_000) * 100),
    String(random(2_000)),
    `13${String(random(1e9)).padStart(9, '0')}`,
  ]
}

function moreOf(row: number, random: Random): string[] {
  return [
    `office${row}@example.cn`,
    String(100_000 + random(800_000)),
    String(1 + random(60)),
    (random(1_000_000) / 10).toFixed(1),
    `${2015 + random(10)}-${two(1 + random(12))}-${two(1 + random(28))}`,
    'ABCD'[random(4)] ?? '',
    `${pick(SURNAMES, random)}${pick(GIVEN, random)}`,
    random(3) === 0 ? `经营场所位于${pick(PLACES, random)}，${random(9)}层` : '',
  ]
}

export const SURNAMES = '王李张刘陈杨黄赵吴周'
export const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平'
const PLACES = ['示例县城关镇', '示例县东河镇', '示例县西山镇', '示例市新区']

export const pick = (from: string | readonly string[], random: Random) => from[random(from.length)] ?? ''
export const two = (number: number) => String(number).padStart(2, '0')
const fullWidth = (text: string) =>
  text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

const PERSON_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** Unique by row: the row is written in birth day and order. */
function personNumber(row: number, random: Random, wrong: boolean): string {
  const order = row % 1_000
  const day = Math.floor(row / 1_000)
  const born = `${1950 + Math.floor(day / 336)}${two(1 + (Math.floor(day / 28) % 12))}${two(1 + (day % 28))}`
  const body = `${110_000 + random(600) * 1_000}${born}${String(order).padStart(3, '0')}`
  const sum = PERSON_WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  const check = '10X98765432'[(sum + (wrong ? 1 : 0)) % 11] ?? ''
  return body + check
}

const CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

function creditCode(random: Random, wrong: boolean): string {
  const body = `91${110_000 + random(5_000)}MA${String(random(1e7)).padStart(7, '0')}`
  let weight = 1
  let sum = wrong ? 1 : 0
  for (const letter of body) {
    sum += CODE_ALPHABET.indexOf(letter) * weight
    weight = (weight * 3) % 31
  }
  return body + (CODE_ALPHABET[(31 - (sum % 31)) % 31] ?? '')
}
