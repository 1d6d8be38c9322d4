import type { Context } from '../core/context.ts'
import type { Connection, PageRequest } from '../core/page.ts'
import { authorize } from '../core/policy.ts'
import { caseOfNumber } from '../modules/service/index.ts'
import { MAX_WORD, type ProcessCount, type TaskCounts, type TaskFilter } from './desk.ts'
import * as repository from './desk.repository.ts'
import { can } from './policy.ts'
import type { Task } from './task.ts'
import { postOf } from './task.service.ts'

/**
 * The actor's open tasks that pass the filter, a page at a time.
 *
 * @throws POLICY_FORBIDDEN for the whole body's tasks, GRAPHQL_PAGE_INVALID, GRAPHQL_CURSOR_INVALID
 */
export async function tasks(
  ctx: Context,
  page: PageRequest,
  filter: TaskFilter = {},
): Promise<Connection<Task>> {
  if (filter.show === 'body') await authorize(ctx, can.assignTask, ctx.actor)
  const word = filter.word?.replaceAll('\0', '').trim().slice(0, MAX_WORD)
  const businessKey = word ? await caseOfNumber(ctx, word) : undefined
  const asked = { ...filter, word: word ?? null }
  return repository.openTasks(ctx, await postOf(ctx), asked, businessKey, page)
}

export async function taskCounts(ctx: Context): Promise<TaskCounts> {
  return repository.counts(ctx, await postOf(ctx))
}

export async function taskProcesses(ctx: Context): Promise<ProcessCount[]> {
  return repository.processesOf(ctx, await postOf(ctx))
}
