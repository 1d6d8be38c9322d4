import type { Generated, JSONColumnType } from 'kysely'
import type { ItemContent, ItemState } from './item.ts'

declare module '../../core/database.ts' {
  interface Database {
    'service.item': {
      id: Generated<string>
      itemCode: string
      organisationId: string
      state: ItemState
      currentVersionId: string
      /** Names in both languages, lower case, for the search by part of a name. */
      search: string
    }
    'service.itemVersion': {
      id: string
      itemId: string
      version: number
      content: JSONColumnType<ItemContent>
      sha256: string
      publishedAt: Date
      publishedBy: string
    }
  }
}
