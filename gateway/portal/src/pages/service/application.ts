import type { ApiError } from '../../api.ts'
import { controlId, type FormField } from '../../components/Fields.tsx'
import type { FieldError } from '../../components/Notices.tsx'
import { graphql } from '../../generated/gql.ts'
import type { ApplicationQuery } from '../../generated/graphql.ts'

export const APPLICATION = graphql(`
  query Application($id: UUID!) {
    application(id: $id) {
      id
      number
      status
      version
      createdAt
      submittedAt
      missing
      prefillNotice {
        zh
        en
      }
      item {
        id
        name {
          zh
          en
        }
        organisation {
          name {
            zh
            en
          }
        }
        materials {
          ...MaterialDefinitionParts
        }
      }
      scenario {
        name {
          zh
          en
        }
        materials
      }
      form {
        ...FormFieldParts
      }
      answers {
        ...AnswerParts
      }
      materials {
        ...MaterialParts
      }
      cases {
        id
        number
        status
        publicStatus {
          zh
          en
        }
        item {
          name {
            zh
            en
          }
        }
      }
      receipt {
        number
        issuedAt
      }
    }
  }
`)

export const SAVE = graphql(`
  mutation SaveDraft($commandId: UUID!, $id: UUID!, $expectedVersion: Int!, $answers: JSON!) {
    saveDraft(commandId: $commandId, id: $id, expectedVersion: $expectedVersion, answers: $answers) {
      id
      version
    }
  }
`)

export type Application = ApplicationQuery['application']

/** Field names that a refusal's params point at, however the refusal lists them. */
export function namedIn(error: ApiError): string[] {
  const names = (value: unknown): string[] =>
    typeof value === 'string'
      ? value.split(/[,，、;\s]+/)
      : Array.isArray(value)
        ? value.flatMap(names)
        : typeof value === 'object' && value !== null
          ? Object.values(value).flatMap(names)
          : []
  return names(error.params)
}

/** A refusal as lines of an error summary: one for each field it names, else one for the page. */
export function errorsOf(
  error: ApiError,
  fields: readonly FormField[],
  say: (text: ApiError['messages']) => string,
) {
  const named = new Set(namedIn(error))
  const lines: FieldError[] = fields
    .filter(({ name }) => named.has(name) || named.has(`/${name}`))
    .map((field) => ({
      field: controlId(field.name),
      message: `${say(field.label)}：${say(error.messages)}`,
    }))
  return lines.length ? lines : [{ field: 'main', message: say(error.messages) }]
}

/** The materials this application's scenario asks for, by the item's definitions. */
export function materialsOf(application: Application) {
  return application.item.materials.filter(({ code }) => application.scenario.materials.includes(code))
}
