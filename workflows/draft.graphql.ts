import type { Context } from '../core/context.ts'
import type { Resolvers } from '../core/module.ts'
import type { Check, Judgement } from './check.ts'
import * as definitions from './definition.repository.ts'
import type { Deployed } from './deployed.ts'
import type { Draft } from './draft.ts'
import * as drafts from './draft.service.ts'
import { typeDefs } from './draft.sdl.ts'
import { nameIn } from './draft.title.ts'
import type { Offers } from './known.ts'
import { readCommands, type SimulationStep } from './simulator.ts'
import { compareDraft } from './version.service.ts'

export { typeDefs }

const BY_WEIGHT = { ERROR: 'error', WARNING: 'warning' }

export const resolversFor = ({ known }: Offers): Resolvers => ({
  Query: {
    processDrafts: (_, __, ctx) => drafts.drafts(ctx),
    processDraft: (_, { id }: { id: string }, ctx) => drafts.draft(ctx, id),
    processDraftCheck: (_, look: drafts.Look, ctx) => drafts.checkDraft(ctx, look, known),
    processDraftSimulation: (_, { commands, ...look }: drafts.Look & { commands: readonly unknown[] }, ctx) =>
      drafts.simulate(ctx, { ...look, commands: readCommands(commands) }, known),
    processDraftRehearsal: (_, { id }: { id: string }, ctx) => drafts.rehearseDraft(ctx, id, known),
    processVocabulary: (_, __, ctx) => drafts.vocabulary(ctx, known),
  },
  Mutation: {
    createProcessDraft: (_, beginning: drafts.Beginning, ctx) => drafts.create(ctx, beginning),
    saveProcessDraft: (_, saving: drafts.Saving, ctx) => drafts.save(ctx, saving),
    discardProcessDraft: async (_, { id, expectedVersion }: drafts.Saving, ctx) => {
      await drafts.discard(ctx, { id, expectedVersion })
      return id
    },
    deployProcessDraft: (_, deployment: drafts.DraftDeployment, ctx) =>
      drafts.deployDraft(ctx, deployment, known),
  },
  ProcessDraft: {
    name: nameIn,
    files: ({ files }: Draft) => Object.entries(files).map(([path, text]) => ({ path, text })),
    basedOn: ({ definitionId }: Draft, _, ctx): Promise<Deployed> | null =>
      definitionId === null ? null : definitions.deployedById(ctx, definitionId),
    deployed: async ({ key }: Draft, _, ctx: Context): Promise<Deployed | null> =>
      (await definitions.latest(ctx, key)) ?? null,
    comparison: (draft: Draft, _, ctx) => compareDraft(ctx, draft),
  },
  ProcessCheck: {
    valid: ({ findings }: Check) => findings.every(({ severity }: Judgement) => severity !== 'error'),
  },
  FindingSeverity: BY_WEIGHT,
  SimulationStep: {
    status: ({ state }: SimulationStep) => state.status,
    tokens: ({ state }: SimulationStep) => state.tokens,
    variables: ({ state }: SimulationStep) => state.variables,
  },
})
