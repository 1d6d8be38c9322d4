import type { Module } from '../core/module.ts'
import { modules } from '../modules/index.ts'
import { standards } from '../standards/index.ts'
import { workflows } from '../workflows/index.ts'

const withTasks: readonly Module[] = [standards, ...modules]

/** Every manifest of the platform. `workflows` learns the tasks and commands of the others from here alone. */
export const manifests: readonly Module[] = [...withTasks, workflows(withTasks)]
