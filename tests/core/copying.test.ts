import { expect } from 'chai'
import fc from 'fast-check'
import { sql } from 'kysely'
import { transaction, type TransactionContext } from '../../core/context.ts'
import { copyRows, type CopyValue } from '../../core/copy.repository.ts'
import { openWorld, type World } from '../support/world.ts'

const COPIED = { into: 'copied', columns: { at: 'integer', text: 'text', document: 'jsonb' } }

describe('copying rows into a table', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('keeps every value as it is, whatever signs it holds', async () => {
    const signs = [
      '\\',
      '\t',
      '\n',
      '\r',
      '\\N',
      '\\.',
      '"',
      "'",
      ',',
      '{',
      '}',
      'null',
      '一',
      '𠀀',
      'a',
      ' ',
      '',
    ]
    const text = fc.array(fc.constantFrom(...signs)).map((each) => each.join(''))
    const texts = [null, ...signs, ...fc.sample(text, { numRuns: 300, seed: 1 })]
    const rows = texts.map((each, at): CopyValue[] => [at, each, JSON.stringify({ each })])

    const stored = await onTable(async (ctx) => {
      await copyRows(ctx, COPIED, [])
      await copyRows(ctx, COPIED, rows)
      return storedRows(ctx)
    })

    expect(stored).to.deep.equal(texts.map((each, at) => ({ at, text: each, document: { each } })))
  })

  it('adds none of them when one is refused, and leaves the connection as it was', async () => {
    const stored = await onTable(async (ctx) => {
      await sql`savepoint before_copy`.execute(ctx.db)
      const refused = await copyRows(ctx, COPIED, [
        [1, 'a', '{}'],
        [2, 'b', 'no document'],
      ]).catch((error: unknown) => error)
      expect(refused).to.have.property('code', '22P02')
      await sql`rollback to savepoint before_copy`.execute(ctx.db)
      await copyRows(ctx, COPIED, [[3, 'c', '[]']])
      return storedRows(ctx)
    })

    expect(stored).to.deep.equal([{ at: 3, text: 'c', document: [] }])
  })

  function onTable<T>(work: (ctx: TransactionContext) => Promise<T>): Promise<T> {
    return transaction(world.platform(), async (ctx) => {
      await sql`create temporary table copied (at integer, text text, document jsonb) on commit drop`.execute(
        ctx.db,
      )
      return work(ctx)
    })
  }

  async function storedRows(ctx: TransactionContext) {
    return (await sql`select at, text, document from copied order by at`.execute(ctx.db)).rows
  }
})
