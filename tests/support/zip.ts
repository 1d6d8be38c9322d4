import { zipSync } from 'fflate'

/** A zip archive of these entries, deflated, as office programs write them. */
export function zip(entries: Readonly<Record<string, string | Buffer>>): Buffer {
  const contents = Object.entries(entries).map(([name, content]) => [name, Buffer.from(content)])
  return Buffer.from(zipSync(Object.fromEntries(contents), { mtime: new Date(1980, 0, 1) }))
}
