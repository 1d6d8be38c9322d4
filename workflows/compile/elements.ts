interface Replacement {
  readonly name: Readonly<{ zh: string; en: string }>
  readonly instead: Readonly<{ zh: string; en: string }>
}

const entry = (zh: string, en: string, insteadZh: string, insteadEn: string): Replacement => ({
  name: { zh, en },
  instead: { zh: insteadZh, en: insteadEn },
})

const PLAIN_FLOW = ['以独占网关和并行网关在主流程中画出', 'draw its content in the process itself'] as const
const MESSAGE = ['改用消息事件', 'use a message event'] as const
const ONE_BY_ONE = [
  '画出循环：独占网关返回任务',
  'draw a loop: an exclusive gateway leading back to the task',
] as const

/** Elements of BPMN 2.0.2 the runtime does not execute, by moddle type, with what to draw instead. */
export const UNSUPPORTED: Readonly<Record<string, Replacement>> = {
  'bpmn:Task': entry(
    '未指明类型的任务',
    'task without a kind',
    '改用用户任务或服务任务',
    'use a user task or a service task',
  ),
  'bpmn:ManualTask': entry('手工任务', 'manual task', '改用用户任务', 'use a user task'),
  'bpmn:CallActivity': entry('调用活动', 'call activity', ...PLAIN_FLOW),
  'bpmn:SubProcess': entry('子流程', 'sub-process', ...PLAIN_FLOW),
  'bpmn:AdHocSubProcess': entry('即席子流程', 'ad-hoc sub-process', ...PLAIN_FLOW),
  'bpmn:Transaction': entry('事务子流程', 'transaction', ...PLAIN_FLOW),
  'bpmn:InclusiveGateway': entry(
    '包容网关',
    'inclusive gateway',
    '改用并行网关，各分支以独占网关决定是否执行',
    'use a parallel gateway with an exclusive gateway in each branch',
  ),
  'bpmn:ComplexGateway': entry(
    '复杂网关',
    'complex gateway',
    '改用独占或并行网关',
    'use exclusive or parallel gateways',
  ),
  'bpmn:EventBasedGateway': entry(
    '事件网关',
    'event-based gateway',
    '改用接收任务，并以边界定时或消息事件表示其他情形',
    'use a receive task with boundary timer or message events',
  ),
  'bpmn:IntermediateThrowEvent': entry(
    '中间抛出事件',
    'intermediate throw event',
    '改用发送任务',
    'use a send task',
  ),
  'bpmn:ImplicitThrowEvent': entry('隐式抛出事件', 'implicit throw event', '改用发送任务', 'use a send task'),
  'bpmn:CallChoreography': entry('调用编排', 'call choreography', ...PLAIN_FLOW),
  'bpmn:ChoreographyTask': entry('编排任务', 'choreography task', ...PLAIN_FLOW),
  'bpmn:SubChoreography': entry('子编排', 'sub-choreography', ...PLAIN_FLOW),
  'bpmn:MultiInstanceLoopCharacteristics': entry('多实例', 'multi-instance', ...ONE_BY_ONE),
  'bpmn:StandardLoopCharacteristics': entry('标准循环', 'standard loop', ...ONE_BY_ONE),
  'bpmn:SignalEventDefinition': entry('信号事件', 'signal event', ...MESSAGE),
  'bpmn:ConditionalEventDefinition': entry('条件事件', 'conditional event', ...MESSAGE),
  'bpmn:EscalationEventDefinition': entry('升级事件', 'escalation event', ...MESSAGE),
  'bpmn:CompensateEventDefinition': entry(
    '补偿事件',
    'compensation event',
    '以服务任务画出补偿步骤',
    'draw the compensating step as a service task',
  ),
  'bpmn:CancelEventDefinition': entry('取消事件', 'cancel event', ...MESSAGE),
  'bpmn:TerminateEventDefinition': entry(
    '终止事件',
    'terminate event',
    '改用普通结束事件；办件终止由流程包的消息设置处理',
    'use a plain end event; a pack can end the instance by a message',
  ),
  'bpmn:LinkEventDefinition': entry('链接事件', 'link event', '直接连线', 'draw the sequence flow'),
  'bpmn:ErrorEventDefinition': entry(
    '此处的错误事件',
    'error event here',
    '错误事件只用于服务任务的边界',
    'an error event stands only on the boundary of a service task',
  ),
  'bpmn:TimerEventDefinition': entry(
    '此处的定时事件',
    'timer event here',
    '定时事件只用于中间捕获和边界；按期启动请用消息',
    'a timer stands only in an intermediate catch or boundary event; start by message',
  ),
}

/** What a model may hold besides the nodes the runtime executes: drawing, documentation, data notes. */
export const TOLERATED = new Set([
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
  'bpmn:TextAnnotation',
  'bpmn:Association',
  'bpmn:Group',
])

/** Attributes and elements of other engines that run something; ours are read from manifests alone. */
export const EXECUTABLE_FOREIGN =
  /^(?:executionListeners?|taskListeners?|script|class|expression|delegateExpression|connector|variableMappingClass|variableMappingDelegateExpression|listeners?)$/
