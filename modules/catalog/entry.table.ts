import type { ColumnType, Generated } from 'kysely'
import type {
  EntryFormat,
  EntryItem,
  EntryKind,
  EntryStatus,
  SharingBasis,
  SharingMethod,
  SharingType,
  UpdateCycle,
} from './entry.ts'
import type { Grade } from './quality.ts'

type Json<T> = ColumnType<T, string, string>
type List = ColumnType<string[], readonly string[], readonly string[]>

declare module '../../core/database.ts' {
  interface Database {
    'catalog.entryClass': {
      code: string
      parent: string | null
      name: string
      nameKey: string
      serials: Generated<number>
    }
    'catalog.entry': {
      id: Generated<string>
      code: string
      organisationId: string
      kind: EntryKind
      classPath: List
      theme: ColumnType<string, never, never>
      name: string
      nameKey: string
      unit: string
      summary: string
      keywords: List
      format: EntryFormat
      formatType: string
      items: Json<EntryItem[]>
      sharingType: SharingType
      sharingBasis: ColumnType<SharingBasis | null, string | null, string | null>
      sharingCondition: string | null
      sharingMethod: SharingMethod | null
      open: boolean
      openCondition: string | null
      updateCycle: UpdateCycle
      relatedCodes: List
      custodian: string
      contact: string
      system: string
      matters: List
      datasetId: string | null
      status: EntryStatus
      registeredBy: string
      editedBy: List
      registeredAt: Date
      reviewedBy: string | null
      publishedOn: string | null
      confirmedAt: Date
      remark: string | null
      level: number
      dataAt: Date | null
      dataRows: number | null
      grade: Grade | null
      closedAt: Date | null
      search: ColumnType<string, unknown, unknown>
    }
    'catalog.elementSource': {
      elementCode: string
      organisationId: string
    }
  }
}
