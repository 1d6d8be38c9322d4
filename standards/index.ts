import { mergeResolvers, type Module } from '../core/module.ts'
import * as dryRunFields from './dry-run.graphql.ts'
import { trySubmitted } from './dry-run.service.ts'
import { can } from './policy.ts'
import * as codeListFields from './codelist.graphql.ts'
import * as importFields from './import.graphql.ts'
import * as lifeFields from './life.graphql.ts'
import { commands } from './review.commands.ts'
import * as standardFields from './standards.graphql.ts'

export {
  changeCodeList,
  codesInForce,
  codeList,
  diffCodeLists,
  draftCodeList,
  editionsOf,
  extendCodeList,
  listCodeLists,
  pageOfValues,
  valuesInScope,
} from './codelist.service.ts'
export {
  codeListId,
  type CodeList,
  type CodeListContent,
  codeValue,
  type CodeValue,
  errors as codeListErrors,
  validityEnd,
} from './codelist.ts'
export { type CrosswalkContent, type CrosswalkRow } from './crosswalk.ts'
export { changeCrosswalk, crosswalk, draftCrosswalk, translateCode } from './crosswalk.service.ts'
export { type DiffCode, diffEditions, type EditionDiff, parentsByPrefix } from './diff.ts'
export { type Dependency, merged as mergedBindings, type StandardUser, type UserKind } from './dependency.ts'
export {
  bindingTo,
  type BoundField,
  datasetsOf,
  datasetsUsing,
  type Impact,
  impact,
  registerFields,
  registerUser,
} from './dependency.service.ts'
export {
  type DryRun,
  type DryRunDataset,
  type FailingKeys,
  type FailingRow,
  MAX_FAILING,
  type RemovedRows,
} from './dry-run.ts'
export {
  beginDryRun,
  dryRun,
  type DryRunWork,
  endDryRun,
  failingKeys,
  proposeRowMigration,
  recordDryRun,
} from './dry-run.service.ts'
export { compileColumn, compileElement } from './compile.ts'
export {
  changeElement,
  checkValue,
  compiledElements,
  draftElement,
  element,
  elementByShortName,
  elementVersions,
  listElements,
  inForceByCode,
  type ValueVerdict,
} from './element.service.ts'
export type { DataElement, ElementContent } from './element.ts'
export { fieldOf, type FormField, type FormOption } from './form.ts'
export { codeListSchema, type JsonSchema } from './json-schema.ts'
export { EXPORT_FORMATS, EXPORTABLE, type Exportable, fileNameOf } from './export.ts'
export { exportStandard, type Exported } from './export.service.ts'
export { compileMongoose, type MongooseDefinition } from './exports/mongoose.ts'
export { readCells } from './exports/import.ts'
export { MAX_IMPORT_BYTES, tooLarge as importTooLarge } from './exports/limits.ts'
export { type CellFinding, type ImportOutcome, toldFindings } from './exports/read.ts'
export { cellsOf, type Finding, namedRows, type Row } from './exports/sheet.ts'
export { writeXlsx } from './exports/xlsx.ts'
export { importCodeList, importElements, importTable } from './import.service.ts'
export { loadPack, type Pack, packIds, PACKS, readListHead, TOWNSHIPS } from './pack.ts'
export { loadPacks } from './pack.service.ts'
export { patternFault } from './pattern.ts'
export {
  changeSchema,
  type CompiledSchema,
  compileSchema,
  draftSchema,
  formFieldsOf,
  listSchemas,
  publishedSchema,
  recordSchema,
  schemaNames,
  schemaVersions,
} from './schema.service.ts'
export {
  COMPANY_NUMBERS,
  establishmentIn,
  type RecordSchema,
  type SchemaColumn,
  type SchemaContent,
  type SchemaInput,
} from './schema.ts'
export { kindOf } from './kinds.ts'
export { deprecate, retire, schedule } from './life.service.ts'
export { PLATFORM_ORGANISATION, publish, sendBack, submit, versionsOf } from './standard.service.ts'
export { shippedCodeList, shippedElement, shippedSchema, tryTable } from './shipped.ts'
export { type Binding, errors, type Standard, type StandardKind, type StandardStatus } from './standard.ts'
export type { Wish } from './wish.ts'

export const standards = {
  name: 'standards',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: [standardFields, codeListFields, importFields, lifeFields, dryRunFields]
    .map(({ typeDefs }) => typeDefs)
    .join('\n'),
  resolvers: mergeResolvers(
    standardFields.resolvers,
    codeListFields.resolvers,
    importFields.resolvers,
    lifeFields.resolvers,
    dryRunFields.resolvers,
  ),
  commands,
  subscribers: [trySubmitted],
} satisfies Module
