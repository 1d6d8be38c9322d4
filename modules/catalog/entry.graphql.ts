import type { Context } from '../../core/context.ts'
import { DomainError, type Texts } from '../../core/errors.ts'
import { loadThrough } from '../../core/loader.ts'
import type { Resolvers } from '../../core/module.ts'
import type { PageRequest } from '../../core/page.ts'
import { organisationById } from '../organisation/index.ts'
import type { Dataset } from './dataset.ts'
import { dataset } from './dataset.service.ts'
import { administers, maySeePersons, mayWriteEntry } from './entry.access.ts'
import { CLASS_OF } from './entry.class.ts'
import { classesUnder, classNames } from './entry.class.repository.ts'
import * as drafts from './entry.draft.service.ts'
import type { Entry, EntryKind } from './entry.ts'
import { confirmationDue, dueAt, updateState } from './entry.life.ts'
import { byDatasets } from './entry.repository.ts'
import * as reviews from './entry.review.service.ts'
import type { FacetCount } from './entry.search.repository.ts'
import * as entries from './entry.service.ts'
import { typeDefs as searchTypes } from './entry.search.sdl.ts'
import { typeDefs as entryTypes } from './entry.sdl.ts'

export const typeDefs = `${entryTypes}${searchTypes}`

type Written = Partial<entries.EntryInput> & Pick<entries.EntryInput, 'items'>

/** What GraphQL leaves out is null here. */
function inputOf(input: Written): entries.EntryInput {
  const nothing = {
    sharingBasis: null,
    sharingCondition: null,
    sharingMethod: null,
    openCondition: null,
    datasetId: null,
  }
  const items = input.items.map((item) => ({
    name: item.name,
    elementCode: item.elementCode || null,
    dataType: item.dataType,
    length: item.length ?? null,
    duplicateReason: item.duplicateReason ?? null,
  }))
  return { ...nothing, ...input, items } as entries.EntryInput
}

/** Null for those who may not see it. */
async function seenDataset(ctx: Context, { datasetId }: Entry): Promise<Dataset | null> {
  if (datasetId === null) return null
  try {
    return await dataset(ctx, datasetId)
  } catch (refusal) {
    // The entry is public before its dataset is; a bug is no refusal.
    if (refusal instanceof DomainError && refusal.kind === 'not-found') return null
    throw refusal
  }
}

/** Null for those outside the offices. */
const internal =
  (field: 'custodian' | 'contact' | 'remark') =>
  async (entry: Entry, _: unknown, ctx: Context): Promise<string | null> =>
    (await maySeePersons(ctx)) ? entry[field] : null

async function entryOf(ctx: Context, { id }: Dataset): Promise<Entry | null> {
  const found = await loadThrough(ctx, byDatasets, id)
  return found && (found.status === 'published' || (await mayWriteEntry(ctx, found))) ? found : null
}

async function classLabels(ctx: Context, codes: readonly string[]): Promise<(Texts | null)[]> {
  const names = await classNames(ctx, codes)
  return codes.map((code) => {
    const name = names.get(code)
    return name === undefined ? null : { zh: name, en: name }
  })
}

async function facetLabel(ctx: Context, { facet, value }: FacetCount): Promise<Texts | null> {
  if (facet === 'provider') return (await organisationById(ctx, value)).name
  return facet === 'theme' ? loadThrough(ctx, classLabels, value) : null
}

const enumName = (value: string) => value.toUpperCase().replaceAll('-', '_')

interface ById {
  readonly id: string
}

interface NewEntryArguments {
  readonly kind: EntryKind
  readonly classPath: readonly string[]
  readonly input: Written
}

