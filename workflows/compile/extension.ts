/** The moddle descriptor of our BPMN extension namespace. */
export const NAMESPACE = 'urn:gdbos:bpmn:1'

const attribute = (name: string, type = 'String') => ({ name, type, isAttr: true })

export const gdbos = {
  name: 'GDBOS',
  prefix: 'gdbos',
  uri: NAMESPACE,
  xml: { tagAlias: 'lowerCase' },
  types: [
    {
      name: 'Variable',
      superClass: ['Element'],
      properties: ['name', 'type', 'elementCode', 'codeListId'].map((name) => attribute(name)),
    },
    { name: 'Named', extends: ['bpmn:BaseElement'], properties: [attribute('nameEn')] },
    {
      name: 'Assigned',
      extends: ['bpmn:UserTask'],
      properties: [
        ...['candidateRole', 'organisation', 'formKey', 'command'].map((name) => attribute(name)),
        attribute('limitDays'),
      ],
    },
    {
      name: 'Deciding',
      extends: ['bpmn:BusinessRuleTask'],
      properties: ['decision', 'resultVariable'].map((name) => attribute(name)),
    },
    {
      name: 'Correlated',
      extends: ['bpmn:MessageEventDefinition'],
      properties: [attribute('correlationKey')],
    },
    {
      name: 'CorrelatedTask',
      extends: ['bpmn:ReceiveTask', 'bpmn:SendTask'],
      properties: [attribute('correlationKey')],
    },
  ],
} as const
