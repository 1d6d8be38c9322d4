import type { Module } from '../core/module.ts'
import { catalog } from './catalog/index.ts'
import { certificate } from './certificate/index.ts'
import { clock } from './clock/index.ts'
import { golden } from './golden/index.ts'
import { ingest } from './ingest/index.ts'
import { organisation } from './organisation/index.ts'
import { service } from './service/index.ts'

export const modules: readonly Module[] = [organisation, clock, catalog, ingest, golden, service, certificate]
