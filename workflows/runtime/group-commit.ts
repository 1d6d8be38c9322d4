import type { Context } from '../../core/context.ts'
import { decide } from './advance.ts'
import type { Instance } from './instance.ts'
import { save } from './save.repository.ts'
import type { Done, Saving } from './saving.ts'
import type { StepCommand } from './step/index.ts'

/** Steps in one commit: beyond it a commit gains nothing and the first waits for the last. */
export const MOST_TOGETHER = 64

/** A step asked of an instance as it was read, in the context of who asks. */
export interface Asked {
  readonly ctx: Context
  readonly instance: Instance
  readonly command: StepCommand
  readonly done?: Done
}

/** Whether more than its own rows is written: a kept message is let in, an instance called, a caller told. */
export const reachesOthers = ({ effects, instance }: Saving) =>
  instance.parentId !== null ||
  effects.some(({ kind }) => kind === 'subscribed' || kind === 'call-asked' || kind === 'call-cancelled')

/**
 * Steps instances, each asked once, and commits them in one statement: a commit waits for the disk, and one wait
 * does for all of them. Answers which are saved, in the order asked. What fails, reaches others or was stepped by
 * somebody else meanwhile is left as it was, to be done alone, where it is told what is wrong.
 */
export async function stepTogether(ctx: Context, asked: readonly Asked[]): Promise<boolean[]> {
  const decided = new Map<Asked, Saving>()
  for (const each of asked) {
    try {
      const saving = await decide(each.ctx, each.instance, each.command, each.done ?? {})
      if (!reachesOthers(saving)) decided.set(each, saving)
    } catch {
      // Decided again alone, which tells.
    }
  }
  if (decided.size === 0) return asked.map(() => false)
  const results = await save(ctx, [...decided.values()])
  const saved = new Set([...decided.keys()].filter((_, place) => results[place] === 'saved'))
  return asked.map((each) => saved.has(each))
}
