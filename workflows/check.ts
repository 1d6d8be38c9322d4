import { DomainError } from '../core/errors.ts'
import type { Finding } from './compile/finding.ts'
import { gate, type Known } from './compile/gate.ts'
import type { ProcessDefinition } from './definition.ts'
import { type DecisionModel, readModel } from './decisions/index.ts'
import type { Deployment } from './definition.service.ts'
import type { Files } from './draft.ts'
import { lint } from './lint.ts'
import { readPack } from './pack.files.ts'

/** A finding with its weight: an error keeps the draft from being deployed, a warning does not. */
export interface Judgement extends Finding {
  readonly severity: 'error' | 'warning'
}

/** What deployment would say of a draft, without storing or rehearsing anything. */
export interface Check {
  /** Errors first; `element` is an id in the model, or the place of a file. */
  readonly findings: readonly Judgement[]
  readonly deployment?: Deployment
  /** Only when there is no error. */
  readonly definition?: ProcessDefinition
}

interface CheckOptions {
  readonly known: Known
  /** Unknown tasks and commands do not count: a simulation answers for them. */
  readonly inMemory?: boolean
}

/** Reads the pack, compiles the model by the gate and asks bpmnlint, in this order; all findings in one answer. */
export async function check(
  key: string,
  files: Files,
  { known, inMemory = false }: CheckOptions,
): Promise<Check> {
  const { findings, deployment } = readPack(key, files)
  if (!deployment) return { findings: judged('error', findings) }
  const { xml, pack } = deployment
  const { decisions, findings: unread } = await decisionsOf(pack?.decisions ?? {})
  const names = { ...known, forms: new Set(Object.keys(pack?.forms ?? {})), decisions }
  const report = await gate(xml, { known: names, inMemory })
  const advice = await lint(xml)
  const errors = [...findings, ...unread, ...report.findings, ...misnamed(key, report.definition)]
  return {
    findings: [
      ...judged('error', errors),
      ...judged('warning', [...report.warnings, ...advice.filter((one) => !repeats(one, errors))]),
    ],
    deployment,
    ...(errors.length === 0 && report.definition && { definition: report.definition }),
  }
}

/** The decision models of a pack; a file that cannot be read is a finding at its place. */
async function decisionsOf(files: Readonly<Record<string, string>>) {
  const decisions: DecisionModel[] = []
  const findings: Finding[] = []
  for (const [path, text] of Object.entries(files))
    try {
      decisions.push(await readModel(text))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      findings.push({ rule: 'decision-file', element: path, ...error.messages })
    }
  return { decisions, findings }
}

const judged = (severity: Judgement['severity'], findings: readonly Finding[]): Judgement[] =>
  findings.map((finding) => ({ ...finding, severity }))

function misnamed(key: string, definition: ProcessDefinition | undefined): Finding[] {
  if (!definition || definition.key === key) return []
  const zh = `流程标识为“${definition.key}”，应为“${key}”`
  const en = `The id of the process is “${definition.key}”; it should be “${key}”`
  return [{ rule: 'key-mismatch', element: definition.key, zh, en }]
}

/** Rules of bpmnlint that say what a rule of the gate has said of the same element. */
const SAME: Readonly<Record<string, RegExp>> = {
  'bpmnlint/start-event-required': /^start-missing$/,
  'bpmnlint/no-disconnected': /unreachable$/,
  'bpmnlint/no-implicit-start': /^node-unreachable$/,
  'bpmnlint/no-implicit-end': /^end-unreachable$/,
  'bpmnlint/single-blank-start-event': /^start-several$/,
}

const repeats = ({ rule, element }: Finding, errors: readonly Finding[]) =>
  errors.some((error) => error.element === element && SAME[rule]?.test(error.rule) === true)
