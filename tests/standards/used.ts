import { readFile } from 'node:fs/promises'
import type { Context } from '../../core/context.ts'
import { manifests } from '../../gateway/platform.ts'
import { type Item, publishItem } from '../../modules/service/index.ts'
import { type Deployed, deploy, offersOf } from '../../workflows/index.ts'
import { establishBodies, givenPublished, item as entryItem } from '../catalog/directory.ts'
import type { World } from '../support/world.ts'
import { chain, flow, model, userTask } from '../workflows/models.ts'

const ITEM = new URL('../../workflows/packs/food-business-licence/item.json', import.meta.url)
const text = { zh: '区划', en: 'division' }

/** An item whose form offers these codes of an element, fills it in, and whose first material proves it. */
export async function givenItem(
  world: World,
  elementCode: string,
  offered: readonly string[],
): Promise<Item> {
  const content = JSON.parse(await readFile(ITEM, 'utf8')) as {
    form: object[]
    materials: object[]
    results: { claims: string[] }[]
  }
  const field = {
    ...{ name: 'division', label: text, section: text, widget: 'select', elementCode, required: false },
    options: offered.map((value) => ({ value, text })),
    prefill: 'division_code',
  }
  const [material, ...materials] = content.materials
  const [result, ...results] = content.results
  return publishItem(world.platform(), {
    ...content,
    itemCode: '0131025000-990199',
    organisationId: 'market-bureau',
    jointBodies: ['tax-bureau'],
    form: [...content.form, field],
    materials: [{ ...material, elements: [elementCode] }, ...materials],
    results: [{ ...result, claims: [...(result?.claims ?? []), 'division'] }, ...results],
  })
}

/** A process of a body whose form offers these codes, and whose gateway asks for the first of them. */
export function givenProcess(
  designer: Context,
  elementCode: string,
  offered: readonly string[],
  condition: string,
): Promise<Deployed> {
  const xml = model(
    `<startEvent id="s"/>${userTask('ask', 'gdbos:formKey="ask" gdbos:candidateRole="clerk"')}
      <exclusiveGateway id="g" default="g_e"/>${userTask('look', 'gdbos:candidateRole="clerk"')}<endEvent id="e"/>
      ${chain('s ask g')}${flow('g', 'look', condition)}${flow('g', 'e')}${flow('look', 'e')}`,
    { variables: ['division:string', 'age:number'], key: 'placing' },
  )
  const field = {
    ...{ name: 'division', label: text, widget: 'select' as const, elementCode },
    options: offered.map((value) => ({ value, text })),
  }
  const pack = { forms: { ask: { fields: [field] } } } as never
  return deploy(designer, { key: 'placing', xml, pack }, offersOf(manifests).known)
}

/** An entry that lists the element, open to the public, by the market bureau. */
export async function givenOpenEntry(world: World, elementCode: string) {
  return givenPublished(world, {
    name: '区划登记',
    classPath: ['区划'],
    items: [entryItem('所在区划', elementCode)],
    open: true,
  })
}

export { establishBodies }
