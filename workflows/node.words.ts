import type { NodeKind } from './node.ts'

/** What the kinds of nodes are called in Chinese; in English they are called as in BPMN's schema. */
export const KIND_ZH: Readonly<Record<NodeKind, string>> = {
  startEvent: '开始事件',
  endEvent: '结束事件',
  intermediateThrowEvent: '中间抛出事件',
  intermediateCatchEvent: '中间捕获事件',
  boundaryEvent: '边界事件',
  userTask: '用户任务',
  manualTask: '人工任务',
  serviceTask: '服务任务',
  sendTask: '发送任务',
  receiveTask: '接收任务',
  businessRuleTask: '业务规则任务',
  callActivity: '调用活动',
  subProcess: '子流程',
  transaction: '事务子流程',
  adHocSubProcess: '即席子流程',
  exclusiveGateway: '排他网关',
  parallelGateway: '并行网关',
  inclusiveGateway: '包容网关',
  eventBasedGateway: '事件网关',
}
