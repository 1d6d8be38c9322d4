import type { StandardStatus } from '../../generated/graphql.ts'

/** How the status of a standard looks beside its word. */
export function standardLook(status: StandardStatus): string {
  switch (status) {
    case 'PUBLISHED':
      return 'tag tag-good'
    case 'REVIEW':
      return 'tag tag-warn'
    case 'DEPRECATED':
    case 'RETIRED':
      return 'tag tag-bad'
    case 'DRAFT':
      return 'tag tag-quiet'
  }
}
