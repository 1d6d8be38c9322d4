import type { JSONColumnType } from 'kysely'
import type { FindingCount } from '../../core/plane/plane.ts'
import type { NodeKind, TransformationKind } from './lineage.ts'

declare module '../../core/database.ts' {
  interface Database {
    'catalog.lineageEdge': {
      inputKind: NodeKind
      inputId: string
      inputColumn: string
      outputKind: NodeKind
      outputId: string
      outputColumn: string
      kind: TransformationKind
      steps: JSONColumnType<string[]>
      /** Version of the dataset or generation of the records; int8 arrives as text. */
      since: string | number
      until: string | number | null
    }
    'catalog.versionOrigin': {
      datasetId: string
      version: number
      fileSha256: string
      findings: JSONColumnType<FindingCount[]>
    }
  }
}
