import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { establish, type NewOrganisation } from '../../modules/organisation/index.ts'
import { addMaterial, publishItem, seedItems } from '../../modules/service/index.ts'
import * as applications from '../../modules/service/application.service.ts'
import * as cases from '../../modules/service/case.service.ts'
import { findByCode } from '../../modules/service/item.repository.ts'
import type { Item } from '../../modules/service/item.ts'
import { submit } from '../../modules/service/submission.service.ts'
import { openWorld, type World, type WorldOptions } from '../support/world.ts'

export const COUNTY = 'demo-county'
export const MARKET = 'demo-market-bureau'
export const URBAN = 'demo-urban-management'
export const TAX = 'demo-tax-bureau'
export const FIRM = 'demo-haoweilai'
export const RIVAL = 'demo-hongyun'
export const ITEM_CODE = '0131025000-990121'

/** A small PDF that is one by its first bytes. */
export const PDF = Buffer.from(
  '%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n',
)

export const organisations: readonly NewOrganisation[] = [
  { id: COUNTY, kind: 'government', regionCode: '990121', name: { zh: '示例县人民政府', en: 'Demo County' } },
  body(MARKET, '示例县市场监督管理局'),
  body(URBAN, '示例县城市管理局'),
  body(TAX, '示例县税务局'),
  firm(FIRM, '示例县好味来餐饮有限公司', '91990121MAEH7Y1G65'),
  firm(RIVAL, '示例县鸿运食品有限公司', '91990121MA8DMAQ73H'),
]

function body(id: string, zh: string): NewOrganisation {
  return { id, kind: 'body', parentId: COUNTY, regionCode: '990121', name: { zh, en: id } }
}

function firm(id: string, zh: string, creditCode: string): NewOrganisation {
  return { id, kind: 'enterprise', regionCode: '990121', name: { zh, en: id }, creditCode }
}

/** Answers to the scenario questions: a new caterer without high-risk processes and without a commitment. */
export const CATERER = { q1: 'new', q2: 'catering', q3: 'no', q4: 'no', q5: 'no', q6: 'no', q7: 'no' }

/** The whole form, right. */
export const FORM = {
  creditCode: '91990121MAEH7Y1G65',
  name: '示例县好味来餐饮有限公司',
  legalRepresentative: '林晓梅',
  premisesAddress: '示例县城关镇人民路28号',
  areaSquareMetres: 120.5,
  landlordKind: 'rented',
  mainForm: 'catering',
  businessItems: ['hot-dishes', 'beverages'],
  equipment: ['refrigeration', 'ventilation'],
  foodSafetyManagerName: '何志强',
  foodSafetyManagerIdNumber: '11010519491231002X',
  foodSafetyManagerCertificateNumber: 'SP-2026-0001',
  contactMobile: '13994009492',
  declaration: true,
}

/**
 * A world with the bodies of Demo County, two firms, and the item in the directory. With `byHand` no process
 * runs its cases, so that a test may take each step itself.
 */
export async function openWindow({ byHand = false, ...options }: WorldOptions & { byHand?: boolean } = {}) {
  const world = await openWorld({
    ...options,
    prepared: {
      name: 'window',
      async prepare(platform) {
        for (const organisation of organisations) await establish(platform, organisation)
        await seedItems(platform, new URL('../../workflows/packs/', import.meta.url))
      },
    },
  })
  const shipped = await findByCode(world.platform(), ITEM_CODE)
  if (!shipped) throw new Error('the pack has no item')
  const withoutProcess = { ...shipped.content, processPack: 'none' }
  const item = byHand ? await publishItem(world.platform(), withoutProcess) : shipped
  return { world, item, ...people(world), ...steps(world, item) }
}

export type Window = Awaited<ReturnType<typeof openWindow>>

function people(world: World) {
  return {
    drafter: () => world.as('enterprise-drafter', FIRM),
    rival: () => world.as('enterprise-drafter', RIVAL),
    clerk: () => world.as('clerk', MARKET),
    reviewer: () => world.as('reviewer', MARKET),
    inspector: () => world.as('inspector', MARKET),
    signer: () => world.as('signer', MARKET),
    urbanReviewer: () => world.as('reviewer', URBAN),
    taxReviewer: () => world.as('reviewer', TAX),
    supervisor: () => world.as('supervisor', COUNTY),
    process: () => world.platform(),
  }
}

function steps(world: World, item: Item) {
  async function upload(
    ctx: Context,
    applicationId: string,
    code: string,
    content: Buffer = PDF,
    fileName = `${code}.pdf`,
  ) {
    const { version } = await applications.read(ctx, applicationId)
    return addMaterial(ctx, {
      applicationId,
      code,
      expectedVersion: version,
      commandId: randomUUID(),
      fileName,
      declaredType: undefined,
      content,
    })
  }

  /** A draft with everything in it, ready to be sent. */
  async function fillIn(ctx: Context, questions: object = CATERER, form: object = FORM) {
    const draft = await applications.startDraft(ctx, item.id, questions)
    await applications.saveDraft(ctx, draft.id, draft.version, form)
    for (const code of ['M3', 'M4']) await upload(ctx, draft.id, code)
    return applications.read(ctx, draft.id)
  }

  /** A case just received. */
  async function apply(ctx: Context, questions: object = CATERER, form: object = FORM) {
    const draft = await fillIn(ctx, questions, form)
    const application = await submit(ctx, draft.id, draft.version)
    const [file] = await cases.casesOf(ctx, application)
    if (!file) throw new Error('no case was made')
    return { application, file }
  }

  return { upload, fillIn, apply, find: (id: string) => cases.read(world.platform(), id) }
}

/** Midday in the county. */
export const noon = (day: string) => new Date(`${day}T12:00:00+08:00`)
