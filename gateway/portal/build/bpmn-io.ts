import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const STYLED = fileURLToPath(new URL('../src/components/bpmn/min-dom.ts', import.meta.url))

/**
 * What bpmn.io's libraries need in a page with a strict content policy and one bundle. dmn-js makes elements of texts with
 * style attributes, which the policy blocks: it gets our `domify`, which sets them by script. form-js's viewer and editor
 * share hooks: both get the preact of the editor, which does not work with the newer one of bpmn-js. CodeMirror, which edits FEEL
 * in them, keeps its styles in an element; where it can, as in a shadow root, it uses sheets made by script: it does so always.
 */
export function bpmnIo(): Plugin {
  return {
    name: 'gdbos-bpmn-io',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source === 'min-dom' && /node_modules[\\/]dmn-js-/.test(importer ?? '')) return STYLED
      if (!/^preact(?:\/|$)/.test(source) || !/@bpmn-io[\\/]form-js-viewer/.test(importer ?? '')) return null
      const editor = await this.resolve('@bpmn-io/form-js-editor', importer, { skipSelf: true })
      return editor ? this.resolve(source, editor.id, { skipSelf: true }) : null
    },
    transform(code, id) {
      if (!/node_modules[\\/]style-mod[\\/]/.test(id)) return null
      const changed = code.replace('!root.head && root.adoptedStyleSheets', 'root.adoptedStyleSheets')
      if (changed === code)
        this.error('style-mod has changed: its styles would be blocked by the content policy')
      return { code: changed, map: null }
    },
  }
}
