import type { Context } from '../core/context.ts'
import type { Day } from '../core/day.ts'
import { dayOf } from '../core/day.ts'
import { loadThrough } from '../core/loader.ts'
import type { Resolvers } from '../core/module.ts'
import type { Dependency } from './dependency.ts'
import * as dependencies from './dependency.service.ts'
import { kindOf } from './kinds.ts'
import * as life from './life.service.ts'
import type { Reviewed } from './review.ts'
import { isInForce, type Standard, type StandardKind } from './standard.ts'
import * as standards from './standard.service.ts'

export { typeDefs } from './life.sdl.ts'

interface Which {
  readonly kind: StandardKind
  readonly code: string
  readonly version: string
}
interface Chosen {
  readonly standard: Which
}
interface Judged extends Chosen {
  readonly reviewed: Reviewed
}
interface EffectInput {
  readonly from?: Day | null
  readonly to?: Day | null
  readonly retroactiveBasis?: string | null
  readonly expectedRevision?: number | null
}

const mayDo = (ctx: Context, standard: Standard) => loadThrough(ctx, mayDoAll, standard)
const mayDoAll = (ctx: Context, each: readonly Standard[]) =>
  Promise.all(each.map((standard) => life.mayDo(ctx, standard)))

export const resolvers: Resolvers = {
  Query: {
    standardVersion: (_, { kind, code, version }: Which, ctx) =>
      standards.read(ctx, kindOf(kind), code, version),
    standardImpact: (_, request: Which & { value?: string }, ctx) => dependencies.impact(ctx, request),
  },
  Mutation: {
    scheduleStandard: (_, { standard, effect }: Chosen & { effect: EffectInput }, ctx) =>
      life.schedule(ctx, kindOf(standard.kind), standard.code, standard.version, {
        inForceFrom: effect.from ?? null,
        inForceTo: effect.to ?? null,
        retroactiveBasis: effect.retroactiveBasis ?? null,
        expectedRevision: effect.expectedRevision ?? null,
      }),
    submitStandard: (_, { standard: { kind, code, version } }: Chosen, ctx) =>
      standards.submit(ctx, kindOf(kind), code, version),
    publishStandard: (_, { standard: { kind, code, version }, reviewed }: Judged, ctx) =>
      standards.publish(ctx, kindOf(kind), code, version, reviewed),
    returnStandard: (_, { standard, remark, reviewed }: Judged & { remark: string }, ctx) =>
      standards.sendBack(ctx, kindOf(standard.kind), standard.code, standard.version, remark, reviewed),
    deprecateStandard: (
      _,
      {
        standard: { kind, code, version },
        replacedBy,
        reason,
      }: Chosen & { replacedBy?: string; reason?: string },
      ctx,
    ) =>
      life.deprecate(ctx, kindOf(kind), code, version, {
        replacedBy: replacedBy ?? null,
        reason: reason ?? null,
      }),
    retireStandard: (_, { standard: { kind, code, version } }: Chosen, ctx) =>
      life.retire(ctx, kindOf(kind), code, version),
  },
  StandardVersion: {
    effectiveFrom: ({ inForceFrom }: Standard) => inForceFrom,
    effectiveTo: ({ inForceTo }: Standard) => inForceTo,
    inForce: (standard: Standard, _, ctx) => isInForce(standard, dayOf(ctx.now())),
    mayEdit: async (standard: Standard, _, ctx) => (await mayDo(ctx, standard)).edit,
    maySubmit: async (standard: Standard, _, ctx) => (await mayDo(ctx, standard)).submit,
    mayPublish: async (standard: Standard, _, ctx) => (await mayDo(ctx, standard)).publish,
    mayDeprecate: async (standard: Standard, _, ctx) => (await mayDo(ctx, standard)).deprecate,
    mayTry: async (standard: Standard, _, ctx) => (await mayDo(ctx, standard)).try,
    mayRetire: async (standard: Standard, _, ctx) => (await mayDo(ctx, standard)).retire,
  },
  StandardImpact: {
    users: ({ dependencies }: { dependencies: readonly Dependency[] }) =>
      dependencies.map(({ user, used, ...use }) => ({
        ...user,
        ...use,
        usedKind: used.kind,
        usedCode: used.code,
        usedRange: used.range,
      })),
  },
  StandardKind: { ELEMENT: 'element', CODE_LIST: 'code-list', SCHEMA: 'schema', CROSSWALK: 'crosswalk' },
  StandardUserKind: {
    ELEMENT: 'element',
    CODE_LIST: 'code-list',
    SCHEMA: 'schema',
    CROSSWALK: 'crosswalk',
    DATASET: 'dataset',
    ITEM: 'item',
    PROCESS: 'process',
    LEGAL_SOURCE: 'legal-source',
    ENTRY: 'entry',
    GRANT: 'grant',
    FIELD: 'field',
  },
}
