interface Replacement {
  readonly name: Readonly<{ zh: string; en: string }>
  readonly instead: Readonly<{ zh: string; en: string }>
}

const entry = (zh: string, en: string, insteadZh: string, insteadEn: string): Replacement => ({
  name: { zh, en },
  instead: { zh: insteadZh, en: insteadEn },
})

const CHOREOGRAPHY = ['以协作图中的消息流画出', 'draw a collaboration with message flows'] as const

/** Elements of BPMN 2.0.2 the runtime does not execute, by moddle type, with what to draw instead. */
export const UNSUPPORTED: Readonly<Record<string, Replacement>> = {
  'bpmn:Task': entry(
    '未指明类型的任务',
    'task without a kind',
    '改用用户任务或服务任务',
    'use a user task or a service task',
  ),
  'bpmn:ScriptTask': entry(
    '脚本任务，模型中的文字不得作为程序执行',
    'script task: no text of a model is run as a program',
    '改用服务任务，由模块的任务完成',
    'use a service task of a module, or an output mapping in FEEL',
  ),
  'bpmn:ComplexGateway': entry(
    '复杂网关，其激活条件没有标准语义',
    'complex gateway: its activation rule means something else in every engine',
    '改用包容网关，或带completionCondition的多实例活动',
    'use an inclusive gateway, or a multi-instance activity with a completionCondition',
  ),
  'bpmn:ImplicitThrowEvent': entry(
    '隐式抛出事件',
    'implicit throw event',
    '改用中间抛出事件',
    'use an intermediate throw event',
  ),
  'bpmn:CallChoreography': entry('调用编排', 'call choreography', ...CHOREOGRAPHY),
  'bpmn:ChoreographyTask': entry('编排任务', 'choreography task', ...CHOREOGRAPHY),
  'bpmn:SubChoreography': entry('子编排', 'sub-choreography', ...CHOREOGRAPHY),
  'bpmn:AdHocSubProcess': entry(
    '由事件启动的即席子流程',
    'ad-hoc sub-process started by an event',
    '以事件子流程画出，其中放即席子流程',
    'draw an event sub-process with the ad-hoc sub-process in it',
  ),
  ...Object.fromEntries(
    [
      'Message',
      'Signal',
      'Timer',
      'Conditional',
      'Link',
      'Error',
      'Escalation',
      'Compensate',
      'Cancel',
      'Terminate',
    ].map((kind) => [
      `bpmn:${kind}EventDefinition`,
      entry(
        '此处不能用的事件',
        'event that cannot stand here',
        '见BPMN 2.0.2表10.93：改用此处允许的事件',
        'use an event BPMN 2.0.2 allows here (table 10.93)',
      ),
    ]),
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
