import type { CodegenConfig } from '@graphql-codegen/cli'

/** What the portal needs of the composed schema: one typed document for each query in its pages. */
export function portalCodegen(schema: string): CodegenConfig {
  return {
    schema,
    documents: ['gateway/portal/src/**/*.{ts,tsx}', '!gateway/portal/src/generated/**'],
    silent: true,
    generates: {
      'gateway/portal/src/generated/': {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          documentMode: 'string',
          enumsAsTypes: true,
          useTypeImports: true,
          importExtension: '.ts',
          strictScalars: true,
          scalars: { UUID: 'string', DateTime: 'string', Date: 'string', JSON: 'unknown' },
        },
      },
    },
  }
}
