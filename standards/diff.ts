import type { CrosswalkRow } from './crosswalk.ts'
import type { Successor } from './codelist.ts'

/** What a diff needs of a code. */
export interface DiffCode {
  readonly code: string
  readonly name: string
  readonly parent: string | null
  readonly successors?: readonly Successor[]
}

export type ChangeKind = 'unchanged' | 'renamed' | 'moved' | 'added' | 'removed'

export interface CodeChange {
  readonly kind: ChangeKind
  readonly code: string
  readonly oldName: string | null
  readonly newName: string | null
  readonly oldParent: string | null
  readonly newParent: string | null
}

/** How removed and added codes hang together. */
export interface CodeNote {
  readonly kind: 'recoded' | 'split' | 'merged'
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Declared by successors or a crosswalk; else proposed from names alone. */
  readonly declared: boolean
}

export interface EditionDiff {
  readonly counts: Readonly<Record<ChangeKind | 'old' | 'new' | 'recoded' | 'split' | 'merged', number>>
  /** In the order of the new edition, the removed ones after them. */
  readonly changes: readonly CodeChange[]
  readonly notes: readonly CodeNote[]
}

/** Names that many places share and that therefore name none. */
const GENERIC = new Set([
  '市辖区',
  '县',
  '郊区',
  '省直辖县级行政区划',
  '自治区直辖县级行政区划',
  '省直辖行政单位',
])

/**
 * What changed between two editions, keyed by code (2.6). `old = unchanged + renamed + moved + removed` and
 * `new = unchanged + renamed + moved + added`; a code that moved and got a new name counts as moved.
 */
export function diffEditions(
  before: readonly DiffCode[],
  after: readonly DiffCode[],
  crosswalk: readonly CrosswalkRow[] = [],
): EditionDiff {
  const old = byCode(before)
  const next = byCode(after)
  const changes: CodeChange[] = []
  for (const value of next.values()) changes.push(changeOf(old.get(value.code), value))
  for (const value of old.values()) if (!next.has(value.code)) changes.push(changeOf(value, undefined))
  const declared = declaredNotes(old, next, crosswalk)
  const told = new Set(declared.flatMap(({ from }) => from))
  const notes = [
    ...declared,
    ...proposedNotes(old, next).filter(({ from }) => !from.some((code) => told.has(code))),
  ]
  const count = (kind: ChangeKind) => changes.filter((change) => change.kind === kind).length
  const noted = (kind: CodeNote['kind']) => notes.filter((note) => note.kind === kind).length
  return {
    counts: {
      old: old.size,
      new: next.size,
      unchanged: count('unchanged'),
      renamed: count('renamed'),
      moved: count('moved'),
      added: count('added'),
      removed: count('removed'),
      recoded: noted('recoded'),
      split: noted('split'),
      merged: noted('merged'),
    },
    changes,
    notes,
  }
}

/** A code that is in force twice counts once, as it was last. */
const byCode = (values: readonly DiffCode[]) => new Map(values.map((value) => [value.code, value]))

function changeOf(old: DiffCode | undefined, next: DiffCode | undefined): CodeChange {
  return {
    kind: kindOf(old, next),
    code: (next ?? old)?.code ?? '',
    oldName: old?.name ?? null,
    newName: next?.name ?? null,
    oldParent: old?.parent ?? null,
    newParent: next?.parent ?? null,
  }
}

function kindOf(old: DiffCode | undefined, next: DiffCode | undefined): ChangeKind {
  if (!old) return 'added'
  if (!next) return 'removed'
  if (old.parent !== next.parent) return 'moved'
  return old.name === next.name ? 'unchanged' : 'renamed'
}

type Codes = ReadonlyMap<string, DiffCode>

/** From the successors of removed codes and from a crosswalk between the editions. */
function declaredNotes(old: Codes, next: Codes, crosswalk: readonly CrosswalkRow[]): CodeNote[] {
  const targets = new Map<string, Set<string>>()
  const sources = new Map<string, Set<string>>()
  const link = (from: string, to: string) => {
    if (!old.has(from) || !next.has(to) || from === to) return
    targets.set(from, (targets.get(from) ?? new Set()).add(to))
    sources.set(to, (sources.get(to) ?? new Set()).add(from))
  }
  for (const { code, successors = [] } of old.values()) for (const each of successors) link(code, each.code)
  for (const { fromCode, toCode, relation } of crosswalk) if (relation !== 'related') link(fromCode, toCode)

  const notes: CodeNote[] = []
  for (const [from, to] of targets)
    if (to.size > 1) notes.push({ kind: 'split', from: [from], to: [...to], declared: true })
  for (const [to, from] of sources)
    if (from.size > 1) notes.push({ kind: 'merged', from: [...from], to: [to], declared: true })
  for (const [from, to] of targets) {
    const [only = ''] = to
    if (to.size === 1 && sources.get(only)?.size === 1 && !next.has(from) && !old.has(only))
      notes.push({ kind: 'recoded', from: [from], to: [only], declared: true })
  }
  return notes
}

/** One removed and one added code of one name under one top-level parent: perhaps the same place. */
function proposedNotes(old: Codes, next: Codes): CodeNote[] {
  const removed = grouped(old, next)
  const added = grouped(next, old)
  const notes: CodeNote[] = []
  for (const [key, from] of removed) {
    const to = added.get(key)
    if (from.length === 1 && to?.length === 1) notes.push({ kind: 'recoded', from, to, declared: false })
  }
  return notes
}

/** Codes that the other edition lacks, by top-level parent and name. */
function grouped(codes: Codes, other: Codes): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const value of codes.values()) {
    if (other.has(value.code) || GENERIC.has(value.name)) continue
    const key = `${topOf(codes, value)}\n${value.name}`
    groups.set(key, [...(groups.get(key) ?? []), value.code])
  }
  return groups
}

/** The first-level code above a code; nothing for a first-level code itself. */
function topOf(codes: Codes, value: DiffCode): string {
  let top = ''
  for (let at: DiffCode | undefined = value, steps = 0; at?.parent != null && steps < 10; steps++) {
    top = at.parent
    at = codes.get(at.parent)
  }
  return top
}

/**
 * The parents that codes of one width tell by themselves: `110101` lies under `110100`, `A01` under `A`. A code's
 * parent is the longest other code that, without its ending pairs of zeros, begins it.
 */
export function parentsByPrefix(
  codes: readonly { readonly code: string; readonly name: string }[],
): DiffCode[] {
  const stems = new Map(codes.map(({ code }) => [stemOf(code), code]))
  return codes.map(({ code, name }) => {
    const stem = stemOf(code)
    for (let length = stem.length - 1; length > 0; length--) {
      const parent = stems.get(stem.slice(0, length))
      if (parent !== undefined) return { code, name, parent }
    }
    return { code, name, parent: null }
  })
}

const stemOf = (code: string) =>
  /^\d+$/.test(code) && code.length % 2 === 0 ? code.replace(/(?:00)+$/, '') : code
