import { establish } from '../../modules/organisation/index.ts'
import {
  type Entry,
  type EntryInput,
  type NewEntryInput,
  publishEntry,
  registerEntry,
  reviewEntry,
} from '../../modules/catalog/index.ts'
import { ELEMENTS } from '../golden/registers.ts'
import type { World } from '../support/world.ts'

export const item = (
  name: string,
  elementCode: string | null = null,
  duplicateReason: string | null = null,
): EntryInput['items'][number] => ({ name, elementCode, dataType: 'text', length: null, duplicateReason })

/** What a bureau writes of its register of firms; `changes` replace parts of it. */
export function written(changes: Partial<NewEntryInput> = {}): NewEntryInput {
  return {
    kind: 'department',
    classPath: ['市场主体'],
    name: '企业登记信息',
    unit: '登记注册处',
    summary: '全县企业设立、变更、注销登记形成的基本信息，供各部门核验。',
    keywords: ['企业', '登记'],
    format: 'database',
    formatType: 'PostgreSQL',
    items: [item('信用代码', ELEMENTS.code), item('名称', ELEMENTS.name)],
    sharingType: 'unconditional',
    sharingBasis: null,
    sharingCondition: null,
    sharingMethod: 'query',
    open: false,
    openCondition: null,
    updateCycle: 'daily',
    relatedCodes: [],
    custodian: '朱艳',
    contact: '0591-0000000',
    system: '登记系统',
    matters: ['企业设立登记'],
    datasetId: null,
    ...changes,
  }
}

const both = (zh: string, en: string) => ({ zh, en })

/** A county with three bureaus, and a bureau of another county. */
export async function establishBodies(world: World): Promise<void> {
  const platform = world.platform()
  for (const [id, name, parentId] of [
    ['county', both('示例县人民政府', 'County'), null],
    ['other-county', both('另一县人民政府', 'Other county'), null],
    ['market-bureau', both('市场监督管理局', 'Market bureau'), 'county'],
    ['tax-bureau', both('税务局', 'Tax bureau'), 'county'],
    ['water-bureau', both('水利局', 'Water bureau'), 'county'],
    ['far-bureau', both('市场监督管理局', 'Far bureau'), 'other-county'],
  ] as const)
    await establish(platform, { id, name, kind: parentId === null ? 'government' : 'body', parentId })
}

/** Registered by the bureau's steward, reviewed and published by its administrator. */
export async function givenPublished(
  world: World,
  changes: Partial<NewEntryInput> = {},
  organisationId = 'market-bureau',
): Promise<Entry> {
  const { id } = await registerEntry(world.as('data-steward', organisationId), written(changes))
  const admin = world.as('directory-admin', organisationId)
  await reviewEntry(admin, id)
  return publishEntry(admin, id)
}
