import { createHash } from 'node:crypto'
import { claim, type Command, find, store } from './commands.repository.ts'
import { type Context, transaction, type TransactionContext } from './context.ts'
import { DomainError } from './errors.ts'

export interface CommandCall {
  /** Made by the caller; the same id is the same intention. */
  readonly commandId: string
  /** `area.action`; the area names the refusal. */
  readonly name: string
  /** What was asked, compared by digest; its members may come in any order. */
  readonly input: object
}

/**
 * Runs `work` once for an actor and a command id, in one transaction with the record of it. A repeat gets
 * the first answer and writes nothing; a repeat that comes while the first still runs waits for it. A
 * refusal or failure leaves no record, so the same id may try again.
 *
 * The stored answer is the whole result, not its id: only so does a repeat get what the first call got
 * without core knowing how to read each kind of thing again. Whatever hangs below it is read afresh.
 *
 * @throws <AREA>_COMMAND_ID_REUSED when the id came before with another name or input
 */
export async function once<T>(
  ctx: Context,
  call: CommandCall,
  work: (ctx: TransactionContext) => Promise<T>,
): Promise<T> {
  return transaction(ctx, async (ctx) => {
    const command: Command = {
      actorId: ctx.actor.id,
      commandId: call.commandId,
      name: call.name,
      inputSha256: createHash('sha256').update(canonical(call.input)).digest('hex'),
    }
    if (!(await claim(ctx, command))) return repeat<T>(ctx, command)
    const answer = await work(ctx)
    await store(ctx, command, pack(answer))
    return answer
  })
}

async function repeat<T>(ctx: TransactionContext, command: Command): Promise<T> {
  const first = await find(ctx, command)
  if (!first) throw new Error('a command that stood in the way is gone')
  if (first.name !== command.name || first.inputSha256 !== command.inputSha256) throw reused(command.name)
  return unpack(first.answer) as T
}

function reused(name: string): DomainError {
  const area = (name.split('.')[0] ?? name).toUpperCase().replaceAll('-', '_')
  return new DomainError(`${area}_COMMAND_ID_REUSED`, {
    kind: 'conflict',
    zh: '该操作编号已用于另一请求，请刷新后重试',
    en: 'This command id was already used for another request; reload and try again',
  })
}

/**
 * JSON with members in one order, so that equal inputs have equal digests. A member named `secret` takes no
 * part: who reads the digest could try passwords against it.
 */
function canonical(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) =>
    name === 'secret'
      ? undefined
      : isRecord(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
  )
}

const INSTANT = '$instant'

/** JSON that remembers which texts were instants. */
function pack(value: unknown): string {
  return JSON.stringify(value ?? null, function (this: Record<string, unknown>, key, member: unknown) {
    const original = this[key]
    return original instanceof Date ? { [INSTANT]: original.toISOString() } : member
  })
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack)
  if (!isRecord(value)) return value
  const instant = value[INSTANT]
  if (typeof instant === 'string') return new Date(instant)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unpack(member)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
