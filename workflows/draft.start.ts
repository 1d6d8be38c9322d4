import type { Files } from './draft.ts'

/** A pack with the smallest process that passes the gate: start, one task, end. */
export function emptyPack(key: string): Files {
  const bpmn = `${key}.bpmn`
  const manifest = { key, name: { zh: '新流程', en: 'New process' }, bpmn, messages: [], forms: [] }
  return { [bpmn]: emptyModel(key), 'pack.json': `${JSON.stringify(manifest, null, 2)}\n` }
}

/** `key` is checked: it needs no quoting in XML. */
const emptyModel = (key: string) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:gdbos="urn:gdbos:bpmn:1" id="definitions"
  targetNamespace="urn:gdbos:process">
  <process id="${key}" name="新流程" gdbos:nameEn="New process" isExecutable="true">
    <startEvent id="start" name="开始" gdbos:nameEn="Start">
      <outgoing>toHandle</outgoing>
    </startEvent>
    <userTask id="handle" name="办理" gdbos:nameEn="Handle" gdbos:candidateRole="clerk">
      <incoming>toHandle</incoming>
      <outgoing>toEnd</outgoing>
    </userTask>
    <endEvent id="end" name="结束" gdbos:nameEn="End">
      <incoming>toEnd</incoming>
    </endEvent>
    <sequenceFlow id="toHandle" sourceRef="start" targetRef="handle" />
    <sequenceFlow id="toEnd" sourceRef="handle" targetRef="end" />
  </process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="${key}">
      <bpmndi:BPMNShape id="startShape" bpmnElement="start">
        <dc:Bounds x="160" y="122" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="handleShape" bpmnElement="handle">
        <dc:Bounds x="260" y="100" width="100" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="endShape" bpmnElement="end">
        <dc:Bounds x="432" y="122" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="toHandleEdge" bpmnElement="toHandle">
        <di:waypoint x="196" y="140" />
        <di:waypoint x="260" y="140" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="toEndEdge" bpmnElement="toEnd">
        <di:waypoint x="360" y="140" />
        <di:waypoint x="432" y="140" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</definitions>
`

/**
 * The files of a pack that served as a pattern, under another key: in pack.json, in the name of the model and where the
 * model names its process. Ids are unique in a file, so an attribute with that value means the process.
 */
export function renamed(files: Files, from: string, to: string): Files {
  if (from === to) return files
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) => {
      if (path === 'pack.json') {
        const manifest = JSON.parse(text) as object
        return [[path, `${JSON.stringify({ ...manifest, key: to, bpmn: `${to}.bpmn` }, null, 2)}\n`]]
      }
      // An item of the directory is handled by its own process.
      if (path === 'item.json') return []
      if (path !== `${from}.bpmn`) return [[path, text]]
      const model = text.replaceAll(
        /(\s(?:id|bpmnElement|processRef)=")([^"]*)(")/g,
        (whole, before: string, id: string, after: string) =>
          id === from ? `${before}${to}${after}` : whole,
      )
      return [[`${to}.bpmn`, model]]
    }),
  )
}
