import { expect } from 'chai'
import fc from 'fast-check'
import type { NormaliserName } from '../../core/text/column.ts'
import { readMoney } from '../../core/text/money.ts'
import { listItems, normalise, type NormaliseOptions } from '../../core/text/normalise.ts'
import { readChineseNumber } from '../../core/text/chinese-number.ts'

const TABLE: Readonly<Record<NormaliserName, readonly (readonly [string, string | null])[]>> = {
  trim: [
    ['\u3000 高雄市\u00a0\u200b', '高雄市'],
    ['\ufeff名称', '名称'],
    ['   ', null],
  ],
  nfkc: [
    ['大中二路３９號', '大中二路39號'],
    ['ＡＢＣ', 'ABC'],
  ],
  upper: [
    ['91440300x192909844', '91440300X192909844'],
    ['straße', 'STRAßE'],
  ],
  digits: [['(02) 2531-7099', '0225317099']],
  'fold-variant': [['台南市七股區', '臺南市七股區']],
  simplify: [
    ['臺灣水泥股份有限公司', '台湾水泥股份有限公司'],
    ['乾燥裡鬥', '干燥里斗'],
  ],
  'null-words': [
    ['N/A', null],
    ['－ ', null],
    ['無', null],
    ['不详', null],
    ['無錫', '無錫'],
  ],
  money: [
    ['1,000.5', '1000.50'],
    ['100万元', '1000000.00'],
    ['51(万元人民币)', '510000.00'],
    ['0.5亿元', '50000000.00'],
    ['N万元', 'N万元'],
    ['新台幣                 10.0000元', 'TWD10.00'],
    ['30(万美元)', 'USD300000.00'],
  ],
  'chinese-number': [
    ['博愛二路三五九號', '博愛2路359號'],
    ['六○號', '60號'],
    ['一百二十三', '123'],
    ['两千零五号', '2005号'],
  ],
  list: [['11:紡織業; 12:成衣；', '11:紡織業;12:成衣']],
  date: [
    ['0860213', '1997-02-13'],
    ['10101', '10101'],
  ],
}

const OPTIONS: Partial<Record<NormaliserName, NormaliseOptions>> = { date: { calendar: 'roc' } }

describe('normalising a cell', () => {
  for (const [name, rows] of Object.entries(TABLE) as [NormaliserName, (typeof TABLE)[NormaliserName]][]) {
    for (const [text, expected] of rows)
      it(`${name} makes ${JSON.stringify(text)} ${JSON.stringify(expected)}`, () => {
        expect(normalise([name], text, OPTIONS[name])).to.equal(expected)
      })

    it(`${name} changes nothing the second time, whatever the text`, () => {
      fc.assert(
        fc.property(fc.oneof(fc.string({ unit: 'binary' }), registerText()), (text) => {
          const once = normalise([name], text, OPTIONS[name])
          expect(once === null ? null : normalise([name], once, OPTIONS[name])).to.equal(once)
        }),
        { numRuns: 2_000 },
      )
    })
  }

  it('runs the pipelines of shipped columns the second time without effect', () => {
    const pipelines: readonly NormaliserName[][] = [
      ['nfkc', 'trim', 'null-words', 'upper'],
      ['nfkc', 'trim', 'null-words', 'fold-variant'],
      ['nfkc', 'trim', 'null-words', 'money'],
      ['nfkc', 'trim', 'null-words', 'date'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...pipelines), registerText(), (pipeline, text) => {
        const once = normalise(pipeline, text, { calendar: 'roc' })
        expect(once === null ? null : normalise(pipeline, once, { calendar: 'roc' })).to.equal(once)
      }),
      { numRuns: 10_000 },
    )
  })

  it('keeps the items of a list without the empty last one', () => {
    expect(listItems('空氣污染;廢棄物;')).to.deep.equal(['空氣污染', '廢棄物'])
    expect(listItems('第10條，第18條')).to.deep.equal(['第10條', '第18條'])
  })

  it('reads money exactly, in the smallest unit, and refuses what is finer', () => {
    expect(readMoney('0.01')).to.deep.equal({ minor: 1n, currency: 'CNY' })
    expect(readMoney('0.000001万元')).to.deep.equal({ minor: 1n, currency: 'CNY' })
    expect(readMoney('9007199254740993.07')?.minor).to.equal(900719925474099307n)
    expect(readMoney('0.001')).to.equal(undefined)
    expect(readMoney('100日元')).to.deep.equal({ minor: 100n, currency: 'JPY' })
    expect(readMoney('1,00')).to.equal(undefined)
  })

  it('reads Chinese numbers as words and as single digits', () => {
    const numbers: Record<string, number | undefined> = {
      十: 10,
      十五: 15,
      二〇二四: 2024,
      三亿五千万: 350_000_000,
      一万零三百: 10_300,
      壹佰贰拾叁: 123,
      十十: undefined,
      五百千: undefined,
    }
    for (const [text, number] of Object.entries(numbers))
      expect(readChineseNumber(text), text).to.equal(number)
  })

  /** Text of the letters that registers are made of. */
  function registerText() {
    const letters = [
      ...'０１９019abxX台臺路號号（）() \u3000\u00a0,，;；.-－/年月日元万亿〇一二十百無N/A人民币美',
    ]
    return fc.string({ unit: fc.constantFrom(...letters), maxLength: 14 })
  }
})
