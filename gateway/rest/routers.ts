import type { RouterFactory } from '../app.ts'
import { batches } from './batches.ts'
import { certificates } from './certificates.ts'
import { directory } from './directory.ts'
import { lineage } from './lineage.ts'
import { materials } from './materials.ts'
import { processes } from './processes.ts'
import { standards } from './standards.ts'

/** Uploads and downloads of the modules. */
export const routers: readonly RouterFactory[] = [
  batches,
  certificates,
  directory,
  lineage,
  materials,
  processes,
  standards,
]
