import * as contexts from './context-functions.ts'
import * as lists from './list-functions.ts'
import * as members from './member-functions.ts'
import * as numbers from './number-functions.ts'
import * as ranges from './range-functions.ts'
import { BuiltIn, type Overload } from './signature.ts'
import * as strings from './string-functions.ts'
import * as temporal from './temporal-functions.ts'

const overloads: Readonly<Record<string, readonly Overload[]>> = {
  ...strings.functions,
  ...numbers.functions,
  ...lists.functions,
  ...members.functions,
  ...temporal.functions,
  ...ranges.functions,
  ...contexts.functions,
}

/** The functions of DMN 1.5, 10.3.4, by name. */
export const BUILT_IN: Readonly<Record<string, BuiltIn>> = Object.fromEntries(
  Object.entries(overloads).map(([name, ways]) => [name, new BuiltIn(name, ways)]),
)
