import type { Context } from '../../core/context.ts'
import * as catalog from '../../modules/catalog/index.ts'
import * as ingest from '../../modules/ingest/index.ts'
import { elementOf } from '../../standards/element.ts'
import * as standards from '../../standards/index.ts'
import { approve, submit } from '../support/standards.ts'
import type { World } from '../support/world.ts'

/** A standards office of two persons, and a department that keeps registers by its standards. */
export function openOffice(world: World, organisation = 'demo-standards') {
  const drafter = world.as('standards-drafter', organisation)
  const approver = world.as('standards-approver', organisation)
  const steward = world.as('data-steward', 'tax-bureau')

  async function publish(kind: standards.StandardKind, { code, version }: { code: string; version: string }) {
    await submit(drafter, kind, code, version)
    return approve(approver, kind, code, version)
  }

  const listContent = (
    id: string,
    more: Partial<standards.CodeListContent> = {},
  ): standards.CodeListContent => {
    const [standardNumber = '', edition = ''] = id.split('@')
    const names = { zh: `代码表 ${id}`, en: `List ${id}` }
    const levels = [{ zh: '级', en: 'level' }]
    return {
      ...{
        name: names,
        standardNumber,
        edition,
        issuer: '标准办',
        levels,
        licence: 'facts',
        extensible: 'no',
      },
      ...more,
    }
  }

  const valuesOf = (codes: readonly string[]) =>
    codes.map((code) => standards.codeValue({ code, name: { zh: `名${code}`, en: `name ${code}` } }))

  const draftList = (id: string, codes: readonly string[], wish?: standards.Wish) =>
    standards.draftCodeList(drafter, listContent(id), valuesOf(codes), wish)

  const elementContent = (serial: number, more: object = {}) =>
    elementOf({
      name: { zh: `测试数据元${serial}`, en: `Test element ${serial}` },
      shortName: `tested_${serial}`,
      definition: '测试用',
      objectClass: '测试',
      property: '代码',
      representation: '代码',
      dataType: 'text',
      format: 'an..20',
      ...more,
    })

  const elementCode = (serial: number) => `DE8${String(serial).padStart(7, '0')}`

  const draftElement = (serial: number, more: object = {}, wish?: standards.Wish) =>
    standards.draftElement(drafter, elementCode(serial), elementContent(serial, more), wish)

  /** A schema of a key and one column of the element. */
  const schemaInput = (element: string, elementRange?: string) => ({
    name: { zh: `登记 ${element}`, en: `Register of ${element}` },
    columns: [
      { name: 'number', elementCode: 'DE00000002', required: true },
      { name: 'tested', elementCode: element, elementRange: elementRange ?? null, required: false },
    ],
    primaryKey: ['number'],
    maxRejectedRate: 0.9,
  })

  return {
    drafter,
    approver,
    steward,
    publish,
    listContent,
    valuesOf,
    draftList,
    elementContent,
    elementCode,
    draftElement,
    schemaInput,
    async givenList(id: string, codes: readonly string[]) {
      return publish('code-list', await draftList(id, codes))
    },
    async givenElement(serial: number, more: object = {}) {
      return publish('element', await draftElement(serial, more))
    },
    async givenSchema(code: string, element: string) {
      return publish('schema', await standards.draftSchema(drafter, code, schemaInput(element)))
    },
    /** Registers a dataset and loads these values, each under a credit code of its own. */
    async givenRows(
      schemaCode: string,
      rows: readonly (readonly [key: string, value: string])[],
      by = steward,
    ) {
      const title = `登记簿 ${schemaCode} ${by.actor.organisationId}`
      const dataset = await catalog.registerDataset(by, { title, schemaCode })
      await load(world, by, dataset.id, rows)
      return dataset
    },
  }
}

export async function load(
  world: World,
  steward: Context,
  datasetId: string,
  rows: readonly (readonly [key: string, value: string])[],
) {
  const text = ['number,tested', ...rows.map((cells) => cells.join(','))].join('\n')
  const content = Buffer.from(`${text}\n`)
  const batch = await ingest.receive(steward, { datasetId, fileName: 'rows.csv', content })
  const columns = [
    { index: 0, target: 'number' },
    { index: 1, target: 'tested' },
  ]
  await ingest.confirmMapping(steward, { batchId: batch.id, encoding: 'utf-8', columns })
  await world.settle()
  return ingest.batch(steward, batch.id)
}

export type Office = ReturnType<typeof openOffice>
