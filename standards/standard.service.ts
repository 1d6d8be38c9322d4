import { randomUUID } from 'node:crypto'
import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { type DomainError, type Texts } from '../core/errors.ts'
import { emit } from '../core/events.ts'
import { connection, type Connection, type PageRequest } from '../core/page.ts'
import { authorize } from '../core/policy.ts'
import { bind, bindable } from './binding.service.ts'
import { askReview, endReview, requireReviewed, type Reviewed } from './review.ts'
import { can } from './policy.ts'
import {
  type Binding,
  begun,
  errors,
  lifeOf,
  published,
  requireRevision,
  requireStatus,
  returned,
  type Standard,
  type StandardKind,
  type StandardOf,
  submitted,
} from './standard.ts'
import * as repository from './standard.repository.ts'
import { FIRST_VERSION, type Step, versionAfter } from './version.ts'
import type { Wish } from './wish.ts'

declare module '../core/events.ts' {
  interface EventMap {
    'standards.drafted': StandardFact
    'standards.changed': StandardFact
    'standards.submitted': StandardFact
    'standards.published': StandardFact
    'standards.returned': StandardFact
  }
}

export interface StandardFact {
  readonly kind: StandardKind
  readonly code: string
  readonly version: string
  readonly organisationId: string
}

/** Owner of what ships with the platform; any standards body may draft a successor. */
export const PLATFORM_ORGANISATION = 'platform'

export interface Named {
  readonly name: Texts
}

/** What the life of a standard needs to know of its kind. */
export interface Kind<Content extends Named> {
  readonly kind: StandardKind
  notFound(code: string): DomainError
  /** Whether the content parses. */
  check(code: string, content: Content): void
  /** What it refers to. */
  bindings(content: Content): Binding[]
  /** Whether it may go to review, and again whether it may be published: examples, short names, codes. */
  judge(ctx: Context, standard: StandardOf<Content>): Promise<void>
  /** What publication takes over from the version before. */
  inherit?(ctx: TransactionContext, standard: StandardOf<Content>): Promise<void>
  /** Smallest version step from one content to the next. */
  step(before: Content, after: Content): Step
  searchText(code: string, content: Content): string
}

/** The drafts the actor may see beside what is published. */
export async function sight(ctx: Context): Promise<repository.Sight> {
  const { organisationId } = ctx.actor
  const allowed = await ctx.policy.allows(ctx, can.readDraft, { organisationId })
  return { draftsOf: allowed ? organisationId : undefined }
}

/** The newest version the actor may see, or the one named. @throws the kind's not-found refusal */
export async function read<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version?: string | null,
): Promise<StandardOf<Content>> {
  const versions = await versionsOf(ctx, kind, code)
  const found =
    version === undefined || version === null
      ? versions[0]
      : versions.find((each) => each.version === version)
  if (!found) throw kind.notFound(code)
  return found
}

/** Every version the actor may see, the newest first. */
export async function versionsOf<Content extends Named>(
  ctx: Context,
  { kind }: Kind<Content>,
  code: string,
): Promise<StandardOf<Content>[]> {
  return repository.versionsOf<Content>(ctx, kind, code, await sight(ctx))
}

export interface ListRequest extends PageRequest {
  readonly search?: string | null
}

/** The newest version of each that the actor may see, by code. */
export async function list<Content extends Named>(
  ctx: Context,
  { kind }: Kind<Content>,
  request: ListRequest,
): Promise<Connection<StandardOf<Content>>> {
  const rows = await repository.list<Content>(ctx, kind, { ...request, ...(await sight(ctx)) })
  return connection(kind, rows, request, ({ code }) => [code])
}

/**
 * Begins a version: the first of its code, or the next after the newest that was ever published, by the smallest
 * step its effect allows or by the larger one that is wanted.
 *
 * @throws POLICY_FORBIDDEN, STANDARDS_CODE_TAKEN, STANDARDS_DRAFT_EXISTS, STANDARDS_VERSION_STEP_TOO_SMALL, and what
 * the kind's check throws
 */
