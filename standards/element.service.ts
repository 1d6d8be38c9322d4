import { type Context } from '../core/context.ts'
import { dayOf } from '../core/day.ts'
import { check, type CheckReason, isCheckAlgorithm } from '../core/text/check.ts'
import type { CompiledColumn, FailureReason } from '../core/text/column.ts'
import { validate } from '../core/text/validate.ts'
import * as codeLists from './codelist.service.ts'
import { compileElement } from './compile.ts'
import {
  checkElement,
  type DataElement,
  ELEMENT_CODE,
  type ElementContent,
  elementStep,
  errors as elementErrors,
  runExamples,
} from './element.ts'
import { errors, type StandardOf } from './standard.ts'
import * as repository from './standard.repository.ts'
import * as standards from './standard.service.ts'
import type { Wish } from './wish.ts'

export const ELEMENT: standards.Kind<ElementContent> = {
  kind: 'element',
  notFound: (code) => errors.ELEMENT_NOT_FOUND({ code }),
  check(code, content) {
    if (!ELEMENT_CODE.test(code))
      throw elementErrors.ELEMENT_INVALID({ name: content.name.zh, field: 'code' })
    checkElement(content)
  },
  bindings: ({ codeListId }) =>
    codeListId === undefined
      ? []
      : [{ kind: 'code-list', code: codeListId, range: null, place: 'codeListId', historical: false }],
  judge: judgeElement,
  step: elementStep,
  searchText: (code, { name, shortName, synonyms }) =>
    [code, name.zh, name.en, shortName, ...synonyms].join(' '),
}

/** @throws STANDARDS_ELEMENT_SHORT_NAME_TAKEN, STANDARDS_ELEMENT_EXAMPLE_FAILED */
async function judgeElement(ctx: Context, element: DataElement): Promise<void> {
  const { code, shortName, codeListId } = element
  const others = await repository.elementsNamed<ElementContent>(ctx, [shortName])
  const taken = others.find((other) => other.code !== code && other.publishedAt !== null)
  if (taken) throw elementErrors.ELEMENT_SHORT_NAME_TAKEN({ shortName, code: taken.code })
  const day = element.inForceFrom ?? dayOf(ctx.now())
  const codes = await codeLists.codesInForce(ctx, codeListId === undefined ? [] : [codeListId], day)
  runExamples(element, codes.get(codeListId ?? ''), dayOf(ctx.now()))
}

/** @throws STANDARDS_ELEMENT_NOT_FOUND */
export function element(ctx: Context, code: string, version?: string | null): Promise<DataElement> {
  return standards.read(ctx, ELEMENT, code, version)
}

/** For loaders: of each code the version in force today, none where there is none. */
export async function inForceByCode(
  ctx: Context,
  codes: readonly string[],
): Promise<readonly (readonly DataElement[])[]> {
  const inForce = await repository.versionsInForce<ElementContent>(ctx, 'element', codes, dayOf(ctx.now()))
  return codes.map((code) => inForce.filter((each) => each.code === code).slice(0, 1))
}

/** The element in force of each code as a column of its own, for forms; unknown codes are absent. */
export async function compiledElements(
  ctx: Context,
  elementCodes: readonly string[],
): Promise<Map<string, CompiledColumn>> {
  const found = (await inForceByCode(ctx, elementCodes)).flat()
  const codes = await codeLists.codesInForce(
    ctx,
    found.flatMap(({ codeListId }) => codeListId ?? []),
  )
  return new Map(found.map((each) => [each.code, compileElement(each, codes.get(each.codeListId ?? ''))]))
}

/** @throws STANDARDS_ELEMENT_NOT_FOUND */
export function elementByShortName(ctx: Context, shortName: string): Promise<DataElement> {
  return elementInForce(ctx, shortName)
}

/** The newest version of each element that the actor may see. */
export const listElements = (ctx: Context, request: standards.ListRequest) =>
  standards.list(ctx, ELEMENT, request)

/** Every version the actor may see, the newest first. */
export const elementVersions = (ctx: Context, code: string) => standards.versionsOf(ctx, ELEMENT, code)

export const draftElement = (ctx: Context, code: string, content: ElementContent, wish?: Wish) =>
  standards.draft(ctx, ELEMENT, code, content, wish)

export const changeElement = (
  ctx: Context,
  code: string,
  version: string,
  content: ElementContent,
  wish?: Wish,
) => standards.change(ctx, ELEMENT, code, version, content, wish)

export interface ValueVerdict {
  readonly valid: boolean
  readonly reason: CheckReason | FailureReason | null
}

/**
 * Judges a value by an element in force (its code or short name) or by an algorithm's name.
 *
 * @throws STANDARDS_ELEMENT_NOT_FOUND
 */
export async function checkValue(
  ctx: Context,
  elementOrAlgorithm: string,
  value: string,
): Promise<ValueVerdict> {
  const today = dayOf(ctx.now())
  if (isCheckAlgorithm(elementOrAlgorithm)) {
    const verdict = check(elementOrAlgorithm, value, { today })
    return { valid: verdict === 'ok', reason: verdict === 'ok' ? null : verdict }
  }
  const found = await elementInForce(ctx, elementOrAlgorithm)
  const { codeListId } = found
  const codes = await codeLists.codesInForce(ctx, codeListId === undefined ? [] : [codeListId])
  const [failure] = validate(compileElement(found, codes.get(codeListId ?? '')), value, today).failures
  return { valid: failure === undefined, reason: failure?.reason ?? null }
}

async function elementInForce(ctx: Context, name: string): Promise<StandardOf<ElementContent>> {
  const today = dayOf(ctx.now())
  const named = await repository.elementsNamed<ElementContent>(ctx, [name])
  const codes = [name, ...named.map(({ code }) => code)]
  const found = await repository.versionsInForce<ElementContent>(ctx, 'element', codes, today)
  const element = found.find(({ code }) => code === name) ?? found.find(({ shortName }) => shortName === name)
  if (!element) throw errors.ELEMENT_NOT_FOUND({ code: name })
  return element
}
