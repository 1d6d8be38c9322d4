import { type Context, transaction } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { authorize } from '../../core/policy.ts'
import * as standards from '../../standards/index.ts'
import { governmentOf, organisationById } from '../organisation/index.ts'
import type { LegalSource } from './legal-source.repository.ts'
import * as repository from './legal-source.repository.ts'
import { mergeRegisters } from './merge.service.ts'
import { can } from './policy.ts'

declare module '../../core/events.ts' {
  interface EventMap {
    'golden.legal-source.named': { elementCode: string; organisationId: string }
  }
}

/** By element. @throws POLICY_FORBIDDEN */
export async function legalSources(ctx: Context): Promise<LegalSource[]> {
  await authorize(ctx, can.searchRecords)
  return repository.list(ctx)
}

/**
 * Names the one organisation whose value of an element counts above all others (一数一源), and asks for the
 * records to be merged by it. The government above a body names it: no body names itself.
 *
 * @throws POLICY_FORBIDDEN, STANDARDS_ELEMENT_NOT_FOUND, ORGANISATION_NOT_FOUND
 */
export async function nameLegalSource(ctx: Context, source: LegalSource): Promise<LegalSource> {
  return transaction(ctx, async (ctx) => {
    const { id: organisationId } = await organisationById(ctx, source.organisationId)
    if (!(await ctx.policy.allows(ctx, can.nameAnyLegalSource))) {
      const government = await governmentOf(ctx, organisationId)
      await authorize(ctx, can.nameLegalSource, {
        organisationId: government?.id ?? standards.PLATFORM_ORGANISATION,
      })
    }
    const { code: elementCode } = await standards.element(ctx, source.elementCode)
    const named = { elementCode, organisationId }
    await repository.save(ctx, named)
    const user = {
      kind: 'legal-source' as const,
      id: elementCode,
      code: elementCode,
      version: '',
      name: NAME,
    }
    await standards.registerUser(ctx, { ...user, organisationId }, [
      standards.bindingTo('element', elementCode, 'legal-source'),
    ])
    await emit(ctx, 'golden.legal-source.named', named)
    await mergeRegisters(ctx)
    return named
  })
}

const NAME = { zh: '法定数源', en: 'legal source' }
