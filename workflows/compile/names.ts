import type { DecisionModel } from '../decisions/index.ts'
import type { Node } from '../definition.ts'
import type { Findings } from './finding.ts'

/** Names the platform offers to a model. */
export interface Known {
  /** Service tasks of all manifests. */
  readonly tasks: ReadonlySet<string>
  readonly commands: ReadonlySet<string>
  /** Forms of the pack; absent when the file is looked at alone. */
  readonly forms?: ReadonlySet<string>
  /** Decision models of the pack. */
  readonly decisions?: readonly DecisionModel[]
  /** Keys of the processes deployed, with their newest version; absent when the file is looked at alone. */
  readonly processes?: ReadonlyMap<string, number>
}

/** Whether what a node names exists: tasks, commands, forms, roles, called processes. */
export function checkNames(nodes: Iterable<Node>, key: string, known: Known, findings: Findings): void {
  for (const node of nodes) {
    if (node.kind === 'userTask' || node.kind === 'manualTask') checkAssigned(node, known, findings)
    if (node.kind === 'serviceTask' || node.kind === 'sendTask') checkService(node, known, findings)
    if (node.kind === 'callActivity') checkCalled(node, key, known, findings)
  }
}

function checkAssigned(
  { id, formKey, command, candidateRole }: Extract<Node, { kind: 'userTask' | 'manualTask' }>,
  known: Known,
  findings: Findings,
): void {
  if (formKey !== undefined && known.forms && !known.forms.has(formKey))
    findings.add('form-unknown', id, `流程包中没有表单“${formKey}”`, `The pack has no form “${formKey}”`)
  if (command !== undefined && !known.commands.has(command)) {
    const en = `No module offers a command “${command}”`
    findings.add('command-unknown', id, `没有名为“${command}”的操作`, en)
  }
  if (candidateRole !== undefined && !/^[a-z][a-z0-9-]{1,62}$/.test(candidateRole))
    findings.add('role-invalid', id, `角色“${candidateRole}”无效`, `“${candidateRole}” is no role`)
}

function checkService(
  { id, task }: Extract<Node, { kind: 'serviceTask' | 'sendTask' }>,
  known: Known,
  findings: Findings,
): void {
  if (task === null) {
    const en = 'The service task does not say which task it runs: add an implementation'
    findings.add('task-missing', id, '服务任务未指明由哪个模块任务执行（implementation）', en)
  } else if (task !== undefined && !known.tasks.has(task))
    findings.add('task-unknown', id, `没有名为“${task}”的模块任务`, `No module offers a task “${task}”`)
}

function checkCalled(
  { id, called, version }: Extract<Node, { kind: 'callActivity' }>,
  key: string,
  { processes }: Known,
  findings: Findings,
): void {
  if (!processes || (called === key && version === undefined)) return
  const newest = processes.get(called)
  if (newest === undefined) {
    const en = `No process “${called}” is deployed`
    findings.add('process-unknown', id, `没有已部署的流程“${called}”`, en)
  } else if (version !== undefined && version > newest) {
    const en = `The process “${called}” has ${newest} versions; there is no version ${version}`
    findings.add('process-unknown', id, `流程“${called}”只有${newest}个版本，没有第${version}版`, en)
  }
}
