import type { Texts } from '../core/errors.ts'
import type { Variable } from './definition.ts'
import type {
  BoundaryTrigger,
  CatchTrigger,
  EndTrigger,
  MessageTrigger,
  StartTrigger,
  ThrowTrigger,
} from './trigger.ts'

export interface NodeBase {
  readonly id: string
  readonly name: Texts
  /** Id of the sub-process it lies in; absent on the level of the process. */
  readonly within?: string
  /** Ids of flows, in the order of the file. */
  readonly incoming: readonly string[]
  readonly outgoing: readonly string[]
  /** Ids of the boundary events attached here. */
  readonly boundaries: readonly string[]
}

export interface StartEvent extends NodeBase {
  readonly kind: 'startEvent'
  readonly awaits?: StartTrigger
  /** Of an event sub-process: leaves what runs beside it alone. */
  readonly parallel?: true
}

export interface EndEvent extends NodeBase {
  readonly kind: 'endEvent'
  readonly throws?: EndTrigger
}

export interface ThrowEvent extends NodeBase {
  readonly kind: 'intermediateThrowEvent'
  readonly throws?: ThrowTrigger
}

export interface CatchEvent extends NodeBase {
  readonly kind: 'intermediateCatchEvent'
  readonly awaits: CatchTrigger
}

export interface BoundaryEvent extends NodeBase {
  readonly kind: 'boundaryEvent'
  readonly attachedTo: string
  readonly awaits: BoundaryTrigger
  /** Leaves the activity alone. */
  readonly parallel?: true
  /** Of a compensation event: the activity that undoes the one it stands on. */
  readonly handler?: string
}

/** A value on its way into or out of an activity. */
export interface Mapping {
  /** FEEL. */
  readonly from: string
  /** Name of the variable that takes it. */
  readonly to: string
}

/** As many instances as the collection has members, or as the cardinality says (BPMN 2.0.2, 13.3.7). */
export interface MultiInstance {
  readonly kind: 'multi'
  readonly sequential: boolean
  /** FEEL giving a number. */
  readonly cardinality?: string
  /** FEEL giving a list. */
  readonly collection?: string
  /** The variable of an instance that holds its member of the collection. */
  readonly element?: string
  /** The variable that collects what each instance gives, in the order of the collection. */
  readonly output?: { readonly collection: string; readonly element: string }
  /** FEEL; once it holds, the instances that still run are cancelled. */
  readonly until?: string
}

/** Again as long as the condition holds (BPMN 2.0.2, 13.3.6). */
export interface StandardLoop {
  readonly kind: 'standard'
  readonly testBefore: boolean
  readonly maximum?: number
  /** FEEL. */
  readonly condition?: string
}

export interface ActivityBase extends NodeBase {
  readonly loop?: MultiInstance | StandardLoop
  readonly inputs?: readonly Mapping[]
  /** Where there are any, nothing else of the result is kept. */
  readonly outputs?: readonly Mapping[]
  /** Variables of its own, gone when it is left. */
  readonly locals?: readonly Variable[]
  /** Undoes another activity: no flow leads here. */
  readonly compensates?: true
}

interface Assigned extends ActivityBase {
  readonly candidateRole?: string
  /** FEEL giving the id of the body that does the task; absent for the body of the instance. */
  readonly organisation?: string
  readonly formKey?: string
  /** Command of a manifest, run in the transaction of the completion. */
  readonly command?: string
  readonly limitDays?: number
}

export interface UserTask extends Assigned {
  readonly kind: 'userTask'
}

/** Work outside the platform; a person says when it is done. */
export interface ManualTask extends Assigned {
  readonly kind: 'manualTask'
}

export interface ServiceTask extends ActivityBase {
  readonly kind: 'serviceTask'
  /** Task of a manifest; null only in a definition that is run in memory. */
  readonly task: string | null
}

export interface SendTask extends ActivityBase {
  readonly kind: 'sendTask'
  readonly task?: string
  readonly throws?: MessageTrigger
}

