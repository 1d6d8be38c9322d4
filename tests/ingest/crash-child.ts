import type { Kernel } from '../../core/kernel.ts'
import { PLATFORM } from '../../core/kernel.ts'
import type { PlaneControl, PlaneProgress } from '../../core/plane/plane.ts'
import { type CrashStep, load } from './crashing.ts'

/**
 * A process that runs the waiting loads of a data folder and is killed at a step, as by `kill -9`: nothing of it runs
 * on, no file is closed, no transaction ended.
 */
const [dataFolder = '', step = ''] = process.argv.slice(2)
await load(dataFolder, (kernel) => dieAt(kernel, step as CrashStep))

function dieAt(kernel: Kernel, wanted: CrashStep): void {
  const die = () => process.kill(process.pid, 'SIGKILL')
  const watched = (control: PlaneControl | undefined): PlaneControl => ({
    ...control,
    onProgress(progress) {
      if (stepOf(progress) === wanted) die()
      control?.onProgress?.(progress)
    },
  })
  const { plane } = kernel
  const { stage, validate } = plane
  plane.stage = (spec, control) => stage.call(plane, spec, watched(control))
  plane.validate = (spec, control) => validate.call(plane, spec, watched(control))
  // Asked for while the event is written: the version is inserted, its transaction still open.
  const { subscribers } = kernel.contextFor(PLATFORM) as unknown as {
    subscribers: Map<string, readonly string[]>
  }
  const get = subscribers.get.bind(subscribers)
  subscribers.get = (event) => {
    if (wanted === 'publish' && event === 'catalog.version.published') die()
    return get(event)
  }
}

function stepOf({ phase, bytes }: PlaneProgress): CrashStep | undefined {
  if (phase === 'receive') return bytes > 0 ? 'read' : undefined
  if (phase === 'read') return 'decode'
  return phase === 'compare' ? 'validate' : phase
}
