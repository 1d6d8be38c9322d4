import type { Plugin } from 'vite'

const CALL = /\bgraphql\(\s*`\s*(query|mutation|fragment)\s+(\w+)[^`]*`\s*,?\s*\)/g
const IMPORT = /import \{ graphql \} from '([^']*)gql\.ts'/

/**
 * Puts the generated document in the place of `graphql(source)`, so that the table from source text to document,
 * which holds every query of the portal twice, is not sent to readers.
 */
export function documents(): Plugin {
  return {
    name: 'gdbos-documents',
    enforce: 'pre',
    transform(code, id) {
      const path = IMPORT.exec(code)?.[1]
      if (path === undefined || id.includes('/generated/')) return null
      const names = new Set<string>()
      const body = code.replace(CALL, (_, kind: string, name: string) => {
        const document = kind === 'fragment' ? `${name}FragmentDoc` : `${name}Document`
        names.add(document)
        return document
      })
      return {
        code: body.replace(IMPORT, `import { ${[...names].join(', ')} } from '${path}graphql.ts'`),
        map: null,
      }
    },
  }
}