/** Makes a decision of the pack within the step. */
export interface BusinessRuleTask extends ActivityBase {
  readonly kind: 'businessRuleTask'
  /** Name of a decision or decision service of the definition's `decisions`. */
  readonly decision: string
  /** The declared variable that takes the result. */
  readonly resultVariable: string
}

export interface ReceiveTask extends ActivityBase {
  readonly kind: 'receiveTask'
  readonly awaits: MessageTrigger
  /** Starts the process by its message. */
  readonly instantiates?: true
}

export interface CallActivity extends ActivityBase {
  readonly kind: 'callActivity'
  /** Key of the process it runs. */
  readonly called: string
  /** Pinned; absent for the latest version at the moment of the call. */
  readonly version?: number
}

export interface SubProcess extends ActivityBase {
  readonly kind: 'subProcess'
  /** Started by an event while what it lies in runs. */
  readonly triggeredByEvent?: true
}

export interface Transaction extends ActivityBase {
  readonly kind: 'transaction'
}

/** Its activities are started by a person (BPMN 2.0.2, 13.3.5). */
export interface AdHocSubProcess extends ActivityBase {
  readonly kind: 'adHocSubProcess'
  /** One activity at a time. */
  readonly sequential?: true
  /** FEEL, looked at whenever an activity is done; absent: a person says when it is over. */
  readonly until?: string
  /** What still runs when the condition holds is waited for. */
  readonly keepsRemaining?: true
}

export interface ExclusiveGateway extends NodeBase {
  readonly kind: 'exclusiveGateway'
  readonly defaultFlow?: string
}

export interface ParallelGateway extends NodeBase {
  readonly kind: 'parallelGateway'
}

export interface InclusiveGateway extends NodeBase {
  readonly kind: 'inclusiveGateway'
  readonly defaultFlow?: string
  /** For each way in, the nodes a token can still come from without passing this gateway. */
  readonly upstream: Readonly<Record<string, readonly string[]>>
}

export interface EventBasedGateway extends NodeBase {
  readonly kind: 'eventBasedGateway'
  /** Starts the process by the first of its messages. */
  readonly instantiates?: true
}

export type Scope = SubProcess | Transaction | AdHocSubProcess

export type Activity =
  UserTask | ManualTask | ServiceTask | BusinessRuleTask | SendTask | ReceiveTask | CallActivity | Scope

export type Gateway = ExclusiveGateway | ParallelGateway | InclusiveGateway | EventBasedGateway

export type Node = StartEvent | EndEvent | ThrowEvent | CatchEvent | BoundaryEvent | Activity | Gateway

export type NodeKind = Node['kind']

const SCOPES: readonly string[] = ['subProcess', 'transaction', 'adHocSubProcess']
const TASKS: readonly string[] = [
  'userTask',
  'manualTask',
  'serviceTask',
  'businessRuleTask',
  'sendTask',
  'receiveTask',
]

export const isScope = (node: Node): node is Scope => SCOPES.includes(node.kind)

export const isActivity = (node: Node): node is Activity =>
  isScope(node) || TASKS.includes(node.kind) || node.kind === 'callActivity'

export const isStart = (node: Node): node is StartEvent => node.kind === 'startEvent'

export const isBoundary = (node: Node): node is BoundaryEvent => node.kind === 'boundaryEvent'

/** Started by an event, not by a flow. */
export const isEventSubProcess = (node: Node): node is SubProcess =>
  node.kind === 'subProcess' && node.triggeredByEvent === true

/** Whether a token comes to rest here until something from outside happens. */
export function isWaitState(node: Node): boolean {
  if (node.kind === 'sendTask') return node.task !== undefined
  if (node.kind === 'intermediateCatchEvent') return node.awaits.kind !== 'link'
  return [
    ...['userTask', 'manualTask', 'serviceTask', 'receiveTask', 'callActivity', 'adHocSubProcess'],
    'eventBasedGateway',
  ].includes(node.kind)
}
