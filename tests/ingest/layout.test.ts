import { expect } from 'chai'
import { automaticMapping, historyOf, layoutOf, suggestMapping } from '../../modules/ingest/index.ts'
import { shippedSchema } from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'

const bytes = (text: string) => Buffer.from(text)

describe('the layout of a file', () => {
  it('is found below title rows, whatever parts the fields', () => {
    const layout = layoutOf(
      bytes('市场主体名录\t\t\n2026年1月\t\t\n代码\t名称\t住所\n1\t甲\t乙\n'),
      'utf-8',
      true,
    )

    expect(layout).to.deep.include({
      delimiter: '\t',
      skipRecords: 3,
      header: ['代码', '名称', '住所'],
      unclear: null,
    })
    expect(layout.sample).to.deep.equal([['1', '甲', '乙']])
  })

  it('takes quotes, line breaks in them and Windows line ends as they are meant', () => {
    const layout = layoutOf(bytes('\uFEFFa,b\r\n"x, ""y""","多\n行"\r\n\r\n1,2'), 'utf-8', true)

    expect(layout.header).to.deep.equal(['a', 'b'])
    expect(layout.sample).to.deep.equal([
      ['x, "y"', '多\n行'],
      ['1', '2'],
    ])
  })

  it('leaves out a last record that the sample cuts', () => {
    expect(layoutOf(bytes('a,b\n1,2\n3,'), 'utf-8', false).sample).to.deep.equal([['1', '2']])
  })

  it('is unclear where names repeat, are missing, or look like data', () => {
    expect(layoutOf(bytes('名称,名称\n甲,乙\n'), 'utf-8', true)).to.deep.include({
      header: ['名称', '名称__2'],
      unclear: '名称, 名称',
    })
    expect(layoutOf(bytes('a,,c\n1,2,3\n'), 'utf-8', true).unclear).to.equal('#2')
    expect(
      layoutOf(bytes('91350100M000100Y43,2019-06-18,100\n91350100M000100Y43,2019-06-18,100\n'), 'utf-8', true)
        .unclear,
    ).to.be.a('string')
  })

  it('refuses a file without content or with too many columns', async () => {
    const attempt = async (text: string) => layoutOf(bytes(text), 'utf-8', true)

    expect((await refusal(attempt('\n\n'))).code).to.equal('INGEST_FILE_EMPTY')
    expect((await refusal(attempt('a,'.repeat(600)))).code).to.equal('INGEST_FILE_TOO_LARGE')
  })
})

describe('suggesting what a column means', () => {
  const { columns } = shippedSchema('taxpayer')
  const suggest = (header: string, rows: string, history: Record<string, string> = {}) =>
    suggestMapping(
      layoutOf(bytes(`${header}\n${rows}\n`), 'utf-8', true),
      columns,
      historyOf([history]),
      '2026-01-05',
    )

  it('preselects exact names and synonyms, each schema column once', () => {
    const suggested = suggest('纳税人识别号,企业名称,名称', '91350100M000100Y43,甲,乙')

    expect(suggested.map(({ target }) => target)).to.deep.equal(['uscc', 'name', null])
  })

  it('offers at most three likely ones and leaves the unlike open', () => {
    const [odd] = suggest('备注说明,纳税人识别号', '无,91350100M000100Y43')

    expect(odd?.target).to.equal(null)
    expect(odd?.suggestions.length).to.be.at.most(3)
  })

  it('remembers what was confirmed for a name before', () => {
    const [first] = suggest('主体码', '91350100M000100Y43', { 主体码: 'uscc' })

    expect(first?.suggestions[0]).to.deep.include({
      score: 0.6,
      parts: { name: 0, type: 1, values: 1, history: 1 },
      reason: 'history',
    })
    // Of another name than the standard's it is first, but a person has to say so again.
    expect(first?.target).to.equal(null)
  })

  it('adds up name, type, values and history, and leaves a low score to a person', () => {
    const [clean] = suggest('统一社会信用代码', '91350100M000100Y43')
    const dirty = suggest('统一社会信用代码', '91350100M000100Y43\n9135\n9136')

    expect(clean?.target).to.equal('uscc')
    expect(clean?.suggestions[0]).to.include({ score: 0.85, reason: 'exact-name' })
    expect(dirty[0]?.suggestions[0]).to.include({ score: 0.65 })
    expect(dirty[0]?.target).to.equal(null)
    expect(automaticMapping(dirty)).to.deep.equal([{ index: 0, target: 'uscc' }])
  })

  it('shows by the values which of two like names fits', () => {
    const [by] = suggest('纳税人代码', '91350100M000100Y43')

    expect(by?.suggestions[0]?.column.name).to.equal('uscc')
  })
})
