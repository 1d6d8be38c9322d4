import type { Readable } from 'node:stream'
import { once } from '../../core/commands.ts'
import { type Context, transaction, type TransactionContext } from '../../core/context.ts'
import { emit, recordAccess } from '../../core/events.ts'
import type { Application } from './application.ts'
import { errors as applicationErrors } from './application.ts'
import * as applications from './application.repository.ts'
import { edited, factOf, lockOwn, maySee, read as readApplication } from './application.service.ts'
import { errors as caseErrors } from './case.ts'
import * as cases from './case.repository.ts'
import * as corrections from './correction.repository.ts'
import { type Item, type MaterialDefinition, materialOf } from './item.ts'
import * as items from './item.service.ts'
import {
  checkedType,
  cleanName,
  errors,
  isUsable,
  type MaterialInstance,
  refused,
  type Upload,
} from './material.ts'
import * as repository from './material.repository.ts'

export interface NewMaterial extends Upload {
  readonly applicationId: string
  readonly code: string
  readonly expectedVersion: number
  readonly commandId: string
}

export interface Added {
  readonly id: string
  /** Of the application, after the file was linked. */
  readonly version: number
}

/**
 * Largest upload that may come for a material: known before the body is read.
 *
 * @throws SERVICE_APPLICATION_NOT_FOUND, SERVICE_MATERIAL_NOT_FOUND
 */
export async function definitionFor(
  ctx: Context,
  applicationId: string,
  code: string,
): Promise<MaterialDefinition> {
  const application = await readApplication(ctx, applicationId)
  const item = await items.itemOfVersion(ctx, application.itemVersionId)
  const definition = materialOf(item.content, code)
  if (!definition) throw errors.MATERIAL_NOT_FOUND({ id: code })
  return definition
}

/**
 * Links a file to a draft, or to what a correction asks for. The bytes are stored before, under their hash;
 * when the link is refused nothing refers to them. The same command again answers the first link.
 *
 * @throws SERVICE_APPLICATION_NOT_FOUND, SERVICE_MATERIAL_NOT_FOUND, SERVICE_MATERIAL_FILE_REFUSED,
 * SERVICE_MATERIAL_TYPE_MISMATCH, POLICY_FORBIDDEN, SERVICE_APPLICATION_NOT_DRAFT, SERVICE_CASE_VERSION_STALE
 */
export async function add(ctx: Context, input: NewMaterial): Promise<Added> {
  const definition = await definitionFor(ctx, input.applicationId, input.code)
  const mediaType = checkedType(definition, input)
  const stored = await ctx.objects.put(input.content)

  const { applicationId, code, commandId, expectedVersion } = input
  const fileName = cleanName(input.fileName)
  const call = {
    commandId,
    name: 'service.addMaterial',
    input: { applicationId, code, expectedVersion, fileName, sha256: stored.sha256 },
  }
  return once(ctx, call, async (ctx) => {
    const before = await lockOwn(ctx, applicationId)
    const item = await items.itemOfVersion(ctx, before.itemVersionId)
    await requireOpenFor(ctx, before, code)
    if (before.version !== expectedVersion) throw caseErrors.CASE_VERSION_STALE()
    const [given = []] = await repository.byApplications(ctx, [applicationId])
    if (given.filter((each) => each.code === code && isUsable(each)).length >= definition.maxFiles)
      throw refused('文件过多 / too many files', definition.maxFiles)

    const material = await repository.insert(ctx, {
      applicationId,
      code,
      fileName,
      mediaType,
      sizeBytes: stored.sizeBytes,
      sha256: stored.sha256,
      obtainedBy: 'upload',
    })
    const application = await applications.save(ctx, touched(ctx, before, item))
    const fact = { ...factOf(application, item), materialId: material.id, code }
    await emit(ctx, 'service.material.added', { ...fact, sha256: stored.sha256 })
    return { id: material.id, version: application.version }
  })
}

const touched = (ctx: Context, application: Application, item: Item) =>
  application.status === 'draft' ? edited(ctx, application, item) : application

/** A draft takes files; later only what an open correction names may come. @throws SERVICE_APPLICATION_NOT_DRAFT */
async function requireOpenFor(
  ctx: TransactionContext,
  application: Application,
  code: string,
): Promise<void> {
  if (application.status === 'draft') return
  const [files = []] = await cases.byApplications(ctx, [application.id])
  const asked = files.filter(({ status }) => status === 'correction-requested').map(({ id }) => id)
  const notices = asked.length === 0 ? [] : await corrections.latest(ctx, asked)
  const named = notices.some((notice) =>
    notice?.points.some(({ kind, target }) => kind === 'material' && target === code),
  )
  if (!named) throw applicationErrors.APPLICATION_NOT_DRAFT()
}

/**
 * Takes a file off a draft.
 *
 * @throws SERVICE_APPLICATION_NOT_FOUND, POLICY_FORBIDDEN, SERVICE_MATERIAL_NOT_FOUND,
 * SERVICE_APPLICATION_NOT_DRAFT, SERVICE_CASE_VERSION_STALE
 */
export async function remove(
  ctx: Context,
  applicationId: string,
  expectedVersion: number,
  materialId: string,
): Promise<Application> {
  return transaction(ctx, async (ctx) => {
    const before = await lockOwn(ctx, applicationId)
    if (before.status !== 'draft') throw applicationErrors.APPLICATION_NOT_DRAFT()
    if (before.version !== expectedVersion) throw caseErrors.CASE_VERSION_STALE()
    const material = await repository.find(ctx, materialId)
    if (material?.applicationId !== applicationId) throw errors.MATERIAL_NOT_FOUND({ id: materialId })

    await repository.remove(ctx, materialId)
    const item = await items.itemOfVersion(ctx, before.itemVersionId)
    const application = await applications.save(ctx, edited(ctx, before, item))
    const { code } = material
    await emit(ctx, 'service.material.removed', { ...factOf(application, item), materialId, code })
    return application
  })
}

/**
 * A file with its content, for those who see its application; the reading is recorded before.
 *
 * @throws SERVICE_MATERIAL_NOT_FOUND, OBJECTS_STORE_UNAVAILABLE
 */
export async function download(
  ctx: Context,
  id: string,
): Promise<{ material: MaterialInstance; content: Readable }> {
  const material = await repository.find(ctx, id)
  const application = material && (await applications.find(ctx, material.applicationId))
  if (!material || !application || !(await maySee(ctx, application))) throw errors.MATERIAL_NOT_FOUND({ id })
  const item = await items.itemOfVersion(ctx, application.itemVersionId)
  await transaction(ctx, (ctx) =>
    recordAccess(ctx, {
      kind: 'read',
      subject: `material ${id}`,
      purpose: item.itemCode,
      fields: [material.code],
    }),
  )
  return { material, content: await ctx.objects.get(material.sha256) }
}
