import { expect } from 'chai'
import { sql } from 'kysely'
import { searchQuery, searchTokens } from '../../core/text/search.ts'
import { openWorld, type World } from '../support/world.ts'

describe('searching Chinese text', () => {
  let world: World

  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  const FOUND: readonly (readonly [text: string, search: string])[] = [
    ['示例县好味来餐饮有限公司', '餐饮'],
    ['示例县好味来餐饮有限公司', '好味来餐'],
    ['示例县好味来餐饮有限公司', '味'],
    ['示例县好味来餐饮有限公司', 'haoweilai'],
    ['示例县好味来餐饮有限公司', 'hwl'],
    ['示例县好味来餐饮有限公司', 'slxhwl'],
    ['示例县好味来餐饮有限公司', '好味来 公司'],
    ['臺灣水泥股份有限公司', '台湾水泥'],
    ['台湾水泥股份有限公司', '臺灣'],
    ['食品经营许可 Food Business Licence', 'licen'],
    ['食品经营许可 Food Business Licence', '食品 business'],
    ['91350100M000100Y43', '91350100m'],
    ['人民路３９號', '39号'],
  ]
  for (const [text, search] of FOUND)
    it(`finds “${text}” by “${search}”`, async () => {
      expect(await matches(text, search)).to.equal(true)
    })

  const MISSED: readonly (readonly [text: string, search: string])[] = [
    ['示例县好味来餐饮有限公司', '餐公'],
    ['示例县好味来餐饮有限公司', '饮餐'],
    ['食品，经营许可', '品经'],
    ['食品经营许可', '食品 药品'],
    ['食品经营许可', '许可证'],
  ]
  for (const [text, search] of MISSED)
    it(`does not find “${text}” by “${search}”`, async () => {
      expect(await matches(text, search)).to.equal(false)
    })

  it('makes no query of what holds no letter, and no other query of an operator', async () => {
    expect(searchQuery(' ，!()&|:* ')).to.equal(undefined)
    expect(await matches('食品经营许可', "食品 & !许可 | ':*<->")).to.equal(true)
  })

  async function matches(text: string, search: string): Promise<boolean | undefined> {
    const { rows } = await sql<{ found: boolean }>`
      select to_tsvector('simple', ${searchTokens(text)}) @@ to_tsquery('simple', ${searchQuery(search) ?? ''}) as found
    `.execute(world.db)
    return rows[0]?.found
  }
})
