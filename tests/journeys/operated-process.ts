import type { Page } from 'playwright-core'
import { chain, model, timer } from '../workflows/models.ts'

export const OPERATED = 'trial-of-hearings'

/**
 * Starts by itself a second after it is deployed; the hearings need a list of people that nobody has given, so it
 * stands at once. `check` is what the second step is called.
 */
export function hearings(check: string): string {
  const task = 'gdbos:candidateRole="supervisor"'
  const elements = `<startEvent id="begun" name="到时">${timer('PT1S')}</startEvent>
    <userTask id="hear" name="逐人听取意见" gdbos:nameEn="Hear each" ${task}><multiInstanceLoopCharacteristics
      gdbos:collection="people" gdbos:element="person"/></userTask>
    <userTask id="check" name="${check}" gdbos:nameEn="Sum up" ${task}/><endEvent id="over" name="办结"/>
    ${chain('begun hear check over')}`
  const xml = model(elements, { variables: ['people:list', 'note:string'], key: OPERATED })
  const shapes = Object.entries(PLACES).map(
    ([id, [x, width]]) =>
      `<di:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${x}" y="${100 - width / 3}" width="${width}" height="${width * 0.8}"/></di:BPMNShape>`,
  )
  const edges = chainOf(Object.keys(PLACES)).map(
    ([from, to]) =>
      `<di:BPMNEdge id="${from}_${to}_di" bpmnElement="${from}_${to}"><dd:waypoint x="${end(from)}" y="107"/><dd:waypoint x="${PLACES[to]?.[0]}" y="107"/></di:BPMNEdge>`,
  )
  return xml.replace(
    '</definitions>',
    `<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
      xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" id="drawn">
      <di:BPMNPlane id="plane" bpmnElement="${OPERATED}">${shapes.join('')}${edges.join('')}</di:BPMNPlane>
    </di:BPMNDiagram></definitions>`,
  )
}

/** Left side and width. */
const PLACES: Readonly<Record<string, readonly [x: number, width: number]>> = {
  ...{ begun: [100, 36], hear: [220, 100], check: [400, 100], over: [580, 36] },
}

const end = (id: string) => (PLACES[id]?.[0] ?? 0) + (PLACES[id]?.[1] ?? 0)

const chainOf = (ids: readonly string[]) => ids.slice(1).map((to, at) => [ids[at] ?? '', to] as const)

/** The code of a refusal, or the data, of a document sent as the person whose page it is. */
export function sent(
  page: Page,
  query: string,
  variables: object,
): Promise<{ code?: string; data?: unknown }> {
  return page.evaluate(
    async ([query, variables]) => {
      const answer = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables: { commandId: crypto.randomUUID(), ...variables } }),
      })
      const { data, errors } = (await answer.json()) as {
        data?: unknown
        errors?: { extensions: { code: string } }[]
      }
      return { data, ...(errors?.[0] && { code: errors[0].extensions.code }) }
    },
    [query, variables] as const,
  )
}
