import { expect } from 'chai'
import { sql } from 'kysely'
import { searchQuery, searchTokens, searchVector } from '../../core/text/search.ts'
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

  it('writes the very vector PostgreSQL makes of the words', async () => {
    const texts = [
      ...FOUND.map(([text]) => text),
      ...['', ' ，!()&|:* ', "it's \\ a:1", '3e39E 7e6ex-1e5', '½²Ⅳß İı 𠀀𪚥 ก็ هند'],
      ...['a'.repeat(2046), `${'a'.repeat(2047)} 中文`, '国 '.repeat(300), '福'.repeat(4000)],
      Array.from({ length: 3_990 }, (_, at) => String.fromCharCode(0x4e00 + at)).join(''),
    ]
    const { rows } = await sql<{ text: string }>`
      select text from unnest(${texts}::text[], ${texts.map(searchTokens)}::text[], ${texts.map(searchVector)}::text[])
        as given (text, words, vector)
      where to_tsvector('simple', words) <> vector::tsvector
    `.execute(world.db)
    expect(rows).to.be.empty
  })

  async function matches(text: string, search: string): Promise<boolean | undefined> {
    const { rows } = await sql<{ found: boolean }>`
      select to_tsvector('simple', ${searchTokens(text)}) @@ to_tsquery('simple', ${searchQuery(search) ?? ''}) as found
    `.execute(world.db)
    return rows[0]?.found
  }
})
