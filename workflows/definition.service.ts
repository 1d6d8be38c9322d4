import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { organisationById } from '../modules/organisation/index.ts'
import { registerUser } from '../standards/index.ts'
import { readModel } from './decisions/index.ts'
import { gate, type Known } from './compile/gate.ts'
import { rehearse } from './compile/rehearsal.ts'
import * as repository from './definition.repository.ts'
import type { Deployed } from './deployed.ts'
import type { Files } from './draft.ts'
import { readPack } from './pack.files.ts'
import { deployedPackSchema, type MessageRoute, type Pack, type PackFile, packSchema } from './pack.ts'
import { can } from './policy.ts'
import { errors, refusalOf } from './refusals.ts'
import { reconsider } from './runtime/message.repository.ts'
import { schedule } from './runtime/schedules.ts'
import { startMessages } from './runtime/step/index.ts'
import { bindingsOf } from './usage.ts'
import './events.ts'

export interface Deployment {
  /** The id the process must have. */
  readonly key: string
  readonly xml: string
  readonly pack?: {
    readonly messages?: readonly MessageRoute[]
    readonly forms?: Pack['forms']
    readonly decisions?: Pack['decisions']
    readonly papers?: Pack['papers']
  }
}

/**
 * Checks, compiles, rehearses and stores a definition as the next version of its key. The same file and
 * pack again answer the version there is. Running instances are not touched. A new process belongs to the
 * organisation of who deploys it; versions of another organisation's process are refused.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_SCRIPT_FORBIDDEN, WORKFLOW_TASK_UNKNOWN, WORKFLOW_TIMER_INVALID,
 *   WORKFLOW_KEY_MISMATCH, WORKFLOW_MODEL_INVALID, STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED, and for its DMN files DECISION_FILE_INVALID
 *   and its like
 */
export async function deploy(ctx: Context, deployment: Deployment, known: Known): Promise<Deployed> {
  const prepared = await prepare(ctx, deployment, known)
  if ('id' in prepared) return prepared
  return transaction(ctx, (ctx) => store(ctx, prepared))
}

/** What {@link deploy} would store, with the number it would have; nothing is stored. @throws like {@link deploy} */
export async function rehearseDeployment(
  ctx: Context,
  deployment: Deployment,
  known: Known,
): Promise<Omit<Deployed, 'id' | 'deployedAt'>> {
  const prepared = await prepare(ctx, deployment, known)
  if ('id' in prepared) return prepared
  const current = await repository.latest(ctx, deployment.key)
  return { ...prepared, version: (current?.version ?? 0) + 1 }
}

type Fresh = Omit<Deployed, 'id' | 'version' | 'deployedAt'>

/** Checked, compiled and rehearsed; the version there is when it is the same. */
async function prepare(ctx: Context, deployment: Deployment, known: Known): Promise<Fresh | Deployed> {
  const { key, xml } = deployment
  const current = await repository.latest(ctx, key)
  await authorize(ctx, can.deployProcess, current ?? ctx.actor)
  const given = deployedPackSchema.safeParse(deployment.pack ?? {})
  if (!given.success) {
    const at = given.error.issues[0]?.path.join('.') ?? ''
    throw refusalOf({
      findings: [finding(key, `流程包无效：${at}`, `The pack of the process is not valid: ${at}`)],
    })
  }
  const pack: Pack = given.data
  const sha256 = createHash('sha256')
    .update(JSON.stringify([xml, pack]))
    .digest('hex')
  if (current?.sha256 === sha256) return current
  const processes = await repository.newestVersions(ctx)
  const forms = new Set(Object.keys(pack.forms))
  const decisions = await Promise.all(Object.values(pack.decisions ?? {}).map(readModel))
  const report = await gate(xml, { known: { ...known, forms, processes, decisions } })
  if (!report.definition) throw refusalOf(report)
  const { definition } = report
  if (definition.key !== key) throw errors.KEY_MISMATCH({ key, found: definition.key })
  const rehearsal = await rehearse(definition)
  const failed = rehearsal.paths.find(({ outcome }) => outcome === 'failed')
  if (failed)
    throw refusalOf({
      findings: [finding(key, `预演失败：${failed.error}`, `The rehearsal failed: ${failed.error}`)],
    })
  const standing = rehearsal.outcome !== 'ended'
  const warnings = standing
    ? [...report.warnings, finding(key, '预演未走到结束事件', 'The rehearsal reached no end event')]
    : report.warnings
  return {
    key,
    name: definition.name,
    xml,
    sha256,
    compiled: definition,
    pack,
    gateReport: warnings,
    rehearsal,
    organisationId: ctx.actor.organisationId,
    deployedBy: ctx.actor.id,
  }
}

