import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { once } from '../../core/commands.ts'
import { transaction, type Context } from '../../core/context.ts'
import { emit } from '../../core/events.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'

describe('a command sent again', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('gets the first answer, instants included, and writes nothing', async () => {
    const ctx = world.as('clerk')
    const call = givenCall({ itemId: 'a', answers: { x: 1, y: [2] } })

    const first = await once(ctx, call, (ctx) => disable(ctx, call.commandId))
    world.now = new Date('2026-01-06T09:00:00+08:00')
    const reordered = { ...call, input: { answers: { y: [2], x: 1 }, itemId: 'a' } }
    const second = await once(ctx, reordered, (ctx) => disable(ctx, call.commandId))

    expect(second).to.deep.equal(first)
    expect(second.at).to.be.instanceOf(Date)
    expect(await effectsOf(call.commandId)).to.equal(1)
  })

  it('waits for the first when both come at once: one effect, equal answers', async () => {
    const ctx = world.as('clerk')
    const call = givenCall({})

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => once(ctx, call, (ctx) => disable(ctx, call.commandId))),
    )

    for (const answer of answers) expect(answer).to.deep.equal(answers[0])
    expect(await effectsOf(call.commandId)).to.equal(1)
  })

  it('is refused when it asks for something else, and the first effect stands', async () => {
    const ctx = world.as('clerk')
    const call = givenCall({ itemId: 'a' })
    await once(ctx, call, (ctx) => disable(ctx, call.commandId))

    const otherInput = { ...call, input: { itemId: 'b' } }
    const otherName = { ...call, name: 'service.withdrawCase' }
    for (const other of [otherInput, otherName]) {
      const error = await refusal(once(ctx, other, (ctx) => disable(ctx, call.commandId)))
      expect(error).to.include({ code: 'SERVICE_COMMAND_ID_REUSED', kind: 'conflict', status: 409 })
    }
    expect(await effectsOf(call.commandId)).to.equal(1)
  })

  it('may be tried again under its id after it was refused', async () => {
    const ctx = world.as('clerk')
    const call = givenCall({})
    const failed = await once(ctx, call, async (ctx) => {
      await disable(ctx, call.commandId)
      throw new Error('broken on the way')
    }).catch((error: Error) => error.message)

    await once(ctx, call, (ctx) => disable(ctx, call.commandId))

    expect(failed).to.equal('broken on the way')
    expect(await effectsOf(call.commandId)).to.equal(1)
  })

  it('is another command when another person sends it', async () => {
    const call = givenCall({})

    await once(world.as('clerk', 'a-bureau'), call, (ctx) => disable(ctx, call.commandId))
    await once(world.as('clerk', 'b-bureau'), call, (ctx) => disable(ctx, call.commandId))

    expect(await effectsOf(call.commandId)).to.equal(2)
  })

  const givenCall = (input: object) => ({ commandId: randomUUID(), name: 'service.startDraft', input })

  /** Some work with an effect that can be counted and an answer that holds an instant. */
  function disable(ctx: Context, accountId: string) {
    return transaction(ctx, async (ctx) => {
      await emit(ctx, 'core.account.disabled', { accountId })
      return { accountId, at: ctx.now(), by: null, steps: [{ at: ctx.now() }] }
    })
  }

  async function effectsOf(accountId: string): Promise<number> {
    const events = await world.eventsNamed('core.account.disabled')
    return events.filter(({ payload }) => 'accountId' in payload && payload.accountId === accountId).length
  }
})
