import { randomUUID } from 'node:crypto'
import { openAccount } from '../../core/identity/index.ts'
import { type Kernel } from '../../core/kernel.ts'
import { serve } from '../../gateway/main.ts'
import { employ, establish, registerPerson } from '../../modules/organisation/index.ts'
import { openWorld } from '../support/world.ts'

export const PASSWORD = 'correct horse battery'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- whatever the server said
}

/** A whole platform behind HTTP on loopback. `settings` overlay the configuration. */
export async function openServed(settings: Partial<Kernel['config']> = {}, now?: string) {
  const world = await openWorld(now === undefined ? {} : { now })
  const config = { ...world.kernel.config, port: 0, requestsPerMinute: 100_000, ...settings }
  const kernel: Kernel = { ...world.kernel, config, close: async () => {} }
  const server = await serve(kernel)
  const base = `http://127.0.0.1:${server.port}`

  async function send(path: string, init: RequestInit & { cookie?: string } = {}): Promise<Answer> {
    const { cookie, ...rest } = init
    const response = await fetch(base + path, {
      ...rest,
      headers: {
        // After 5 s the server ends a connection that a client may be about to use again.
        connection: 'close',
        ...(cookie === undefined ? {} : { cookie }),
        ...rest.headers,
      },
    })
    const text = await response.text()
    const json = /[/+]json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }

  function post(path: string, body: unknown, cookie?: string): Promise<Answer> {
    return send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(cookie === undefined ? {} : { cookie }),
    })
  }

  return {
    world,
    kernel,
    base,
    port: server.port,
    send,
    post,

    graphql: (query: string, variables: object = {}, cookie?: string) =>
      post('/graphql', { query, variables }, cookie),

    /** Somebody with an account, and with roles in an organisation when one is named. */
    async person(login: string, roles: readonly string[] = [], organisationId = 'tax-bureau') {
      const ctx = world.platform()
      const person = await registerPerson(ctx, { name: { zh: login, en: login } })
      if (roles.length > 0) {
        const name = { zh: organisationId, en: organisationId }
        await establish(ctx, { id: organisationId, name, kind: 'body' }).catch(() => undefined)
        await employ(ctx, { personId: person.id, organisationId, roles })
      }
      const audience = roles.length > 0 ? 'staff' : 'public'
      return openAccount(ctx, { login, password: PASSWORD, personId: person.id, audience })
    },

    /** Signs in and answers the cookie to send along. */
    async signIn(login: string, password = PASSWORD): Promise<string> {
      const { status, headers, body } = await post('/api/session', { login, password })
      if (status !== 201) throw new Error(`sign-in answered ${status}: ${JSON.stringify(body)}`)
      return (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    },

    refusals: () =>
      world.db
        .selectFrom('core.access')
        .select(['actorId', 'subject', 'code'])
        .where('kind', '=', 'refusal')
        .execute(),

    async close() {
      await server.stop()
      await world.close()
    },
  }
}

export type Served = Awaited<ReturnType<typeof openServed>>

export const newId = () => randomUUID()
