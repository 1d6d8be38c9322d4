import { elementIn, idOf, textIn } from './model.ts'
import type { Read } from './nodes.ts'

const defaultOf = (element: Parameters<Read>[0]) => {
  const flow = elementIn(element, 'default')
  return flow && { defaultFlow: idOf(flow) }
}

export const GATEWAYS: Readonly<Record<string, Read>> = {
  'bpmn:ExclusiveGateway': (element, base) => ({
    kind: 'exclusiveGateway',
    ...base,
    ...defaultOf(element),
  }),
  'bpmn:ParallelGateway': (_, base) => ({ kind: 'parallelGateway', ...base }),
  // What lies upstream is known once the whole is read.
  'bpmn:InclusiveGateway': (element, base) => ({
    kind: 'inclusiveGateway',
    ...base,
    ...defaultOf(element),
    upstream: {},
  }),
  'bpmn:EventBasedGateway'(element, base, { findings }) {
    if (textIn(element, 'eventGatewayType') === 'Parallel') {
      const en =
        'An eventBasedGateway of type Parallel is not executed: start by one message and wait for the others in parallel branches'
      findings.add(
        'element-unsupported',
        base.id,
        '不支持并行的事件网关（eventBasedGateway）：以一个消息启动，其余在并行分支中等待',
        en,
      )
    }
    return {
      kind: 'eventBasedGateway',
      ...base,
      ...(element['instantiate'] === true && { instantiates: true }),
    }
  },
}
