import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApolloServer } from '@apollo/server'
import { expressMiddleware } from '@as-integrations/express5'
import express from 'express'
import { buildSchema, printSchema } from 'graphql'
import { readConfig } from '../../core/config.ts'
import { accounts, loadDemo } from '../../gateway/demo/index.ts'
import { composeSchema } from '../../gateway/graphql/schema.ts'
import { startServer } from '../../gateway/main.ts'
import { manifests } from '../../gateway/platform.ts'

/**
 * The bench's servers, each in a process of its own so that the load it is put under costs it nothing:
 * `whole` is the platform with its demo, `bare` an Apollo server of the same schema that knows its answer.
 */
if (process.argv[2] === 'whole') await whole()
else bare()

async function whole(): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'gdbos-bench-'))
  const config = {
    ...readConfig({ dataFolder, port: 0, logLevel: 'error' }),
    requestsPerMinute: 100_000_000,
    mutationsPerMinute: 100_000_000,
  }
  const password = randomBytes(12).toString('base64url')
  const server = await startServer(config, {
    async prepare(kernel) {
      await loadDemo(kernel, password)
    },
  })
  process.send?.({ url: server.url, password, logins: accounts.map(({ login }) => login) })
  process.once('message', () => {
    void server
      .stop()
      .then(() => rm(dataFolder, { recursive: true, force: true }))
      .then(() => process.exit(0))
  })
}

/** Gets the answer to give as its first message. */
function bare(): void {
  process.once('message', (rootValue: object) => void answer(rootValue))

  async function answer(rootValue: object): Promise<void> {
    const apollo = new ApolloServer({ schema: buildSchema(printSchema(composeSchema(manifests))), rootValue })
    await apollo.start()
    const app = express()
    app.post('/graphql', express.json(), expressMiddleware(apollo))
    const server = createServer(app).listen(0, '127.0.0.1', () => {
      process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    })
    process.once('message', () => process.exit(0))
  }
}
