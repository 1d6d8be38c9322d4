import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import type { BenchRow } from './row.ts'

const CONNECTIONS = 8
const SECONDS = 5
const WARM_SECONDS = 2

/** What the main pages ask first, by the account that asks it. */
const QUERIES: readonly { readonly name: string; readonly login: string; readonly query: string }[] = [
  {
    name: 'who I am',
    login: 'enterprise-drafter',
    query: '{ me { login name { zh } roles permissions organisation { id name { zh } } } }',
  },
  {
    name: 'service items',
    login: 'enterprise-drafter',
    query: `{ serviceItems(search: "食品", first: 20) { edges { node { id name { zh en } organisation { name { zh } }
      promisedLimit { amount unit } fees { amountFen } } } pageInfo { hasNextPage endCursor } } }`,
  },
  {
    name: 'task desk',
    login: 'reviewer',
    query: `{ tasks(first: 20) { edges { node { id name { zh } status createdAt dueOn mayClaim case { number
      publicStatus { zh } applicant { name { zh } } } } } pageInfo { hasNextPage endCursor } } }`,
  },
  {
    name: 'datasets',
    login: 'steward-market',
    query: `{ datasets(first: 20) { edges { node { id title organisation { name { zh } } schemaName { zh }
      currentVersion { version rows createdAt } mayLoad } } pageInfo { hasNextPage endCursor } } }`,
  },
  {
    name: 'search of golden records',
    login: 'steward-market',
    query: `{ organisationRecords(search: "食品", first: 20) { edges { node { key name asOfAt } }
      pageInfo { hasNextPage endCursor } } }`,
  },
]

/** p95 of the main queries beside a bare Apollo server that executes the same document to the same answer. */
export async function bench(): Promise<BenchRow[]> {
  const whole = serverProcess('whole')
  const { url, password } = (await once(whole, 'message').then(([said]) => said)) as {
    url: string
    password: string
  }
  const rows: BenchRow[] = []
  for (const { name, login, query } of QUERIES) {
    const cookie = await signIn(url, login, password)
    const answer = await ask(url, query, cookie)
    const bare = serverProcess('bare')
    bare.send(answer)
    const reference = ((await once(bare, 'message')) as [{ url: string }])[0]

    const referenceValue = await p95(reference.url, query, '')
    const value = await p95(url, query, cookie)
    rows.push({
      name: `graphql: ${name}, p95 at ${CONNECTIONS} connections`,
      value,
      unit: 'ms',
      reference: 'bare Apollo server, same answer',
      referenceValue,
      ratio: value / referenceValue,
    })
    await ended(bare)
  }
  await ended(whole)
  return rows
}

function serverProcess(kind: 'whole' | 'bare'): ChildProcess {
  return fork(new URL('./graphql-server.ts', import.meta.url), [kind], { execArgv: ['--import', 'tsx'] })
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = once(server, 'exit')
  server.send('stop')
  await exit
}

async function signIn(url: string, login: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  if (!answer.ok) throw new Error(`${login} cannot sign in: ${await answer.text()}`)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

async function ask(url: string, query: string, cookie: string): Promise<object> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await answer.json()) as { data?: object; errors?: unknown }
  if (!data || errors) throw new Error(`${query} was refused: ${JSON.stringify(errors)}`)
  return data
}

async function p95(url: string, query: string, cookie: string): Promise<number> {
  await load(url, query, cookie, WARM_SECONDS)
  const times = (await load(url, query, cookie, SECONDS)).sort((a, b) => a - b)
  return Number((times[Math.floor(times.length * 0.95)] ?? Number.NaN).toFixed(2))
}

/** Milliseconds of each answer. */
async function load(url: string, query: string, cookie: string, seconds: number): Promise<number[]> {
  const times: number[] = []
  const run = autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
    body: JSON.stringify({ query }),
    connections: CONNECTIONS,
    duration: seconds,
  })
  void run.on('response', (_client, _status, _bytes, milliseconds: number) => times.push(milliseconds))
  const { errors, non2xx } = await run
  if (errors > 0 || non2xx > 0) throw new Error(`${errors} errors and ${non2xx} refusals under load`)
  return times
}
