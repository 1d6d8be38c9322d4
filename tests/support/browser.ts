import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { isBuilt } from '../../gateway/built.mjs'
import { gdbosCommand } from './command.ts'
import { addressOf, createShippedDatabase, dropDatabase, SERVER } from './database.ts'
import { copyMigrated } from './data-folder.ts'
import { keptFolder } from './snapshots.ts'

const CHROMIUM = '/usr/bin/chromium'
const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The longest a first start may take on a slow machine: database, packs, demo registers. */
const START_MS = 300_000

/** For `before` of a browser suite: skips it in one line on a machine without Chromium, fails it in CI. */
export function requireChromium(suite: Mocha.Context): void {
  if (existsSync(CHROMIUM)) return
  if (process.env['CI']) throw new Error(`${CHROMIUM} is missing; the browser tests must run in CI`)
  console.log(`      ${CHROMIUM} is not installed; the browser tests are skipped`)
  suite.skip()
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Longer than a page takes on a machine that does much else at the same time. */
const ACTION_MS = 90_000

/** Cookies and storage of one person's browser. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  context.setDefaultTimeout(ACTION_MS)
  return context
}

export interface DemoServer {
  /** Without a slash at the end. */
  readonly url: string
  /** Of every demo account. */
  readonly password: string
  readonly dataFolder: string
  readonly process: ChildProcess
  /** Stops it and starts it again on the same data at the same address; `SIGKILL` gives it no time to tidy up. */
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Stops it and removes its data. */
  close(): Promise<void>
}

/**
 * The real server in trial mode, as a person starts it, with the demo on a folder of its own, and on a
 * database of its own where the suite runs on a server.
 */
export async function startDemoServer(settings: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  await buildPortal()
  const database = SERVER === undefined ? undefined : await shippedDatabase(SERVER)
  const environment = {
    DATABASE_URL: SERVER === undefined || database === undefined ? '' : addressOf(SERVER, database),
    ...settings,
  }
  const dataFolder = await mkdtemp(join(tmpdir(), 'gdbos-demo-'))
  // On a folder alone, the demo is loaded once for all runs of the same sources.
  if (SERVER === undefined) await cp(await loadedDemo(environment), dataFolder, { recursive: true })
  let { child, url } = await launch(dataFolder, '0', environment)
  const password = (await readFile(join(dataFolder, 'demo-password'), 'utf8')).trim()
  return {
    url,
    password,
    dataFolder,
    get process() {
      return child
    },
    async restart(signal) {
      await stop(child, signal)
      ;({ child, url } = await launch(dataFolder, new URL(url).port, environment))
    },
    async close() {
      await stop(child, 'SIGTERM')
      await rm(dataFolder, { recursive: true, force: true })
      if (SERVER !== undefined && database !== undefined) await dropDatabase(SERVER, database)
    },
  }
}

/** On a server too the demo is loaded on what ships already: the first world of a run has made that. */
async function shippedDatabase(server: string): Promise<string> {
  const { openWorld } = await import('./world.ts')
  await (await openWorld()).close()
  return createShippedDatabase(server)
}

const loadedDemo = (environment: Readonly<Record<string, string>>) =>
  keptFolder('demo', async (folder) => {
    await copyMigrated(folder)
    const { child } = await launch(folder, '0', environment)
    await stop(child, 'SIGTERM')
  })

async function launch(dataFolder: string, port: string, environment: Readonly<Record<string, string>>) {
  const started = [...(await gdbosCommand()), 'start', '--demo', '--port', port, '--data', dataFolder]
  const child = spawn(process.execPath, started, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let told = ''
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      // Left running it would keep the run from ending.
      child.kill('SIGKILL')
      reject(new Error(`the server did not start in time:\n${told}`))
    }, START_MS)
    const read = (chunk: Buffer) => {
      told = `${told}${chunk.toString()}`.slice(-20_000)
      const address = /^GDBOS\s+(http\S+)/m.exec(told)?.[1]
      if (address === undefined) return
      clearTimeout(late)
      resolve(address.replace(/\/$/, ''))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', (code) => {
      clearTimeout(late)
      reject(new Error(`the server ended with ${code}:\n${told}`))
    })
  })
  return { child, url }
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

let built: Promise<void> | undefined

/** The pages as they stand in the sources, once a run; a build that is as new has them. */
function buildPortal(): Promise<void> {
  built ??= (async () => {
    if (await isBuilt()) return
    await run('--import', 'tsx', 'gateway/graphql/generate.ts')
    await run(
      'node_modules/vite/bin/vite.js',
      'build',
      '--config',
      'gateway/portal/vite.config.ts',
      '--logLevel',
      'error',
    )
  })()
  return built
}

function run(...args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${code}`)),
    )
  })
}

/** Signs in by the page, as a person does. */
export async function signIn(page: Page, server: DemoServer, login: string): Promise<void> {
  await page.goto(`${server.url}/signin`)
  await page.locator('#login').fill(login)
  await page.locator('#password').fill(server.password)
  await page.locator('#password').press('Enter')
  await page.waitForURL((url) => url.pathname !== '/signin')
  await settled(page)
}

/** A picture of the page for docs/images, where GDBOS_PICTURES names a folder to keep it in. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['GDBOS_PICTURES']
  if (folder === undefined) return
  await page.setViewportSize({ width: 1280, height: 960 })
  await settled(page)
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Until nothing on the page is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.locator('#main').waitFor()
  await page.locator('body:not(:has(.loading))').waitFor()
}

/** How long and how often a page is looked at for what the platform does meanwhile: longer than a dead node's claim stands. */
const LOOK_MS = 2_000
const MAX_LOOKS = 45

/** The process works on while people wait: looks again until what it makes is on the page. */
export async function until(wanted: Locator, lookAgain: () => Promise<unknown>): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look++) {
    try {
      return await wanted.waitFor({ timeout: LOOK_MS })
    } catch {
      await lookAgain()
    }
  }
  await wanted.waitFor({ timeout: LOOK_MS })
}

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']

/** What axe finds against WCAG 2.2 AA on a page in one language; empty when nothing. */
export async function auditOn(page: Page, address: string, locale: string): Promise<string[]> {
  if (page.url() !== address) await page.goto(address)
  await page.locator(`[data-locale="${locale}"]`).click()
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(WCAG_22_AA).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${locale} ${address} ${id} ${html}`))
}

/** The whole form of a food business licence on its page, then on to the documents. */
export async function fillForm(page: Page): Promise<void> {
  await page.locator('#field-areaSquareMetres').fill('80')
  for (const name of ['landlordKind', 'mainForm'])
    await page.locator(`#field-${name}`).selectOption({ index: 1 })
  for (const name of ['businessItems', 'equipment', 'declaration'])
    await page.locator(`#field-${name}`).check()
  await page.locator('#field-foodSafetyManagerName').fill('王小红')
  await page.locator('#field-foodSafetyManagerIdNumber').fill('11010519491231002X')
  await page.locator('#field-foodSafetyManagerCertificateNumber').fill('SP-2025-0031')
  await page.locator('#field-contactMobile').fill('13800138000')
  await page.locator('main form button.button').click()
  await page.waitForURL(/\/materials$/)
  await settled(page)
}
