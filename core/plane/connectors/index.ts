export type {
  Access,
  Cell,
  Connection,
  Cursor,
  CursorFault,
  FilesConnection,
  Network,
  OauthClient,
  ReadRequest,
  RemoteConnection,
  RestConnection,
  Row,
  ServerConnection,
  Session,
  SourceColumn,
  SourceKind,
} from './connector.ts'
export { described, discover, type DiscoveredColumn, type Discovery } from './discover.ts'
export { INBOX, placedFiles, requireOwnPrefix, testFiles } from './files.ts'
export { isNetwork } from './network.ts'
export { openSource, TEST_STEPS, testSource, type TestResult, type TestStep } from './open.ts'
export { errors } from './refusals.ts'
export { readRecords } from './rest.ts'
export {
  BATCH_TABLE,
  type Position,
  START,
  type Target,
  type TargetColumn,
  WRITE_ROWS,
  type Writer,
  type Written,
} from './writer.ts'
