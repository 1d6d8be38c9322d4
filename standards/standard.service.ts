import { type Context, transaction, type TransactionContext } from '../core/context.ts'
import { type DomainError } from '../core/errors.ts'
import { emit } from '../core/events.ts'
import { connection, type Connection, type PageRequest } from '../core/page.ts'
import { authorize } from '../core/policy.ts'
import { can } from './policy.ts'
import {
  errors,
  FIRST_VERSION,
  isStranger,
  lifeOf,
  nextVersion,
  published,
  requireStatus,
  returned,
  type Standard,
  type StandardKind,
  type StandardOf,
  type Step,
  submitted,
} from './standard.ts'
import * as repository from './standard.repository.ts'

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

/** What the life of a standard needs to know of its kind. */
export interface Kind<Content extends object> {
  readonly kind: StandardKind
  notFound(code: string): DomainError
  /** Whether the content parses. */
  check(code: string, content: Content): void
  /** Whether it may go to review, and again whether it may be published: references, examples. */
  judge(ctx: Context, standard: StandardOf<Content>): Promise<void>
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
export async function read<Content extends object>(
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
export async function versionsOf<Content extends object>(
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
export async function list<Content extends object>(
  ctx: Context,
  { kind }: Kind<Content>,
  request: ListRequest,
): Promise<Connection<StandardOf<Content>>> {
  const rows = await repository.list<Content>(ctx, kind, { ...request, ...(await sight(ctx)) })
  return connection(kind, rows, request, ({ code }) => [code])
}

/**
 * Begins a version: the first of its code, or the next after the newest published, by the smallest step.
 *
 * @throws POLICY_FORBIDDEN, STANDARDS_CODE_TAKEN, STANDARDS_DRAFT_EXISTS, and what the kind's check throws
 */
export async function draft<Content extends object>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  content: Content,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const { organisationId, id: draftedBy } = ctx.actor
    const owner = await repository.ownerOf(ctx, kind.kind, code)
    const [latest] = await repository.publishedVersions<Content>(ctx, kind.kind, [code])

    await authorize(ctx, can.draftStandard, { organisationId })
    if (owner !== undefined && owner !== organisationId && owner !== PLATFORM_ORGANISATION)
      throw errors.CODE_TAKEN({ code })
    kind.check(code, content)
    const start: repository.NewStandard = {
      kind: kind.kind,
      code,
      version: versionAfter(kind, latest, content),
      status: 'draft',
      organisationId,
      draftedBy,
      editedBy: [],
      submittedBy: null,
      approvedBy: null,
      draftedAt: ctx.now(),
      publishedAt: null,
      remark: null,
    }
    const standard = await repository.insert(ctx, start, content, kind.searchText(code, content))
    await emit(ctx, 'standards.drafted', factOf(standard))
    return standard
  })
}

function versionAfter<Content extends object>(
  kind: Kind<Content>,
  latest: StandardOf<Content> | undefined,
  content: Content,
): string {
  return latest ? nextVersion(latest.version, kind.step(latest, content)) : FIRST_VERSION
}

/**
 * Replaces the content of a draft; its version follows the size of the change.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT,
 * and what the kind's check throws
 */
export async function change<Content extends object>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  content: Content,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)
    const [latest] = await repository.publishedVersions<Content>(ctx, kind.kind, [code])

    await authorize(ctx, can.draftStandard, standard)
    requireStatus(standard, 'draft')
    kind.check(code, content)
    const result: StandardOf<Content> = {
      ...content,
      ...lifeOf(standard),
      editedBy: [...new Set([...standard.editedBy, ctx.actor.id])],
      version: versionAfter(kind, latest, content),
    }
    await repository.update(ctx, result, content, kind.searchText(code, content))
    await emit(ctx, 'standards.changed', factOf(result))
    return result
  })
}

/**
 * Sends a draft to review: it must compile, its examples pass, what it refers to be published.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT,
 * and what the kind's judge throws
 */
export async function submit<Content extends object>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.submitStandard, standard)
    const result = submitted(standard, ctx.actor.id)
    await kind.judge(ctx, result)
    await repository.update(ctx, result)
    await emit(ctx, 'standards.submitted', factOf(result))
    return result
  })
}

/**
 * Puts a reviewed version in force. Whoever drafted or submitted it may not.
 *
 * @throws the kind's not-found refusal, POLICY_FORBIDDEN, STANDARDS_REVIEW_SELF_APPROVED,
 * STANDARDS_VERSION_IMMUTABLE, STANDARDS_STATUS_UNFIT, and what the kind's judge throws
 */
export async function publish<Content extends object>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.publishStandard, standard)
    const result = published(standard, ctx.actor.id, ctx.now())
    await kind.judge(ctx, result)
    await repository.update(ctx, result)
    await emit(ctx, 'standards.published', factOf(result))
    return result
  })
}

/** @throws as {@link publish}, and STANDARDS_REVIEW_REMARK_MISSING */
export async function sendBack<Content extends object>(
  ctx: Context,
  kind: Kind<Content>,
  code: string,
  version: string,
  remark: string,
): Promise<StandardOf<Content>> {
  return transaction(ctx, async (ctx) => {
    const standard = await own(ctx, kind, code, version)

    await authorize(ctx, can.returnStandard, standard)
    const result = returned(standard, remark)
    await repository.update(ctx, result)
    await emit(ctx, 'standards.returned', factOf(result))
    return result
  })
}

/** Locks a version; another organisation's draft is answered like one that does not exist. */
async function own<Content extends object>(
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

function factOf({ kind, code, version, organisationId }: Standard): StandardFact {
  return { kind, code, version, organisationId }
}

/** What the actor may do with a version now, for the page that shows it. */
export async function mayDo(ctx: Context, standard: Standard) {
  const isDraft = standard.status === 'draft'
  const isReview = standard.status === 'review'
  const stranger = isStranger(standard, ctx.actor.id)
  return {
    edit: isDraft && (await ctx.policy.allows(ctx, can.draftStandard, standard)),
    submit: isDraft && (await ctx.policy.allows(ctx, can.submitStandard, standard)),
    publish: isReview && stranger && (await ctx.policy.allows(ctx, can.publishStandard, standard)),
  }
}
