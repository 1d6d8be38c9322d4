import { defineErrors } from '../../core/errors.ts'
import type { Counts, PlaneFile } from '../../core/plane/plane.ts'
import type { VersionOrigin } from './lineage.ts'

/** One immutable state of a dataset: a manifest of Parquet files. The greatest version is the current one. */
export interface DatasetVersion {
  readonly datasetId: string
  /** 1 for the first. */
  readonly version: number
  /** The version it was made from; null for the first. */
  readonly parent: number | null
  /** Version of the record schema its rows were judged by, and are to be read by for ever. */
  readonly schemaVersion: string
  readonly batchId: string
  readonly files: readonly PlaneFile[]
  readonly counts: Counts
  readonly rows: number
  readonly createdAt: Date
}

export interface NewVersion {
  readonly datasetId: string
  /** The version that was current when the batch began; null (or 0) when there was none. */
  readonly parent: number | null
  readonly files: readonly PlaneFile[]
  readonly schemaVersion: string
  readonly batchId: string
  readonly counts: Counts
  /** Absent when the rows were not read from a file. */
  readonly origin?: VersionOrigin
}

export const errors = defineErrors('INGEST', {
  VERSION_PARENT_MOVED: {
    kind: 'conflict',
    zh: '装载期间该数据资源已发布第 {current} 版，本批依据的是第 {parent} 版，请重试',
    en: 'Version {current} was published while this batch, made from version {parent}, was loading; try again',
  },
})

/**
 * The version that follows `current`.
 *
 * @throws INGEST_VERSION_PARENT_MOVED when the batch was made from another version (section 13, row 34)
 */
export function following(
  current: DatasetVersion | undefined,
  input: NewVersion,
  createdAt: Date,
): DatasetVersion {
  const parent = input.parent === 0 ? null : input.parent
  if (parent !== (current?.version ?? null))
    throw errors.VERSION_PARENT_MOVED({ parent: parent ?? 0, current: current?.version ?? 0 })
  const files = input.files.map(({ sha256, rows, bytes }) => ({ sha256, rows, bytes }))
  return {
    datasetId: input.datasetId,
    version: (parent ?? 0) + 1,
    parent,
    schemaVersion: input.schemaVersion,
    batchId: input.batchId,
    files,
    counts: input.counts,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    createdAt,
  }
}

/** Whether `current` is what publishing `input` made before: a job that runs twice publishes once. */
export function isPublicationOf(current: DatasetVersion, input: NewVersion): boolean {
  return (
    current.batchId === input.batchId &&
    (current.parent ?? 0) === (input.parent ?? 0) &&
    current.schemaVersion === input.schemaVersion &&
    current.files.map(({ sha256 }) => sha256).join() === input.files.map(({ sha256 }) => sha256).join()
  )
}
