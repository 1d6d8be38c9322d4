import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { emit } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { gate, type Known } from './compile/gate.ts'
import { rehearse } from './compile/rehearsal.ts'
import * as repository from './definition.repository.ts'
import type { Deployed } from './deployed.ts'
import {
  deployedPackSchema,
  formSchema,
  type MessageRoute,
  type Pack,
  type PackFile,
  packSchema,
} from './pack.ts'
import { can } from './policy.ts'
import { errors, refusalOf } from './refusals.ts'
import './events.ts'

export interface Deployment {
  /** The id the process must have. */
  readonly key: string
  readonly xml: string
  readonly pack?: { readonly messages?: readonly MessageRoute[]; readonly forms?: Pack['forms'] }
}

/**
 * Checks, compiles, rehearses and stores a definition as the next version of its key. The same file and
 * pack again answer the version there is. Running instances are not touched.
 *
 * @throws WORKFLOW_SCRIPT_FORBIDDEN, WORKFLOW_TASK_UNKNOWN, WORKFLOW_TIMER_INVALID, WORKFLOW_MODEL_INVALID
 */
export async function deploy(ctx: Context, deployment: Deployment, known: Known): Promise<Deployed> {
  await authorize(ctx, can.deployProcess)
  const { key, xml } = deployment
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
  const current = await repository.latest(ctx, key)
  if (current?.sha256 === sha256) return current
  const report = await gate(xml, { known: { ...known, forms: new Set(Object.keys(pack.forms)) } })
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
  const fresh = {
    key,
    name: definition.name,
    xml,
    sha256,
    compiled: definition,
    pack,
    gateReport: warnings,
    rehearsal,
    deployedBy: ctx.actor.id,
  }
  return transaction(ctx, (ctx) => store(ctx, fresh))
}

const finding = (element: string, zh: string, en: string) => ({ rule: 'rehearsal', element, zh, en })

async function store(
  ctx: TransactionContext,
  fresh: Omit<Deployed, 'id' | 'version' | 'deployedAt'>,
): Promise<Deployed> {
  await repository.lockDeployments(ctx)
  const before = await repository.latest(ctx, fresh.key)
  if (before?.sha256 === fresh.sha256) return before
  const version = (before?.version ?? 0) + 1
  const deployed = await repository.insert(ctx, { ...fresh, version, deployedAt: ctx.now() })
  await emit(ctx, 'workflow.definition.deployed', { definitionId: deployed.id, key: fresh.key, version })
  return deployed
}

const PACKS = join(import.meta.dirname, 'packs')

/** Deploys every shipped pack; unchanged ones stay as they are. */
export async function deployPacks(ctx: Context, known: Known): Promise<Deployed[]> {
  const deployed: Deployed[] = []
  for (const { folder, file } of shippedPacks()) {
    const forms = await Promise.all(
      file.forms.map(async (form) => [form, await readForm(folder, form)] as const),
    )
    const xml = await readFile(join(folder, file.bpmn), 'utf8')
    const pack = { messages: file.messages, forms: Object.fromEntries(forms) }
    deployed.push(await deploy(ctx, { key: file.key, xml, pack }, known))
  }
  return deployed
}

async function readForm(folder: string, form: string) {
  return formSchema.parse(JSON.parse(await readFile(join(folder, 'forms', `${form}.json`), 'utf8')))
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

/** The latest version of every process. */
export async function definitions(ctx: Context): Promise<Deployed[]> {
  await authorize(ctx, can.readDefinition)
  return repository.latestOfAll(ctx)
}
