/** The moddle descriptor of our BPMN extension namespace. */
export const NAMESPACE = 'urn:gdbos:bpmn:1'

const attribute = (name: string, type = 'String') => ({ name, type, isAttr: true })
const attributes = (...names: readonly string[]) => names.map((name) => attribute(name))

export const gdbos = {
  name: 'GDBOS',
  prefix: 'gdbos',
  uri: NAMESPACE,
  xml: { tagAlias: 'lowerCase' },
  types: [
    {
      name: 'Variable',
      superClass: ['Element'],
      properties: attributes('name', 'type', 'elementCode', 'codeListId'),
    },
    { name: 'Input', superClass: ['Element'], properties: attributes('from', 'to') },
    { name: 'Output', superClass: ['Element'], properties: attributes('from', 'to') },
    { name: 'Named', extends: ['bpmn:BaseElement'], properties: attributes('nameEn') },
    {
      name: 'Assigned',
      extends: ['bpmn:UserTask', 'bpmn:ManualTask'],
      properties: attributes('candidateRole', 'organisation', 'formKey', 'command', 'limitDays'),
    },
    {
      name: 'Deciding',
      extends: ['bpmn:BusinessRuleTask'],
      properties: ['decision', 'resultVariable'].map((name) => attribute(name)),
    },
    {
      name: 'Correlated',
      extends: ['bpmn:MessageEventDefinition'],
      properties: attributes('correlationKey'),
    },
    {
      name: 'CorrelatedTask',
      extends: ['bpmn:ReceiveTask', 'bpmn:SendTask'],
      properties: attributes('correlationKey'),
    },
    { name: 'Calling', extends: ['bpmn:CallActivity'], properties: attributes('calledVersion') },
    {
      name: 'Repeated',
      extends: ['bpmn:MultiInstanceLoopCharacteristics'],
      properties: attributes('collection', 'element', 'outputCollection', 'outputElement'),
    },
  ],
} as const
