import { z } from 'zod'
import { defineCommand } from '../core/module.ts'
import { kindOf } from './kinds.ts'
import * as standards from './standard.service.ts'

const decision = z.object({
  reviewId: z.string().max(100),
  standardKind: z.enum(['element', 'code-list', 'schema', 'crosswalk']),
  standardCode: z.string().max(500),
  standardVersion: z.string().max(50),
  verdict: z.enum(['approve', 'return']),
  remark: z.string().max(10_000).nullish(),
})

/** What completing the review of a standard does, as whoever completes it. */
export const commands = {
  'standards.decide-review': defineCommand({
    input: decision,
    async run(ctx, { reviewId, standardKind, standardCode, standardVersion, verdict, remark }) {
      const kind = kindOf(standardKind)
      if (verdict === 'approve')
        await standards.publish(ctx, kind, standardCode, standardVersion, { reviewId })
      else await standards.sendBack(ctx, kind, standardCode, standardVersion, remark ?? '', { reviewId })
      // The remark belongs to the standard and is no variable of the process.
      return { verdict, remark: null }
    },
  }),
}