const finding = (element: string, zh: string, en: string) => ({ rule: 'rehearsal', element, zh, en })

async function store(ctx: TransactionContext, fresh: Fresh): Promise<Deployed> {
  const organisationId = await repository.holdProcess(ctx, fresh.key, fresh.organisationId)
  await authorize(ctx, can.deployProcess, { organisationId })
  const before = await repository.latest(ctx, fresh.key)
  if (before?.sha256 === fresh.sha256) return before
  const version = (before?.version ?? 0) + 1
  const deployed = await repository.insert(ctx, { ...fresh, version, deployedAt: ctx.now() })
  await schedule(ctx, deployed)
  await reconsider(ctx, startMessages(deployed.compiled))
  await registerUser(
    ctx,
    {
      kind: 'process',
      id: deployed.id,
      code: fresh.key,
      version: String(version),
      name: fresh.name,
      organisationId,
    },
    bindingsOf(fresh.compiled, fresh.pack),
  )
  await emit(ctx, 'workflow.definition.deployed', { definitionId: deployed.id, key: fresh.key, version })
  return deployed
}

/**
 * Gives a process to another organisation, whose designers deploy its versions from then on. Its instances
 * stay with the bodies of their cases.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, ORGANISATION_NOT_FOUND
 */
export async function handOver(ctx: Context, key: string, organisationId: string): Promise<Deployed> {
  return transaction(ctx, async (ctx) => {
    await authorize(ctx, can.handOverProcess)
    const current = await repository.latest(ctx, key)
    if (!current) throw errors.PROCESS_NOT_FOUND({ key })
    const { id } = await organisationById(ctx, organisationId)
    if (current.organisationId === id) return current
    await repository.giveProcess(ctx, key, id)
    await emit(ctx, 'workflow.process.handed-over', { key, from: current.organisationId, organisationId: id })
    return { ...current, organisationId: id }
  })
}

const PACKS = join(import.meta.dirname, 'packs')

/** Deploys every shipped pack that is the platform's own still; unchanged ones stay as they are. */
export async function deployPacks(ctx: Context, known: Known): Promise<Deployed[]> {
  const deployed: Deployed[] = []
  for (const { folder, file } of shippedPacks()) {
    const current = await repository.latest(ctx, file.key)
    if (current && current.organisationId !== ctx.actor.organisationId) continue
    const { deployment, findings } = readPack(file.key, await filesIn(folder))
    if (!deployment || findings.length > 0) throw refusalOf({ findings })
    deployed.push(await deploy(ctx, deployment, known))
  }
  return deployed
}

/** The files of a pack's folder by their place in it. */
export async function filesIn(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = files.map(async (file) => [
    relative(folder, file).replaceAll(sep, '/'),
    await readFile(file, 'utf8'),
  ])
  return Object.fromEntries(await Promise.all(texts)) as Files
}

interface ShippedPack {
  readonly folder: string
  readonly file: PackFile
}

/** The packs beside this file, by key; read once, when the platform is composed. */
export function shippedPacks(): ShippedPack[] {
  return readdirSync(PACKS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasPack(join(PACKS, entry.name)))
    .map(({ name }) => {
      const folder = join(PACKS, name)
      return { folder, file: packSchema.parse(JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8'))) }
    })
    .sort((a, b) => (a.file.key < b.file.key ? -1 : 1))
}

const hasPack = (folder: string) => readdirSync(folder).includes('pack.json')

/** The latest version of every process, whosever it is: bodies learn from each other's procedures. */
export async function definitions(ctx: Context): Promise<Deployed[]> {
  await authorize(ctx, can.readDefinition)
  return repository.latestOfAll(ctx)
}
