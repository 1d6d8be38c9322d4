import { parse } from 'graphql'
import type { Module } from '../../core/module.ts'
import type { BoundField } from '../../standards/index.ts'

/** The fields whose SDL says `@element(code: …)`: their values are those of a data element. By name. */
export function boundFields(manifests: readonly Module[]): BoundField[] {
  return manifests
    .filter(({ typeDefs }) => typeDefs.includes('@element('))
    .flatMap(({ typeDefs }) => parse(typeDefs, { noLocation: true }).definitions)
    .flatMap((type) => {
      if (type.kind !== 'ObjectTypeDefinition' && type.kind !== 'ObjectTypeExtension') return []
      return (type.fields ?? []).flatMap(({ name, directives }) =>
        (directives ?? []).flatMap(({ name: directive, arguments: given }) => {
          const code = given?.find((argument) => argument.name.value === 'code')?.value
          if (directive.value !== 'element' || code?.kind !== 'StringValue') return []
          return [{ field: `${type.name.value}.${name.value}`, elementCode: code.value }]
        }),
      )
    })
    .sort((a, b) => (a.field < b.field ? -1 : 1))
}
