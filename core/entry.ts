import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

/**
 * The file of a child process that stands beside the caller, as source under tsx or as built JavaScript.
 */
export function entryBeside(name: string, importMetaUrl: string): string {
  return fileURLToPath(urlBeside(name, importMetaUrl))
}

/** A worker thread running the file `name` beside the caller. */
export function startWorker(name: string, importMetaUrl: string, workerData: object): Worker {
  const url = urlBeside(name, importMetaUrl)
  if (!url.pathname.endsWith('.ts')) return new Worker(url, { workerData })
  // Node 20 does not carry `--import tsx` over to worker threads: register it there first.
  const script = `
    import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}) })`
  return new Worker(script, { eval: true, workerData, execArgv: [] })
}

function urlBeside(name: string, importMetaUrl: string): URL {
  return new URL(`./${name}${extname(new URL(importMetaUrl).pathname)}`, importMetaUrl)
}
