import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { transaction } from '../../core/context.ts'
import { dayOf } from '../../core/day.ts'
import {
  type Dataset,
  type DatasetVersion,
  publishVersion,
  registerDataset,
} from '../../modules/catalog/index.ts'
import * as catalog from '../../modules/catalog/index.ts'
import { draftSchema, publishedSchema, type SchemaInput } from '../../standards/index.ts'
import type { World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

/** Elements of the shipped packs that the registers of these tests use. */
export const ELEMENTS = {
  code: 'DE00000002',
  name: 'DE00000001',
  address: 'DE00000005',
  phone: 'DE00000013',
  updatedOn: 'DE00000009',
  representative: 'DE00000011',
  organisationCode: 'DE00000003',
  number: 'DE00000019',
  formerNames: 'DE00000251',
} as const

export type ColumnName = keyof typeof ELEMENTS

const COLUMNS: Record<ColumnName, Omit<SchemaInput['columns'][number], 'elementCode'>> = {
  code: { name: 'uscc', role: 'key', required: true, severity: 'reject' },
  name: { name: 'organisation_name', role: 'attribute', required: false, severity: 'reject' },
  address: { name: 'address', role: 'attribute', required: false, severity: 'reject' },
  phone: { name: 'phone', role: 'attribute', required: false, severity: 'warn' },
  updatedOn: { name: 'updated_on', role: 'event-time', required: false, severity: 'warn' },
  representative: { name: 'legal_representative', role: 'attribute', required: false, severity: 'reject' },
  organisationCode: { name: 'organisation_code', role: 'attribute', required: false, severity: 'warn' },
  formerNames: { name: 'former_names', role: 'attribute', required: false, severity: 'warn' },
  number: { name: 'shop_number', role: 'attribute', required: true, severity: 'reject' },
}

/**
 * A published schema over the named columns; its rows may repeat a code, and lack it, when `keyed` is false or they
 * are named by a number of the department's own.
 */
export async function givenSchema(
  world: World,
  code: string,
  columns: readonly ColumnName[],
  { keyed = true } = {},
): Promise<string> {
  const drafter = world.as('standards-drafter', 'standards-office')
  const { version } = await draftSchema(drafter, code, {
    name: { zh: `登记册 ${code}`, en: `Register ${code}` },
    columns: columns.map((column) => ({
      ...COLUMNS[column],
      ...(column === 'code' && (columns.includes('number') || !keyed)
        ? { required: false, severity: 'warn' as const }
        : {}),
      elementCode: ELEMENTS[column],
    })),
    primaryKey: columns.includes('number') ? ['shop_number'] : keyed ? ['uscc'] : [],
    maxRejectedRate: 0.5,
  })
  await submit(drafter, 'schema', code, version)
  await approve(world.as('standards-approver', 'standards-office'), 'schema', code, version)
  return code
}

/** A register of `organisationId` without any rows yet. */
export function givenDataset(
  world: World,
  organisationId: string,
  schemaCode: string,
  title = `登记册 ${randomUUID()}`,
): Promise<Dataset> {
  return registerDataset(world.as('data-steward', organisationId), { title, schemaCode })
}

/** Loads rows, written as a department's CSV file with a header, and publishes what is accepted. */
export async function load(
  world: World,
  dataset: Dataset,
  lines: readonly string[],
): Promise<DatasetVersion> {
  const ctx = world.platform()
  const schema = await publishedSchema(ctx, dataset.schemaCode)
  const header = schema.columns.map(({ name }) => name)
  const staged = await ctx.plane.stage({
    content: Readable.from([Buffer.from([header.join(','), ...lines, ''].join('\n'))]),
    encoding: 'utf-8',
    delimiter: ',',
    skipRecords: 1,
    width: header.length,
    maxRows: 10_000_000,
  })
  const batchId = randomUUID()
  const { snapshot, counts } = await ctx.plane.validate({
    staged: staged.sha256,
    header,
    columns: schema.columns.map((column, index) => ({ ...column, index })),
    delimiter: ',',
    primaryKey: schema.primaryKey,
    datasetId: dataset.id,
    batchId,
    today: dayOf(ctx.now()),
  })
  const current = await catalog.currentVersion(ctx, dataset.id)
  return transaction(ctx, (ctx) =>
    publishVersion(ctx, {
      datasetId: dataset.id,
      parent: current?.version ?? null,
      files: snapshot ? [snapshot] : [],
      schemaVersion: schema.version,
      batchId,
      counts,
    }),
  )
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** The n-th invented credit code, valid by GB 32100-2015; larger n sort later. */
export function creditCode(n: number): string {
  const body = `91350100${String(n).padStart(9, '0')}`
  const sum = [...body].reduce((sum, sign, at) => sum + ALPHABET.indexOf(sign) * (WEIGHTS[at] ?? 0), 0)
  return body + String(ALPHABET[(31 - (sum % 31)) % 31])
}
