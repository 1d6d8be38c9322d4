import type { ErrorParams } from '../../errors.ts'
import type { MatchSpec } from '../match.ts'
import type {
  AmendSpec,
  Cell,
  ChangesSpec,
  FailingSpec,
  OutlineSpec,
  PlaneProgress,
  SampleSpec,
  SelectSpec,
  StageSpec,
  ValidateSpec,
} from '../plane.ts'

/** What the child is told when it starts; never a secret. */
export interface Setup {
  readonly folder: string
  /** Where DuckDB spills; the child's own. */
  readonly spillFolder: string
  readonly memoryMb: number
  /** How much may lie there. */
  readonly spillMb: number
}

export type Request =
  | { readonly operation: 'stage'; readonly spec: Omit<StageSpec, 'content'>; readonly token: string }
  | { readonly operation: 'validate'; readonly spec: ValidateSpec; readonly token: string }
  | { readonly operation: 'match'; readonly spec: MatchSpec; readonly token: string }
  | { readonly operation: 'amend'; readonly spec: AmendSpec; readonly token: string }
  | { readonly operation: 'failing'; readonly spec: FailingSpec; readonly token: string }
  | QueryRequest

export type QueryRequest =
  | { readonly operation: 'select'; readonly spec: SelectSpec }
  | { readonly operation: 'changes'; readonly spec: ChangesSpec }
  | { readonly operation: 'outline'; readonly spec: Omit<OutlineSpec, 'content'>; readonly token: string }
  | { readonly operation: 'sample'; readonly spec: Omit<SampleSpec, 'content'>; readonly token: string }

export type LoadRequest = Exclude<Request, QueryRequest>

/**
 * To the child. A load tells its movement, by which it is limited; a query has its time. `more` asks for the next rows
 * of a select, so that a slow reader is not flooded.
 */
export type Order =
  | { readonly type: 'request'; readonly request: Request; readonly isLoad: boolean }
  | { readonly type: 'more' }
  | { readonly type: 'interrupt' }

/** From the child. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: PlaneProgress }
  | { readonly type: 'rows'; readonly names: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly code: string; readonly params: ErrorParams; readonly detail: string }
