import { randomUUID } from 'node:crypto'
import type { Issue } from '../../modules/certificate/index.ts'
import { establish } from '../../modules/organisation/index.ts'
import type { World } from '../support/world.ts'

export const BUREAU = 'sample-bureau'
export const OTHER = 'other-bureau'
export const FIRM = 'sample-firm'
export const CODE = '91350100M000100Y43'

/** A county with two bodies and an enterprise. */
export async function establishSample(world: World): Promise<void> {
  const platform = world.platform()
  await establish(platform, {
    id: 'county',
    name: both('样例县人民政府'),
    kind: 'government',
    regionCode: '990101',
  })
  for (const [id, name] of [
    [BUREAU, '样例县市场监督管理局'],
    [OTHER, '样例县城市管理局'],
  ] as const)
    await establish(platform, {
      id,
      name: both(name),
      kind: 'body',
      parentId: 'county',
      regionCode: '990101',
    })
  await establish(platform, {
    id: FIRM,
    name: both('样例小馆餐饮有限公司'),
    kind: 'enterprise',
    creditCode: CODE,
  })
}

export const visitorOf = (world: World) =>
  world.kernel.contextFor({ id: 'anonymous', organisationId: 'public', roles: [] })

export function both(zh: string) {
  return { zh, en: `Sample ${zh}` }
}

/** A food licence of a new case. */
export function input(change: Partial<Issue> = {}): Issue {
  return {
    caseId: randomUUID(),
    organisationId: BUREAU,
    holderOrganisationId: FIRM,
    type: 'food-business-licence',
    title: { zh: '食品经营许可证', en: 'Food Business Licence' },
    holder: '样例小馆餐饮有限公司',
    holderCode: CODE,
    claims: [
      { name: 'premises', label: { zh: '经营场所', en: 'Premises' }, value: '样例县示例路1号' },
      { name: 'mainForm', label: { zh: '主体业态', en: 'Form' }, value: { zh: '餐饮服务', en: 'catering' } },
      {
        name: 'items',
        label: { zh: '经营项目', en: 'Items' },
        value: { zh: '热食类食品制售', en: 'hot dishes' },
      },
    ],
    issuedOn: '2026-02-25',
    validMonths: 60,
    numberPrefix: 'JY',
    ...change,
  }
}