export async function draft<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  content: Content,
  { version }: Wish = {},
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const { organisationId, id: draftedBy } = ctx.actor
    const owner = await repository.ownerOf(ctx, kind.kind, code)
    const [latest] = await repository.settledVersions<Content>(ctx, kind.kind, [code])

    await authorize(ctx, can.draftStandard, { organisationId })
    if (owner !== undefined && owner !== organisationId && owner !== PLATFORM_ORGANISATION)
      throw errors.CODE_TAKEN({ code })
    kind.check(code, content)
    const start = begun({
      kind: kind.kind,
      code,
      version: stepped(kind, code, latest, content, version),
      organisationId,
      draftedBy,
      draftedAt: ctx.now(),
    })
    const standard = await repository.insert(ctx, start, content, kind.searchText(code, content))
    await bind(ctx, kind, standard)
    await emit(ctx, 'standards.drafted', factOf(standard))
    return standard
  })
}

function stepped<Content extends Named>(
  kind: Kind<Content>,
  code: string,
  latest: StandardOf<Content> | undefined,
  content: Content,
  wanted: Wish['version'],
): string {
  return latest ? versionAfter(code, latest.version, kind.step(latest, content), wanted) : FIRST_VERSION
}

/**
 * Replaces the content of a draft; its version follows the size of the change.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT,
 * STANDARDS_DRAFT_STALE, STANDARDS_VERSION_STEP_TOO_SMALL, and what the kind's check throws
 */
export async function change<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  content: Content,
  wish: Wish = {},
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)
    const [latest] = await repository.settledVersions<Content>(ctx, kind.kind, [code])

    await authorize(ctx, can.draftStandard, standard)
    requireStatus(standard, 'draft')
    requireRevision(standard, wish.expectedRevision)
    kind.check(code, content)
    const result: StandardOf<Content> = {
      ...content,
      ...lifeOf(standard),
      editedBy: [...new Set([...standard.editedBy, ctx.actor.id])],
      version: stepped(kind, code, latest, content, wish.version),
      revision: standard.revision + 1,
    }
    await repository.update(ctx, result, content, kind.searchText(code, content))
    await bind(ctx, kind, result)
    await emit(ctx, 'standards.changed', factOf(result))
    return result
  })
}

/**
 * Sends a draft to review: it must compile, its examples pass, what it refers to be published.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT,
 * STANDARDS_REFERENCE_UNPUBLISHED, STANDARDS_REFERENCE_DEPRECATED, and what the kind's judge throws
 */
export async function submit<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.submitStandard, standard)
    const result = submitted(standard, ctx.actor.id, randomUUID())
    await bindable(ctx, result, kind.bindings(result))
    await kind.judge(ctx, result)
    await repository.update(ctx, result)
    await emit(ctx, 'standards.submitted', factOf(result))
    await askReview(ctx, result)
    return result
  })
}

/**
 * Puts a reviewed version in force. Whoever drafted or submitted it may not.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_REVIEW_SELF_APPROVED,
 * STANDARDS_DRAFT_STALE, STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, and what the kind's judge throws
 */
export async function publish<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  reviewed: Reviewed,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.publishStandard, standard)
    const result = published(standard, ctx.actor.id, ctx.now())
    requireReviewed(standard, reviewed)
    await bindable(ctx, result, kind.bindings(result))
    await kind.inherit?.(ctx, result)
    await kind.judge(ctx, result)
    await repository.update(ctx, result)
    await emit(ctx, 'standards.published', factOf(result))
    await endReview(ctx, result)
    return result
  })
}

/** @throws as {@link publish}, and STANDARDS_REVIEW_REMARK_MISSING */
export async function sendBack<Content extends Named>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  remark: string,
  reviewed: Reviewed,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.returnStandard, standard)
    const result = returned(standard, remark)
    requireReviewed(standard, reviewed)
    await repository.update(ctx, result)
    await emit(ctx, 'standards.returned', factOf(result))
    await endReview(ctx, result)
    return result
  })
}

/** Locks a version; another organisation's draft is answered like one that does not exist. */
export async function own<Content extends Named>(
  ctx: TransactionContext,
  kind: Kind<Content>,
  code: string,
  version: string,
): Promise<StandardOf<Content>> {
  const standard = await repository.lock<Content>(ctx, kind.kind, code, version)
  const hidden = standard?.publishedAt === null && standard.organisationId !== ctx.actor.organisationId
  if (!standard || hidden) throw kind.notFound(code)
  return standard
}

export function factOf({ kind, code, version, organisationId }: Standard): StandardFact {
  return { kind, code, version, organisationId }
}
