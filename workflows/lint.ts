import { createRequire } from 'node:module'
import { BpmnModdle } from 'bpmn-moddle'
import { Linter } from 'bpmnlint'
import { gdbos } from './compile/extension.ts'
import type { Finding } from './compile/finding.ts'
import { elementIn, elementsIn, type ModelElement, walk } from './compile/model.ts'
import { CHINESE } from './lint.words.ts'

const require = createRequire(import.meta.url)

/** The rules come with the package; no name of a model ever reaches `require`. */
const resolver = {
  resolveRule: (_: string, name: string): unknown => require(`bpmnlint/rules/${name}`),
  resolveConfig: (_: string, name: string): unknown => require(`bpmnlint/config/${name}`),
}

const MAX_FINDINGS = 200

/**
 * What bpmnlint's recommended rules say of the drawing: advice beside the gate, never a refusal. A file that
 * cannot be read has no advice; the gate says why it cannot.
 */
export async function lint(xml: string): Promise<Finding[]> {
  if (/<!\s*(?:DOCTYPE|ENTITY)/i.test(xml)) return []
  let root: object
  try {
    ;({ rootElement: root } = await new BpmnModdle({ gdbos }).fromXML(xml))
  } catch {
    return []
  }
  connect(root as ModelElement)
  const linter = new Linter({ config: { extends: 'bpmnlint:recommended' }, resolver })
  const reports = await linter.lint(root)
  return Object.entries(reports)
    .flatMap(([rule, found]) =>
      found.map(({ id, message }) => ({
        rule: `bpmnlint/${rule}`,
        element: id,
        zh: CHINESE[rule] ?? message,
        en: message,
      })),
    )
    .slice(0, MAX_FINDINGS)
}

/** Flows are written at their ends too, which files may leave out and the rules rely on. */
function connect(root: ModelElement): void {
  for (const { element: flow } of walk(root)) {
    if (flow.$type !== 'bpmn:SequenceFlow') continue
    enter(elementIn(flow, 'sourceRef'), 'outgoing', flow)
    enter(elementIn(flow, 'targetRef'), 'incoming', flow)
  }
}

function enter(node: ModelElement | undefined, end: 'incoming' | 'outgoing', flow: ModelElement): void {
  if (node && !elementsIn(node, end).includes(flow))
    Object.assign(node, { [end]: [...elementsIn(node, end), flow] })
}
