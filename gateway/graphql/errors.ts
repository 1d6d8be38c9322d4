import type { GraphQLFormattedError } from 'graphql'
import type { DomainError } from '../../core/errors.ts'
import { INTERNAL, refusalOf } from '../refusals.ts'
import { errors } from './refusals.ts'

/**
 * Turns a thrown error into what a client may see. A refusal travels whole, in both languages, so the
 * portal shows the reader's own; anything else becomes INTERNAL, and its cause stays in the log. The
 * request's id is added where the request is known (server.ts).
 */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const refusal = refusalIn(formatted, thrown)
  const { code, kind, params, messages } = refusal ?? INTERNAL
  return { ...formatted, message: messages.en, extensions: { code, kind, params, messages } }
}

/** The refusal an error stands for: thrown by a use case, or by GraphQL itself about the document. */
export function refusalIn(formatted: GraphQLFormattedError, thrown: unknown): DomainError | undefined {
  return refusalOf(thrown) ?? aboutDocument(formatted)
}

/**
 * GraphQL's own refusals are known by Apollo's code and their words. Only names the client itself wrote are
 * repeated: the rest of the words would tell the schema.
 */
function aboutDocument({ message, extensions }: GraphQLFormattedError): DomainError | undefined {
  switch (extensions?.['code']) {
    case 'GRAPHQL_PARSE_FAILED':
    case 'BAD_REQUEST':
      return errors.DOCUMENT_INVALID()
    case 'GRAPHQL_VALIDATION_FAILED': {
      if (/^Cannot spread fragment/.test(message))
        return errors.QUERY_TOO_COMPLEX({ measure: 'fragments', limit: 0 })
      if (/recursive selections/i.test(message))
        return errors.QUERY_TOO_COMPLEX({ measure: 'recursiveSelections', limit: 1000 })
      const unknown =
        /^(?:Cannot query field|Unknown (?:argument|type|directive|fragment)) "@?([^"]{1,100})"/.exec(message)
      return unknown?.[1] === undefined
        ? errors.DOCUMENT_INVALID()
        : errors.FIELD_UNKNOWN({ name: unknown[1] })
    }
    case 'BAD_USER_INPUT': {
      const variable = /^Variable "\$([^"]{1,100})"/.exec(message)?.[1]
      return variable === undefined ? errors.DOCUMENT_INVALID() : errors.VARIABLE_INVALID({ name: variable })
    }
    case 'OPERATION_RESOLUTION_FAILURE':
      return errors.OPERATION_REFUSED()
    default:
      return undefined
  }
}
