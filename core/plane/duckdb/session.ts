import { mkdir } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { text } from '../emitter/literal.ts'
import type { Setup } from './messages.ts'

export interface Session {
  readonly connection: DuckDBConnection
  /** A second one, to read a stream while the first writes; a connection holds one result at a time. */
  readonly reader: DuckDBConnection
}

/** DuckDB, locked down: the order matters, the last line forbids every further change (K9, K10). */
export async function openSession({ folder, spillFolder, memoryMb, spillMb }: Setup): Promise<Session> {
  await mkdir(spillFolder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const settings = [
    `memory_limit = ${text(`${memoryMb}MiB`)}`,
    'threads = 2',
    // Rows of a match are numbered by their place in a sorted table.
    'preserve_insertion_order = true',
    // Asked by movementOf, and printed nowhere.
    'enable_progress_bar = true',
    'enable_progress_bar_print = false',
    "TimeZone = 'UTC'",
    // What is freed goes back soon; else what one part of a load freed still counts while the next one works.
    "allocator_flush_threshold = '16MiB'",
    'allocator_background_threads = true',
    // Rows that a thread holds before it lays them into the files of their ranges.
    'partitioned_write_flush_threshold = 65536',
    `max_temp_directory_size = ${text(`${spillMb}MiB`)}`,
    `temp_directory = ${text(spillFolder)}`,
    'allow_community_extensions = false',
    'autoload_known_extensions = false',
    'autoinstall_known_extensions = false',
    `allowed_directories = [${text(folder)}]`,
    'enable_external_access = false',
    'lock_configuration = true',
  ]
  for (const setting of settings) await connection.run(`set ${setting}`)
  return { connection, reader: await instance.connect() }
}
