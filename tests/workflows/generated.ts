import { chain, flow, model, serviceTask, userTask } from './models.ts'

/** A small generator of numbers that a seed repeats (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A block with one way in and one way out. */
interface Block {
  readonly first: string
  readonly last: string
  readonly xml: string
}

type Gateway = 'exclusiveGateway' | 'parallelGateway'

const MAX_DEPTH = 3

/**
 * A block-structured model of tasks, choices, parallel branches, sub-processes and events thrown on the way:
 * the shapes bpmn-engine goes through as the standard says. (A choice in a branch of any
 * kind, and parallel branches in a choice, stand within a sub-process: the ways that are not taken would let
 * the engine's joins go on too early, or never.) Choices ask the variables `c0` to `c5`, which
 * `choices` answers.
 */
export function generated(seed: number) {
  const random = chance(seed)
  const pick = (count: number) => Math.floor(random() * count)
  let count = 0
  const id = (prefix: string) => `${prefix}${(count += 1)}`
  const choices = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`c${index}`, random() < 0.5]))

  const task = (): Block => {
    const one = id('t')
    return { first: one, last: one, xml: random() < 0.6 ? userTask(one) : serviceTask(one) }
  }

  const thrown = (): Block => {
    const one = id('n')
    return { first: one, last: one, xml: `<intermediateThrowEvent id="${one}"/>` }
  }

  const sequence = (depth: number, around: Gateway | undefined): Block => {
    const blocks = Array.from({ length: 1 + pick(3) }, () => block(depth, around))
    const joins = blocks.slice(1).map(({ first }, index) => chain(`${blocks[index]?.last} ${first}`))
    return {
      first: blocks[0]?.first ?? '',
      last: blocks.at(-1)?.last ?? '',
      xml: [...blocks.map(({ xml }) => xml), ...joins].join(''),
    }
  }

  const branches = (kind: Gateway, depth: number): Block => {
    const [first, last] = [id('f'), id('j')]
    const isChoice = kind === 'exclusiveGateway'
    const inside = Array.from({ length: 2 + pick(2) }, () => sequence(depth + 1, kind))
    const ways = inside.map(({ first: to }, index) =>
      isChoice && index > 0 ? flow(first, to, `c${pick(6)}`) : flow(first, to),
    )
    const fallback = isChoice ? ` default="${first}_${inside[0]?.first}"` : ''
    return {
      first,
      last,
      xml: [
        `<${kind} id="${first}"${fallback}/><${kind} id="${last}"/>`,
        ...inside.map((branch) => branch.xml + chain(`${branch.last} ${last}`)),
        ...ways,
      ].join(''),
    }
  }

  const scope = (depth: number): Block => {
    const [one, start, end] = [id('p'), id('s'), id('e')]
    const { first, last, xml } = sequence(depth + 1, undefined)
    const inside = `<startEvent id="${start}"/>${xml}<endEvent id="${end}"/>${chain(`${start} ${first}`)}${chain(`${last} ${end}`)}`
    return { first: one, last: one, xml: `<subProcess id="${one}">${inside}</subProcess>` }
  }

  const block = (depth: number, around: Gateway | undefined): Block => {
    const kind = depth >= MAX_DEPTH ? pick(2) : pick(6)
    if (kind === 0) return thrown()
    if (kind <= 2) return task()
    if (kind === 5) return scope(depth)
    const gateway = kind === 3 ? 'exclusiveGateway' : 'parallelGateway'
    const fits = around === undefined || (around === gateway && gateway === 'parallelGateway')
    return fits ? branches(gateway, depth) : scope(depth)
  }

  const { first, last, xml } = sequence(0, undefined)
  const whole = `<startEvent id="start"/>${xml}<endEvent id="end"/>${chain(`start ${first}`)}${chain(`${last} end`)}`
  const variables = Object.keys(choices).map((name) => `${name}:boolean`)
  return { xml: model(whole, { variables, key: 'generated' }), choices, random }
}
