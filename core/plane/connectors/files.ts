import { DomainError } from '../../errors.ts'
import type { ObjectStore, PlacedFile } from '../../objects.ts'
import { isPlacedName } from '../../objects/placed.ts'
import { type FilesConnection, MAX_COLLECTIONS } from './connector.ts'
import { TEST_STEPS, type TestResult, type TestStep } from './open.ts'
import { errors } from './refusals.ts'

/** Where departments place files, beside the platform's own objects: `inbox/<organisation>/…`. */
export const INBOX = 'inbox'
const MAX_FILES = 10_000

/** Nobody names a place outside what its own organisation fills. @throws CATALOG_SOURCE_PREFIX_REFUSED */
export function requireOwnPrefix(prefix: string, organisationId: string): void {
  const own = `${INBOX}/${organisationId}/`
  const isName = prefix.endsWith('/') && isPlacedName(prefix.slice(0, -1))
  if (!isName || !prefix.startsWith(own)) throw errors.SOURCE_PREFIX_REFUSED({ prefix, own })
}

/**
 * The files of the source, as they were placed one after another.
 *
 * @throws CATALOG_SOURCE_RESPONSE_EXCEEDED over 10,000 files, and what the store throws
 */
export async function placedFiles(
  store: ObjectStore,
  { prefix }: FilesConnection,
  signal: AbortSignal,
): Promise<PlacedFile[]> {
  const files: PlacedFile[] = []
  for await (const file of store.placed(prefix, signal)) {
    files.push(file)
    if (files.length > MAX_FILES) throw errors.SOURCE_RESPONSE_EXCEEDED({ limit: `${MAX_FILES} files` })
  }
  return files.sort((a, b) => a.placedAt.getTime() - b.placedAt.getTime() || (a.name < b.name ? -1 : 1))
}

/** Tries a prefix step by step, as {@link testSource} tries a server: its place, the store, our rights, a file. */
export async function testFiles(
  store: ObjectStore,
  connection: FilesConnection,
  organisationId: string,
  signal: AbortSignal,
): Promise<TestResult> {
  const passed: TestStep[] = []
  const { kind, prefix } = connection
  let collections: readonly string[] = []
  try {
    requireOwnPrefix(prefix, organisationId)
    passed.push('resolve')
    const files = await placedFiles(store, connection, signal)
    passed.push('connect', 'login')
    collections = files.slice(0, MAX_COLLECTIONS).map(({ name }) => name.slice(prefix.length))
    const newest = files.at(-1)
    if (newest === undefined) throw errors.SOURCE_PREFIX_EMPTY({ prefix })
    // Leaving the loop closes the stream.
    for await (const _ of await store.openPlaced(newest.name)) break
    passed.push('read')
    return { kind, passed, failed: null, collections }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    // The store answered, but not to us.
    if (passed.length === 1 && error.code === 'OBJECTS_ACCESS_REFUSED') passed.push('connect')
    return {
      kind,
      passed,
      failed: { step: TEST_STEPS[passed.length] ?? 'read', refusal: error },
      collections,
    }
  }
}
