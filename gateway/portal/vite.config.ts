import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { bpmnIo } from './build/bpmn-io.ts'
import { documents } from './build/documents.ts'
import { traditional } from './build/traditional.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

/** `vite build --config gateway/portal/vite.config.ts` writes dist/portal, which the gateway serves. */
export default defineConfig({
  root,
  plugins: [bpmnIo(), documents(), traditional(), react()],
  build: {
    outDir: '../../dist/portal',
    emptyOutDir: true,
    target: 'es2022',
    // Small files stay files: the gateway's content policy allows no data: script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: { proxy: { '/graphql': 'http://127.0.0.1:8080', '/api': 'http://127.0.0.1:8080' } },
})
