import type { Context } from '../core/context.ts'
import { recordAccess } from '../core/events.ts'
import { authorize } from '../core/policy.ts'
import { type MadeDecision, madeBy } from './decision.repository.ts'
import { modelOf } from './decide.ts'
import {
  type Answer,
  checkModel,
  Compiled,
  type DecisionFinding,
  type DecisionModel,
  errors as decisionErrors,
  evaluateDecision,
  inputsNeeded,
  inputsOf,
  plainAnswer,
  readModel,
} from './decisions/index.ts'
import * as repository from './definition.repository.ts'
import type { Deployed } from './deployed.ts'
import { can } from './policy.ts'
import { errors } from './refusals.ts'
import type { Instance } from './runtime/instance.ts'

/** A decision as it is shown beside the process it is deployed with. */
export interface DeployedDecision {
  readonly name: string
  /** What people call it; null where the file gives no other name. */
  readonly label: string | null
  /** Name of the model, which a DMN file holds. */
  readonly model: string
  readonly kind: 'decision' | 'service'
  readonly inputs: readonly { readonly name: string; readonly type: string | null }[]
  /** The table as data; null for another logic. */
  readonly table: object | null
  /** Overlaps, gaps and the like; of a deployed version warnings only. */
  readonly findings: readonly DecisionFinding[]
}

/** The decisions and decision services of a definition version, in the order of the files. */
export function decisionsOf({ compiled }: Pick<Deployed, 'compiled'>): DeployedDecision[] {
  const models = compiled.decisions ?? []
  return models.flatMap((model) => {
    const findings = checkModel(new Compiled(model, models))
    return [
      ...model.decisions.map(({ name, label = null, logic }) => ({
        ...{ ...shown(models, model, name), label, kind: 'decision' as const },
        table: logic.kind === 'table' ? logic : null,
        findings: findings.filter(({ decision }) => decision === name),
      })),
      ...model.services.map(({ name, label = null }) => ({
        ...{ ...shown(models, model, name), label, kind: 'service' as const, table: null, findings: [] },
      })),
    ]
  })
}

function shown(models: readonly DecisionModel[], model: DecisionModel, name: string) {
  const found = modelOf(models, name)
  const inputs = found ? inputsNeeded(found, name) : []
  return {
    name,
    model: model.name,
    inputs: inputs.map(({ name, typeRef = null }) => ({ name, type: typeRef })),
  }
}

export interface Question {
  /** Key of the process. */
  readonly key: string
  /** The latest when it is left out. */
  readonly version?: number | null
  readonly decision: string
  /** By the names of the decision's inputs. */
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * Evaluates a decision of a deployed definition and stores nothing. Decimals that a double does not hold exactly are
 * texts.
 *
 * @throws POLICY_FORBIDDEN, WORKFLOW_PROCESS_NOT_FOUND, DECISION_NOT_FOUND, DECISION_INPUT_INVALID,
 *   FEEL_EVALUATION_TOO_LONG
 */
export async function evaluate(ctx: Context, { key, version, decision, input }: Question): Promise<Answer> {
  await authorize(ctx, can.evaluateDecision)
  const deployed = await repository.version(ctx, key, version ?? null)
  if (!deployed) throw errors.PROCESS_NOT_FOUND({ key })
  const models = deployed.compiled.decisions ?? []
  const compiled = modelOf(models, decision)
  if (!compiled) {
    const known = decisionsOf(deployed).map(({ name }) => name)
    throw decisionErrors.NOT_FOUND({ name: decision, known: known.join(', ') })
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw decisionErrors.INPUT_INVALID({ name: '', reason: 'JSON object' })
  return plainAnswer(evaluateDecision(compiled, decision, inputsOf(compiled, decision, input), ctx.now()))
}

/**
 * The findings of a DMN file before it is deployed: overlaps, gaps, unreachable rules, expressions. Stores nothing.
 *
 * @throws POLICY_FORBIDDEN, DECISION_FILE_INVALID and its like
 */
export async function check(ctx: Context, xml: string): Promise<DecisionFinding[]> {
  await authorize(ctx, can.checkDecision)
  return checkModel(new Compiled(await readModel(xml)))
}

/**
 * What a case's process decided by its rules, which fired and with which inputs. Null for who may see the instance but
 * not what it knows of the applicant. The reading is recorded.
 */
export async function decisionsMade(ctx: Context, instance: Instance): Promise<MadeDecision[] | null> {
  const { policy } = ctx
  const audits = await policy.allows(ctx, can.readAnyInstance)
  if (!audits && !(await policy.allows(ctx, can.readMadeDecision, instance))) return null
  const made = await madeBy(ctx, instance.id)
  const purpose = audits ? 'audit' : 'case-handling'
  if (made.length > 0)
    await recordAccess(ctx, { kind: 'read', subject: `decisions of ${instance.businessKey}`, purpose })
  return made
}
