import mongoose from 'mongoose'
import mysql from 'mysql2/promise'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { addressOf, type Server } from '../support/sources.ts'

/** A department's database with an empty table `firms`, as its administrator sees it. */
export interface TargetDatabase {
  readonly database: string
  readonly collection: string
  /** `uscc`, `organisation_name`, `address`, by key. */
  rows(): Promise<(readonly (string | null)[])[]>
  /** Version, next version, cursor and rows written of the one feed in the batch table. */
  batch(): Promise<unknown[]>
  /** PostgreSQL only. */
  query(sql: string, values?: readonly unknown[]): Promise<unknown[][]>
  remove(): Promise<void>
}

export const openTarget: Record<Server, () => Promise<TargetDatabase>> = { postgres, mysql: mariadb, mongo }

const nameOf = () => `gdbos_back_${randomBytes(4).toString('hex')}`

async function postgres(): Promise<TargetDatabase> {
  const database = nameOf()
  const admin = new pg.Client({ connectionString: addressOf('postgres').href })
  await admin.connect()
  await admin.query(`create database ${database}`)
  const address = addressOf('postgres')
  address.pathname = `/${database}`
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  const query = async (text: string, values: readonly unknown[] = []) =>
    (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows
  await query('create table firms (uscc varchar(18) primary key, organisation_name text, address text)')
  return {
    database,
    collection: 'public.firms',
    rows: async () =>
      (await query('select uscc, organisation_name, address from firms order by uscc')) as (
        string | null
      )[][],
    batch: async () =>
      (await query('select version, next_version, next_key, rows_written::int from gdbos_delivery')).flat(),
    query,
    async remove() {
      await client.end()
      await admin.query(`drop database ${database} with (force)`)
      await admin.end()
    },
  }
}

async function mariadb(): Promise<TargetDatabase> {
  const database = nameOf()
  const { hostname: host, port, username: user, password } = addressOf('mysql')
  const admin = await mysql.createConnection({ host, port: Number(port), user, password, charset: 'utf8mb4' })
  await admin.query(`create database ${database} character set utf8mb4`)
  await admin.query(`use ${database}`)
  await admin.query(
    'create table firms (uscc varchar(18) collate utf8mb4_bin primary key, organisation_name text, address text)',
  )
  const query = async (sql: string) =>
    (await admin.query({ sql, rowsAsArray: true }))[0] as unknown as string[][]
  return {
    database,
    collection: 'firms',
    rows: () => query('select uscc, organisation_name, address from firms order by uscc'),
    batch: async () =>
      (await query('select version, next_version, next_key, rows_written from gdbos_delivery')).flat(),
    query,
    async remove() {
      await admin.query(`drop database ${database}`)
      await admin.end()
    },
  }
}

async function mongo(): Promise<TargetDatabase> {
  const database = nameOf()
  const client = await mongoose.createConnection(addressOf('mongo').href, { dbName: database }).asPromise()
  await client.createCollection('firms')
  return {
    database,
    collection: 'firms',
    async rows() {
      const found = await client.collection('firms').find().sort({ _id: 1 }).toArray()
      return found.map(({ uscc, organisation_name: name, address }) => [uscc, name, address] as string[])
    },
    async batch() {
      const [found] = await client.collection('gdbos_delivery').find().toArray()
      return [found?.['version'], found?.['next'], found?.['cursor'], found?.['rowsWritten']]
    },
    query: () => Promise.resolve([]),
    async remove() {
      await client.dropDatabase()
      await client.close()
    },
  }
}
