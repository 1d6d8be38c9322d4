import type { StandardStatus } from '../../generated/graphql.ts'

/** The page of a code list, whose id holds a slash and a blank: `GB/T 2260@2023`. */
export const codeListPath = (id: string) => `/standards/code-lists/${encodeURIComponent(id)}`

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

/** Whether a version was ever published, and so may leave as a file. */
export const isOut = (status: StandardStatus) => status !== 'DRAFT' && status !== 'REVIEW'
