import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestContextWillSendResponse,
} from '@apollo/server'
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql'
import type { Config } from '../../core/config.ts'
import type { Context } from '../../core/context.ts'
import { recordAccess } from '../../core/events.ts'
import { isAnonymous } from '../context.ts'
import { refusalOf, retryAfterSeconds } from '../refusals.ts'
import { formatError, refusalIn } from './errors.ts'
import { LIMITS, refuseDear, shapeRule } from './limits.ts'

/** Apollo behind our limits (K15); `config.mode` production hides the schema. */
export function graphqlServer(schema: GraphQLSchema, config: Pick<Config, 'mode'>): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    formatError,
    introspection: config.mode === 'trial',
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    maxRecursiveSelections: LIMITS.recursiveSelections,
    validationRules: [shapeRule],
    persistedQueries: false,
    stopOnTerminationSignals: false,
    plugins: [answers(schema)],
    nodeEnv: 'production',
  })
}

function answers(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, request }) {
          refuseDear(schema, document, request.variables)
        },
        async willSendResponse(request) {
          await afterwards(request)
        },
      }
    },
  }
}

/** Gives errors the request's id and the answer its status, logs bugs and records refusals: after any rollback. */
async function afterwards(request: GraphQLRequestContextWillSendResponse<Context>): Promise<void> {
  const { response, errors: thrown = [], contextValue: ctx } = request
  response.http.headers.set('cache-control', 'no-store')
  if (response.body.kind !== 'single' || thrown.length === 0) return
  const { singleResult } = response.body
  const formatted = singleResult.errors ?? []
  singleResult.errors = formatted.map((error) => ({
    ...error,
    extensions: { ...error.extensions, requestId: ctx.requestId },
  }))

  const refused = formatted.map((error, index) => ({ error, refusal: refusalFor(error, thrown[index]) }))
  for (const [index, { refusal }] of refused.entries()) if (!refusal) logBug(ctx, thrown[index])
  // Nothing was answered: the whole call is what its first error is. Otherwise the answer is partial.
  if (singleResult.data === undefined || singleResult.data === null) {
    const first = refused[0]?.refusal
    response.http.status = refused.some(({ refusal }) => !refusal) ? 500 : (first?.status ?? 500)
    const seconds = first && retryAfterSeconds(first)
    if (seconds !== undefined) response.http.headers.set('retry-after', String(seconds))
  }
  await recordRefusals(ctx, refused)
}

/** `formatError` has replaced the words by which GraphQL's own refusals are known, but not the code. */
function refusalFor(formatted: GraphQLFormattedError, thrown: GraphQLError | undefined) {
  return refusalOf(thrown) ?? (thrown ? refusalIn(thrown.toJSON(), thrown) : undefined)
}

function logBug(ctx: Context, thrown: GraphQLError | undefined): void {
  ctx.log.error(
    { err: thrown?.originalError ?? thrown, requestId: ctx.requestId, path: thrown?.path },
    'resolver failed',
  )
}

/** One row for each field refused; before sign-in a log line only, since nobody stands behind it (7). */
async function recordRefusals(
  ctx: Context,
  refused: readonly { error: GraphQLFormattedError; refusal: ReturnType<typeof refusalFor> }[],
): Promise<void> {
  const seen = new Set<string>()
  for (const { error, refusal } of refused) {
    if (!refusal) continue
    const subject = `graphql:${String(error.path?.[0] ?? 'document')}`
    if (seen.has(subject)) continue
    seen.add(subject)
    ctx.log.info({ requestId: ctx.requestId, code: refusal.code, subject }, 'refused')
    if (isAnonymous(ctx) || refusal.kind === 'unavailable') continue
    try {
      await recordAccess(ctx, { kind: 'refusal', subject, code: refusal.code })
    } catch (cause) {
      // The refusal stands either way; that it could not be recorded is for the operator.
      ctx.log.error({ err: cause, requestId: ctx.requestId }, 'a refusal was not recorded')
    }
  }
}
