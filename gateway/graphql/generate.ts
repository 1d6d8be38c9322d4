import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { manifests } from '../platform.ts'
import { portalCodegen } from '../portal/codegen.ts'
import { composeSchema } from './schema.ts'

/** `npm run generate`: the composed schema as a file, and a typed document for each query of the portal. */
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${root}gateway/portal/src/generated/`
const schema = printSchema(lexicographicSortSchema(composeSchema(manifests)))

process.chdir(root)
await mkdir(folder, { recursive: true })
await writeFile(`${folder}schema.graphql`, `${schema}\n`)
await generate(portalCodegen(`${folder}schema.graphql`), true)
