import { chain, flow, message, model, serviceTask, timer, userTask } from './models.ts'

/** A generated process: blocks one after the other, each a shape the runtime must carry over a crash. */
export type Block =
  | { readonly kind: 'user' | 'service' | 'timer' | 'message' | 'thrown' | 'race'; readonly id: string }
  | { readonly kind: 'parallel' | 'choice'; readonly id: string; readonly branches: readonly Block[][] }

export interface CrashModel {
  readonly key: string
  readonly blocks: readonly Block[]
  readonly xml: string
  /** Messages an instance waits for that come from outside, one for each node. */
  readonly awaited: readonly string[]
}

export type Random = () => number

/** Mulberry32: the same seed gives the same numbers in [0, 1) on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const among = <T>(random: Random, items: readonly T[]): T => {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}

const SIMPLE = ['user', 'user', 'user', 'service', 'timer', 'message', 'thrown', 'race'] as const

/** A process of `size` blocks on its main path; the `way` of an instance (0 or 1) decides its choices. */
export function crashModel(key: string, size: number, random: Random): CrashModel {
  let count = 0
  const id = (kind: string) => `${kind}${(count += 1)}`
  function block(depth: number): Block {
    const nested = depth < 2 && random() < 0.3
    const kind = nested ? among(random, ['parallel', 'choice'] as const) : among(random, SIMPLE)
    if (kind !== 'parallel' && kind !== 'choice') return { kind, id: id(kind) }
    return { kind, id: id(kind), branches: [0, 1].map(() => blocks(1 + Math.floor(random() * 2), depth + 1)) }
  }
  const blocks = (length: number, depth: number) => Array.from({ length }, () => block(depth))
  // Whatever chance gives, each element a crash may strike is there.
  const main = [
    ...blocks(size, 0),
    ...(['user', 'service', 'timer', 'message', 'thrown', 'race'] as const).map((kind) => ({
      kind,
      id: id(kind),
    })),
  ]
  const written = main.map(xmlOf)
  const nodes = ['s', ...written.flatMap(({ first, last }) => [first, last]), 'e']
  const joins = nodes.flatMap((node, index) =>
    index % 2 === 0 && index + 1 < nodes.length ? [flow(node, String(nodes[index + 1]))] : [],
  )
  const all = flatten(main)
  const declared = all.filter(({ kind }) => kind === 'message' || kind === 'thrown')
  const xml = model(
    `<startEvent id="s">${message('m_opened')}</startEvent>
     ${written.map(({ xml }) => xml).join('')}<endEvent id="e"/>${joins.join('')}`,
    {
      key,
      variables: ['way:number', 'worked:boolean', 'heard:string'],
      before: [
        '<message id="m_opened" name="opened"/>',
        ...declared.map(({ id }) => `<message id="m_${id}" name="${messageOf(key, id)}"/>`),
      ].join(''),
    },
  )
  return {
    key,
    blocks: main,
    xml,
    awaited: all.filter(({ kind }) => kind === 'message').map(({ id }) => messageOf(key, id)),
  }
}

/** Names are of one process, so that no instance hears what was meant for another's node. */
export const messageOf = (key: string, id: string) => `${key}-${id}`

function flatten(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => [block, ...('branches' in block ? block.branches.flatMap(flatten) : [])])
}

interface Written {
  readonly xml: string
  readonly first: string
  readonly last: string
}

const CLERK = 'gdbos:candidateRole="clerk"'
const SECONDS = 'PT20S'

function xmlOf(block: Block): Written {
  const { id, kind } = block
  const alone = (xml: string): Written => ({ xml, first: id, last: id })
  switch (kind) {
    case 'user':
      return alone(userTask(id, CLERK))
    case 'service':
      return alone(serviceTask(id).replace('area.work', 'trial.work'))
    case 'timer':
      return alone(`<intermediateCatchEvent id="${id}">${timer(SECONDS)}</intermediateCatchEvent>`)
    case 'message':
      return alone(`<intermediateCatchEvent id="${id}">${message(`m_${id}`)}</intermediateCatchEvent>`)
    case 'thrown':
      return {
        xml: `<sendTask id="${id}_send" messageRef="m_${id}"/><receiveTask id="${id}" messageRef="m_${id}"/>${chain(`${id}_send ${id}`)}`,
        first: `${id}_send`,
        last: id,
      }
    case 'race':
      return {
        xml: `${userTask(id, CLERK)}<boundaryEvent id="${id}_late" attachedToRef="${id}">${timer(SECONDS)}</boundaryEvent>
          <exclusiveGateway id="${id}_end"/>${chain(`${id} ${id}_end`)}${chain(`${id}_late ${id}_end`)}`,
        first: id,
        last: `${id}_end`,
      }
    case 'parallel':
    case 'choice':
      return forked(block)
  }
}

function forked({ id, kind, branches }: Extract<Block, { branches: unknown }>): Written {
  const gateway = kind === 'parallel' ? 'parallelGateway' : 'exclusiveGateway'
  const branchXml = branches.map((branch, way) => {
    const written = branch.map(xmlOf)
    const first = String(written[0]?.first)
    const between = written
      .slice(1)
      .map((next, index) => flow(String(written[index]?.last), next.first))
      .join('')
    // The second branch of a choice is its default.
    const condition = kind === 'choice' && way === 0 ? 'way = 0' : undefined
    const whole = written.map(({ xml }) => xml).join('')
    return `${whole}${between}${flow(id, first, condition)}${flow(String(written.at(-1)?.last), `${id}_end`)}`
  })
  const usual = kind === 'choice' ? `default="${id}_${firstOf(branches[1])}"` : ''
  return {
    xml: `<${gateway} id="${id}" ${usual}/><${gateway} id="${id}_end"/>${branchXml.join('')}`,
    first: id,
    last: `${id}_end`,
  }
}

function firstOf(branch: readonly Block[] | undefined): string {
  const [first] = branch ?? []
  if (!first) throw new Error('a branch is empty')
  return xmlOf(first).first
}