export const resolvers: Resolvers = {
  Query: {
    entries: (_, query: entries.EntryQuery, ctx) => entries.entries(ctx, query),
    entry: (_, { id }: ById, ctx) => entries.entry(ctx, id),
    entryDesk: (_, page: PageRequest & { desk: reviews.EntryDesk }, ctx) => reviews.entryDesk(ctx, page),
    entryDraft: (_, { datasetId }: { datasetId: string }, ctx) => drafts.entryDraft(ctx, datasetId),
    entryClasses: (_, { kind }: { kind: EntryKind }, ctx) => classesUnder(ctx, CLASS_OF[kind]),
    legalSourcesElsewhere: (_, { elementCodes }: { elementCodes: string[] }, ctx) =>
      drafts.legalSourcesElsewhere(ctx, elementCodes),
  },
  Mutation: {
    registerEntry: (_, { kind, classPath, input }: NewEntryArguments, ctx) =>
      entries.registerEntry(ctx, { ...inputOf(input), kind, classPath }),
    changeEntry: (_, { id, input }: ById & { input: Written }, ctx) =>
      entries.changeEntry(ctx, id, inputOf(input)),
    reviewEntry: (_, { id }: ById, ctx) => reviews.reviewEntry(ctx, id),
    returnEntry: (_, { id, remark }: ById & { remark: string }, ctx) => reviews.returnEntry(ctx, id, remark),
    publishEntry: (_, { id }: ById, ctx) => reviews.publishEntry(ctx, id),
    withdrawEntry: (_, { id, reason }: ById & { reason: string }, ctx) =>
      reviews.withdrawEntry(ctx, id, reason),
    confirmEntry: (_, { id }: ById, ctx) => reviews.confirmEntry(ctx, id),
  },
  Dataset: {
    entry: (dataset: Dataset, _, ctx) => entryOf(ctx, dataset),
    mayRegisterEntry: async (dataset: Dataset, _, ctx) =>
      (await mayWriteEntry(ctx, dataset)) && (await loadThrough(ctx, byDatasets, dataset.id)) === null,
  },
  Entry: {
    provider: ({ organisationId }: Entry, _, ctx) => organisationById(ctx, organisationId),
    custodian: internal('custodian'),
    contact: internal('contact'),
    remark: internal('remark'),
    dataset: (entry: Entry, _, ctx) => seenDataset(ctx, entry),
    updatedAt: ({ dataAt }: Entry) => dataAt,
    volume: ({ dataRows }: Entry) => dataRows,
    updateState: (entry: Entry, _, ctx) => updateState(entry, ctx.now()),
    dueAt: (entry: Entry) => dueAt(entry),
    confirmationDue: (entry: Entry, _, ctx) => confirmationDue(entry, ctx.now()),
    collectedElsewhere: (entry: Entry, _, ctx) => drafts.sourcesOf(ctx, entry),
    mayChange: (entry: Entry, _, ctx) => mayWriteEntry(ctx, entry),
    mayReview: (entry: Entry, _, ctx) => reviews.mayReviewEntry(ctx, entry),
    mayAdminister: ({ organisationId }: Entry, _, ctx) => administers(ctx, organisationId),
  },
  CollectedElsewhere: {
    organisation: ({ organisationId }: drafts.CollectedElsewhere, _, ctx) =>
      organisationById(ctx, organisationId),
  },
  EntryConnection: {
    facets: ({ facets = [] }: Partial<entries.EntryConnection>) => facets,
  },
  EntryFacetCount: {
    value: ({ facet, value }: FacetCount) =>
      ['sharingType', 'state', 'format'].includes(facet) ? enumName(value) : value,
    label: (count: FacetCount, _, ctx) => facetLabel(ctx, count),
  },
  EntryFacet: {
    PROVIDER: 'provider',
    THEME: 'theme',
    SHARING_TYPE: 'sharingType',
    LEVEL: 'level',
    STATE: 'state',
    FORMAT: 'format',
    GRADE: 'grade',
  },
  EntryDesk: {
    OWN: 'own',
    TO_REVIEW: 'to-review',
    TO_PUBLISH: 'to-publish',
    OVERDUE: 'overdue',
    CLOSED: 'closed',
  },
  EntryKind: { BASE: 'base', THEME: 'theme', DEPARTMENT: 'department' },
  EntryStatus: {
    REGISTERED: 'registered',
    REVIEWED: 'reviewed',
    PUBLISHED: 'published',
    WITHDRAWN: 'withdrawn',
  },
  EntryFormat: {
    FILE: 'file',
    SPREADSHEET: 'spreadsheet',
    DATABASE: 'database',
    GRAPHIC: 'graphic',
    STREAM: 'stream',
    SELF_DESCRIBING: 'self-describing',
  },
  SharingType: { UNCONDITIONAL: 'unconditional', CONDITIONAL: 'conditional', NONE: 'none' },
  SharingMethod: { QUERY: 'query', API: 'api', FILE: 'file', DATABASE: 'database', OFFLINE: 'offline' },
  UpdateCycle: {
    REALTIME: 'realtime',
    DAILY: 'daily',
    WEEKLY: 'weekly',
    MONTHLY: 'monthly',
    QUARTERLY: 'quarterly',
    YEARLY: 'yearly',
    OTHER: 'other',
  },
  EntryUpdateState: { AWAITING: 'awaiting', CURRENT: 'current', OVERDUE: 'overdue' },
}
