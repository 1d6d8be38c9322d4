import {
  Checkbox,
  Checklist,
  Datetime,
  Default,
  Group,
  iconsByType,
  Numberfield,
  Radio,
  Select,
  Textarea,
  Textfield,
} from '@bpmn-io/form-js-viewer'
import { FormEditor } from '@bpmn-io/form-js-editor'
import type { LocalText } from '../../i18n.ts'
import { type Component, componentOf, freshField, type Say, sectionOf, type Widget } from './written.ts'

/** A component in the editor: it changes in place. */
export interface Part extends Component {
  readonly id: string
  readonly _parent?: string
}

/** What we use of the services of form-js' editor. */
export interface EditorServices {
  get(name: 'formFieldRegistry'): { getAll(): Part[]; get(id: string): Part | undefined }
  get(name: 'modeling'): Modeling
  get(name: 'selection'): { get(): Part | null; set(part: Part | null): void }
  get(name: 'commandStack'): { undo(): void; redo(): void; canUndo(): boolean; canRedo(): boolean }
  get(name: 'formLayouter'): { getRowForField(part: Part): unknown }
  get(name: 'formFieldContextActions'): { registerProvider(priority: number, provider: object): void }
  get(name: 'dragging'): { createDragulaInstance(options: DragOptions): unknown }
  getSchema(): { readonly components?: readonly Component[] }
  importSchema(schema: object): Promise<unknown>
  attachTo(place: HTMLElement): void
  _getState(): { readonly schema: Part }
  on(event: string, listener: () => void): void
  destroy(): void
}

interface Modeling {
  addFormField(attributes: object, parent: Part, index: number): Part
  editFormField(part: Part, properties: object): void
  moveFormField(
    part: Part,
    ...where: readonly [
      from: Part,
      to: Part,
      fromIndex: number,
      toIndex: number,
      row: unknown,
      toRow: unknown,
    ]
  ): void
  removeFormField(part: Part, parent: Part, index: number): void
}

interface DragOptions {
  readonly container: readonly string[]
}

interface Words {
  readonly remove: string
  readonly section: LocalText
  readonly widgets: Readonly<Record<Widget | 'section', string>>
}

/** What form-js draws each of our widgets with; nothing else of it can be put into a form. */
const DRAWN = {
  text: [Textfield, 'textfield'],
  textarea: [Textarea, 'textarea'],
  number: [Numberfield, 'number'],
  money: [Numberfield, 'number'],
  date: [Datetime, 'datetime'],
  select: [Select, 'select'],
  radio: [Radio, 'radio'],
  multiselect: [Checklist, 'checklist'],
  checkbox: [Checkbox, 'checkbox'],
  points: [Textarea, 'textarea'],
} as const

/** form-js' editor for our forms: our kinds of field, one below the other, each carrying the field it stands for. */
export function createEditor(say: Say, words: Words): EditorServices {
  const panel = document.createElement('div')
  const names = () => {
    const all = services.get('formFieldRegistry').getAll()
    return new Set(all.flatMap(({ field }) => field?.name ?? []))
  }
  const editor = new FormEditor({
    // Its own panel would ask for what our forms do not have; ours stands beside.
    propertiesPanel: { parent: panel },
    additionalModules: [
      {
        propertiesPanel: ['value', { attachTo: () => undefined, registerProvider: () => undefined }],
        propertiesProvider: ['value', {}],
        formFields: ['value', kinds(say, words, names)],
      },
    ],
  } as object)
  const services = editor as unknown as EditorServices
  services.get('formFieldContextActions').registerProvider(100, {
    getContextPadEntries: () => (entries: Record<string, object>) =>
      Object.fromEntries(
        Object.entries(entries).map(([id, entry]) => [id, { ...entry, title: words.remove }]),
      ),
  })
  oneARow(services)
  return services
}

/** A form of ours has no columns: what is dragged goes between rows, never beside a field. */
function oneARow(services: EditorServices): void {
  const dragging = services.get('dragging')
  const create = dragging.createDragulaInstance.bind(dragging)
  dragging.createDragulaInstance = (options) =>
    create({ ...options, container: options.container.filter((name) => !name.includes('horizontal')) })
}

type Drawn = ((props: object) => unknown) & { readonly config: object }

function kinds(say: Say, words: Words, names: () => ReadonlySet<string>) {
  const all = Object.entries(DRAWN).map(([type, [drawing, icon]]): [string, Drawn] => {
    const widget = (type === 'radio' ? 'group' : type) as Widget
    const create = (attributes: object, isNew?: boolean) => ({
      ...(isNew === false ? {} : componentOf(freshField(widget, names()), say)),
      ...attributes,
    })
    const config = {
      type,
      name: words.widgets[widget],
      group: 'basic-input',
      icon: iconsByType(icon),
      create,
    }
    return [type, drawn(drawing as never, config)]
  })
  const create = (attributes: object) => ({ ...sectionOf(words.section, say), components: [], ...attributes })
  const section = {
    ...{ type: 'group', name: words.widgets.section, group: 'container' },
    ...{ icon: iconsByType('group'), create },
  }
  const form = { type: 'default', create: (attributes: object) => ({ components: [], ...attributes }) }
  const kinds: Record<string, Drawn> = Object.fromEntries([
    ...all,
    ['group', drawn(Group as never, section)],
    ['default', drawn(Default as never, form)],
  ])
  return { _formFields: kinds, get: (type: string) => kinds[type] }
}

const drawn = (drawing: (props: object) => unknown, config: object): Drawn =>
  // A form that is designed has no answers.
  Object.assign((props: object) => drawing({ ...props, value: undefined }), { config })
