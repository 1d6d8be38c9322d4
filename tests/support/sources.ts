import type { Connection, RemoteConnection, ServerConnection } from '../../core/plane/connectors/index.ts'

/**
 * Servers that sources are tested on, by the variables of .ci/run. Only there is an absent one a failure.
 */
const ADDRESSES = {
  postgres: process.env['GDBOS_TEST_POSTGRES'],
  mysql: process.env['GDBOS_TEST_MARIADB'],
  mongo: process.env['GDBOS_TEST_MONGO'],
} as const

export type Server = keyof typeof ADDRESSES

/** For `before(skipWithoutServer('mysql'))`: skips the suite, saying why in one line, where no server is named. */
export function skipWithoutServer(server: Server): (this: Mocha.Context) => void {
  return function () {
    if (ADDRESSES[server] !== undefined && ADDRESSES[server] !== '') return
    if (process.env['CI'] === 'true') throw new Error(`the ${server} server of the tests is absent`)
    process.stderr.write(`    skipped: no ${server} server is named for tests\n`)
    this.skip()
  }
}

/** Its administrator's address. */
export function addressOf(server: Server): URL {
  return new URL(ADDRESSES[server] ?? '')
}

export function connectionTo(
  server: Server,
  database: string,
  user = decodeURIComponent(addressOf(server).username),
): ServerConnection {
  const { hostname, port } = addressOf(server)
  return { kind: server, host: hostname, port: Number(port), database, user, tls: false }
}

/** Loopback is permitted as an administrator would permit it. */
export function accessTo(connection: RemoteConnection, secret = '') {
  const host = connection.kind === 'rest' ? new URL(connection.url).hostname : connection.host
  return { connection, secret, network: { hosts: [host], permitted: ['127.0.0.0/8'] } }
}

/** A connection that leads over a network. */
export function remote(connection: Connection): RemoteConnection {
  if (connection.kind === 'files') throw new Error('files are not reached over a network')
  return connection
}
