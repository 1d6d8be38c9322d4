import { orderOf, same } from './compare.ts'
import { distinct } from './list-functions.ts'
import { Decimal, whole } from './decimal.ts'
import type { Run } from './run.ts'
import { overload, type Overload } from './signature.ts'
import { FeelFunction, isList, type List, type Value } from './value.ts'

/** The index from 0 of a position, which counts from 1, or backwards from -1; undefined outside. */
function indexOf(list: List, position: Decimal, longer = 0): number | undefined {
  const at = whole(position)
  if (at === undefined || at === 0) return undefined
  const index = at > 0 ? at - 1 : list.length + at
  return index >= 0 && index < list.length + longer ? index : undefined
}

function flattened(list: List, run: Run, found: Value[] = [], depth = 0): Value[] {
  for (const member of list) {
    run.tick()
    if (isList(member) && depth < 500) flattened(member, run, found, depth + 1)
    else found.push(member)
  }
  return found
}

/** Stable; what precedes is said by the function. */
function sorted(list: List, precedes: (left: Value, right: Value) => boolean): Value[] {
  if (list.length < 2) return [...list]
  const middle = list.length >> 1
  const [left, right] = [sorted(list.slice(0, middle), precedes), sorted(list.slice(middle), precedes)]
  const merged: Value[] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    const [a, b] = [left[i] ?? null, right[j] ?? null]
    if (precedes(b, a)) {
      merged.push(b)
      j += 1
    } else {
      merged.push(a)
      i += 1
    }
  }
  return [...merged, ...left.slice(i), ...right.slice(j)]
}

/** Several lists, each argument one; a single value is a list of one. */
const ofLists = (body: (run: Run, lists: readonly List[]) => Value | undefined): Overload[] => [
  {
    parameters: [['list', 'any']],
    isVariadic: true,
    body: ((run: Run, args: List) => ofMany(args, run, body)) as Overload['body'],
  },
  overload([['list', 'list']], (run, list) => body(run, [list])),
]

function ofMany(args: List, run: Run, body: (run: Run, lists: readonly List[]) => Value | undefined) {
  if (args.some((one) => one === null)) return undefined
  return body(
    run,
    args.map((one) => (isList(one) ? one : [one])),
  )
}

export const functions: Readonly<Record<string, readonly Overload[]>> = {
  'list contains': [
    overload(
      [
        ['list', 'list'],
        ['element', 'any'],
      ],
      (run, list, element) => list.some((member) => same(member, element, run)),
    ),
  ],
  sublist: [
    overload(
      [
        ['list', 'list'],
        ['start position', 'number'],
        ['length', 'number?'],
      ],
      (_, list, position, length) => {
        const start = indexOf(list, position)
        const size = length === null ? list.length : whole(length)
        if (start === undefined || size === undefined || size < 0) return undefined
        if (length !== null && start + size > list.length) return undefined
        return list.slice(start, start + size)
      },
    ),
  ],
  append: [
    overload(
      [
        ['list', 'list'],
        ['item', 'any'],
      ],
      (_, list, item) => [...list, item],
    ),
    {
      parameters: [['list', 'any']],
      isVariadic: true,
      body: ((_: Run, [list = null, ...items]: List) =>
        list === null ? undefined : [...(isList(list) ? list : [list]), ...items]) as Overload['body'],
    },
  ],
  concatenate: ofLists((_, lists) => lists.flat()),
  union: ofLists((run, lists) => distinct(lists.flat(), run)),
  'distinct values': [overload([['list', 'list']], (run, list) => distinct(list, run))],
  flatten: [overload([['list', 'list']], (run, list) => flattened(list, run))],
  reverse: [overload([['list', 'list']], (_, list) => list.toReversed())],
  'insert before': [
    overload(
      [
        ['list', 'list'],
        ['position', 'number'],
        ['newItem', 'any'],
      ],
      (_, list, position, item) => {
        const index = indexOf(list, position, 1)
        return index === undefined ? undefined : list.toSpliced(index, 0, item)
      },
    ),
  ],
  remove: [
    overload(
      [
        ['list', 'list'],
        ['position', 'number'],
      ],
      (_, list, position) => {
        const index = indexOf(list, position)
        return index === undefined ? undefined : list.toSpliced(index, 1)
      },
    ),
  ],
  'list replace': [
    overload(
      [
        ['list', 'list'],
        ['position', 'number'],
        ['newItem', 'any'],
      ],
      (_, list, position, item) => {
        const index = indexOf(list, position)
        return index === undefined ? undefined : list.with(index, item)
      },
    ),
    overload(
      [
        ['list', 'list'],
        ['match', 'function'],
        ['newItem', 'any'],
      ],
      (run, list, match, item) => {
        if (match.parameters.length !== 2) return undefined
        const found = list.map((member) => match.invoke([member, item], run))
        if (found.some((one) => typeof one !== 'boolean')) return undefined
        return list.map((member, index) => (found[index] === true ? item : member))
      },
    ),
  ],
  'index of': [
    overload(
      [
        ['list', 'list'],
        ['match', 'any'],
      ],
      (run, list, match) =>
        list.flatMap((member, index) => (same(member, match, run) ? [new Decimal(index + 1)] : [])),
    ),
  ],
  sort: [
    overload(
      [
        ['list', 'list'],
        ['precedes', 'function?'],
      ],
      (run, list, precedes) => {
        if (precedes instanceof FeelFunction && precedes.parameters.length !== 2) return undefined
        let isOrdered = true
        const found = sorted(list, (left, right) => {
          run.tick()
          if (precedes) return precedes.invoke([left, right], run) === true
          const order = orderOf(left, right)
          if (order === null) isOrdered = false
          return order !== null && order < 0
        })
        return isOrdered ? found : undefined
      },
    ),
  ],
}
