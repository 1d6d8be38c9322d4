import type { Texts } from '../core/errors.ts'
import type { Finding } from './compile/finding.ts'
import type { Rehearsal } from './compile/rehearsal.ts'
import type { ProcessDefinition } from './definition.ts'
import type { Pack } from './pack.ts'

/** A version of a definition as it was deployed. Running instances keep theirs. */
export interface Deployed {
  readonly id: string
  readonly key: string
  /** Whose process it is now: only its designers deploy the next version. */
  readonly organisationId: string
  /** 1 for the first. */
  readonly version: number
  readonly name: Texts
  readonly xml: string
  /** Over the file and the pack. */
  readonly sha256: string
  readonly compiled: ProcessDefinition
  readonly pack: Pack
  /** The gate's warnings; a definition with errors is not deployed. */
  readonly gateReport: readonly Finding[]
  readonly rehearsal: Rehearsal
  readonly deployedBy: string
  readonly deployedAt: Date
}
