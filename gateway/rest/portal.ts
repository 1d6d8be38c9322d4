import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Request, Router } from 'express'
import { onlyMethods } from './errors.ts'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** Where `npm run build` puts the pages: beside the built gateway, or in dist when run from the source. */
export function portalFolder(): string {
  const built = fileURLToPath(new URL('../../portal/', import.meta.url))
  return existsSync(join(built, 'assets'))
    ? built
    : fileURLToPath(new URL('../../dist/portal/', import.meta.url))
}

/**
 * The built portal. The files are listed once, so that an address is looked up among names and never
 * becomes a path; every other page address gets the one page, which knows its own routes.
 */
export function portal(folder: string): Router {
  const router = Router()
  const files = new Map(list(folder).map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path]))
  const index = files.get('/index.html')
  const page = index === undefined ? undefined : readFileSync(index, 'utf8')

  router.get(/.*/, (req, res, next) => {
    const path = files.get(req.path)
    if (path !== undefined && path !== index) {
      res.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream')
      res.setHeader(
        'Cache-Control',
        // Vite puts a digest of the content into the names under /assets/.
        req.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      createReadStream(path).on('error', next).pipe(res)
      return
    }
    if (page === undefined || !isPage(req.path) || !asksForPage(req)) return next()
    const nonce = randomBytes(16).toString('base64')
    res.setHeader('Content-Security-Policy', contentPolicy(nonce))
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.setHeader('Cache-Control', 'no-store')
    res.send(page.replace('</head>', `<meta property="csp-nonce" nonce="${nonce}"></head>`))
  })
  for (const path of files.keys()) router.all(path, onlyMethods('GET', 'HEAD'))
  return router
}

/** The front door is open to whoever knocks; elsewhere a page is for who asks for one, and not for a prober. */
const asksForPage = ({ path, headers }: Request): boolean =>
  path === '/' || /\btext\/html\b/.test(headers.accept ?? '')

/** Styles made at run time (antd's) carry the page's nonce; scripts are our files and nothing else. */
export function contentPolicy(nonce?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    nonce === undefined ? "style-src 'self'" : `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Not what only a prober asks for: hidden names, climbing, files that are not there. An encoded slash may be
 * part of a name, as in that of a code list.
 */
function isPage(path: string): boolean {
  return (
    !/(^|\/|%2f)\.|%2e|%5c|%00|%(?![0-9a-f]{2})|\\/i.test(path) &&
    !/^\/(api|graphql|health|assets)(\/|$)/.test(path)
  )
}

function list(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => join(entry.parentPath, entry.name))
}
