/** A form without fields. */
export const emptyForm = () => `${JSON.stringify({ fields: [] }, null, 2)}\n`

/** A decision with an empty table: one input, one output. `name` is of letters, digits and hyphens. */
export const emptyDecision = (name: string) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
  id="${name}-definitions" name="${name}" namespace="urn:gdbos:decision">
  <decision id="${name}" name="${name}">
    <variable id="${name}-variable" name="${name}" />
    <decisionTable id="${name}-table" hitPolicy="UNIQUE">
      <input id="${name}-input" label="">
        <inputExpression id="${name}-expression" typeRef="string">
          <text></text>
        </inputExpression>
      </input>
      <output id="${name}-output" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="${name}-diagram">
      <dmndi:DMNShape id="${name}-shape" dmnElementRef="${name}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
`
