import type { PGlite } from '@electric-sql/pglite'

/**
 * What Emscripten's file system in memory keeps of a file or folder (MEMFS and FS of Emscripten 3.1); PGlite
 * declares none of it, and pins the version.
 */
interface FsNode {
  readonly id: number
  name: string
  parent: FsNode
  mode: number
  atime: number
  mtime: number
  ctime: number
  contents?: Uint8Array | Record<string, FsNode>
  usedBytes?: number
  name_next?: FsNode
}

interface FsStream {
  shared: Record<string, unknown>
}

interface MemoryFileSystem {
  readonly root: FsNode
  streams: (FsStream | null | undefined)[]
  nameTable: (FsNode | undefined)[]
}

/** A megabyte of WebAssembly's memory is sixteen of these; most of it is zero and never touched. */
const CHUNK_BYTES = 64 * 1024
const ZEROS = new Uint8Array(CHUNK_BYTES)

/**
 * Remembers an idle database in memory as it is, and returns what brings it back to that: a hundredth of a
 * second's work, where opening another from a snapshot of its files is a second's.
 */
export function rememberState({ Module }: PGlite): () => void {
  const memory = rememberMemory(Module.wasmMemory)
  const files = rememberFiles(Module.FS as unknown as MemoryFileSystem)
  return () => {
    memory()
    files()
  }
}

function rememberMemory(memory: { readonly buffer: ArrayBuffer }): () => void {
  const saved = chunksOf(memory).map((chunk) => (isZero(chunk) ? ZEROS : chunk.slice()))
  return () => {
    for (const [index, chunk] of chunksOf(memory).entries()) {
      const before = saved[index] ?? ZEROS
      if (Buffer.compare(chunk, before) !== 0) chunk.set(before)
    }
  }
}

function chunksOf({ buffer }: { readonly buffer: ArrayBuffer }): Uint8Array[] {
  return Array.from(
    { length: buffer.byteLength / CHUNK_BYTES },
    (_, index) => new Uint8Array(buffer, index * CHUNK_BYTES, CHUNK_BYTES),
  )
}

const isZero = (chunk: Uint8Array) => Buffer.compare(chunk, ZEROS) === 0

function rememberFiles(fs: MemoryFileSystem): () => void {
  const streams = fs.streams.map(
    (stream) => stream && { stream, fields: { ...stream }, shared: { ...stream.shared } },
  )
  const nameTable = [...fs.nameTable]
  const nodes: (() => void)[] = []
  const remember = (node: FsNode) => {
    nodes.push(rememberNode(node))
    if (isFolder(node)) for (const inner of Object.values(node.contents)) remember(inner)
  }
  remember(fs.root)
  return () => {
    for (const restore of nodes) restore()
    fs.nameTable.splice(0, Infinity, ...nameTable)
    fs.streams.splice(
      0,
      Infinity,
      ...streams.map(
        (open) => open && Object.assign(open.stream, open.fields, { shared: { ...open.shared } }),
      ),
    )
  }
}

const isFolder = (node: FsNode): node is FsNode & { contents: Record<string, FsNode> } =>
  node.contents !== undefined && !(node.contents instanceof Uint8Array)

function rememberNode(node: FsNode): () => void {
  const { contents, ...fields } = node
  if (contents === undefined) return () => Object.assign(node, fields)
  if (!(contents instanceof Uint8Array)) {
    const entries = { ...contents }
    return () => Object.assign(node, fields, { contents: { ...entries } })
  }
  const bytes = contents.slice(0, node.usedBytes)
  let current = contents
  // A write puts the time of day into `mtime`; cutting a file gives it another array.
  node.mtime = fields.mtime = UNTOUCHED
  return () => {
    if (node.mtime !== UNTOUCHED || node.contents !== current) current = bytes.slice()
    Object.assign(node, fields, { contents: current })
  }
}

const UNTOUCHED = 0
