import { expect } from 'chai'
import type { CompiledColumn } from '../../core/text/column.ts'
import { bigramDice, nameSimilarity } from '../../core/text/similarity.ts'
import { validate } from '../../core/text/validate.ts'

const today = '2026-01-05'

const COLUMN: CompiledColumn = {
  name: 'value',
  elementCode: 'DE99999999',
  elementVersion: '1.0.0',
  label: { zh: '值', en: 'value' },
  synonyms: [],
  dataType: 'text',
  required: false,
  role: 'attribute',
  severity: 'reject',
  normalisers: ['nfkc', 'trim', 'null-words'],
  placeholders: [],
  nullWords: ['無'],
  sqlType: 'varchar',
}

describe('judging a value by its column', () => {
  const judged = (column: Partial<CompiledColumn>, text: string | null) => {
    const { value, failures } = validate({ ...COLUMN, ...column }, text, today)
    return [value, ...failures.map(({ reason, severity }) => `${reason} ${severity}`)]
  }

  it('takes what means nothing as null, and refuses that only where a value is required', () => {
    for (const text of [null, '', ' \u3000', '無', ' 無 ']) {
      expect(judged({}, text)).to.deep.equal([null])
      expect(judged({ required: true }, text)).to.deep.equal([null, 'missing reject'])
    }
  })

  it('turns a placeholder into null with a finding that rejects nothing', () => {
    const ubn = { check: 'tw-ubn', placeholders: ['00000000'] } as const

    expect(judged(ubn, '00000000')).to.deep.equal([null, 'placeholder warn'])
    expect(judged(ubn, '０４５９５２５７')).to.deep.equal(['04595257'])
    expect(judged(ubn, '8003999')).to.deep.equal(['8003999', 'shape reject'])
    expect(judged({ ...ubn, severity: 'warn' }, '04595250')).to.deep.equal(['04595250', 'check-digit warn'])
  })

  it('names what code a reason is reported under', () => {
    const [failure] = validate({ ...COLUMN, check: 'gb32100' }, '91350100M000100Y44', today).failures

    expect(failure).to.include({ column: 'value', elementVersion: '1.0.0', code: 'INGEST_CHECK_FAILED' })
  })

  it('types days, numbers, money and truth', () => {
    expect(judged({ dataType: 'date', calendar: 'roc' }, '0860213')).to.deep.equal(['1997-02-13'])
    expect(judged({ dataType: 'date', calendar: 'roc' }, '10101')).to.deep.equal([null, 'unreadable reject'])
    expect(judged({ dataType: 'integer' }, '18000')).to.deep.equal([18000])
    expect(judged({ dataType: 'integer' }, '9223372036854775')).to.deep.equal(['9223372036854775'])
    expect(judged({ dataType: 'integer', minimum: 0 }, '-1')).to.deep.equal([-1, 'range reject'])
    expect(judged({ dataType: 'number' }, 'x')).to.deep.equal([null, 'type reject'])
    expect(judged({ dataType: 'money', normalisers: ['money'] }, '100万元')).to.deep.equal([100_000_000])
    expect(judged({ dataType: 'money', normalisers: ['money'] }, '3万美元')).to.deep.equal([
      null,
      'type reject',
    ])
    expect(judged({ dataType: 'boolean' }, '是')).to.deep.equal([true])
    expect(judged({ dataType: 'datetime' }, '2026-01-05 09:00')).to.deep.equal(['2026-01-05 09:00'])
    expect(judged({ dataType: 'datetime' }, '2026-02-30 09:00')).to.deep.equal([null, 'unreadable reject'])
  })

  it('counts length in characters, not in code units', () => {
    expect(judged({ maxLength: 2 }, '𠮷𠮷')).to.deep.equal(['𠮷𠮷'])
    expect(judged({ maxLength: 2 }, '𠮷𠮷𠮷')).to.deep.equal(['𠮷𠮷𠮷', 'length reject'])
    expect(judged({ minLength: 2 }, '一')).to.deep.equal(['一', 'length reject'])
  })

  it('holds a value to the pattern and to the codes of its list', () => {
    expect(judged({ pattern: '^[a-z]+$' }, 'abc1')).to.deep.equal(['abc1', 'pattern reject'])
    expect(judged({ codes: ['1', '2'] }, '１')).to.deep.equal(['1'])
    expect(judged({ codes: ['1', '2'] }, '01')).to.deep.equal(['01', 'code reject'])
  })

  it('stores a citizen number of 15 digits as 18', () => {
    expect(judged({ check: 'gb11643', maxLength: 18 }, '110105491231002')).to.deep.equal([
      '11010519491231002X',
    ])
  })
})

describe('comparing names', () => {
  const uscc = {
    names: ['统一社会信用代码', 'unified social credit code', 'uscc'],
    synonyms: ['信用代码', 'USCC'],
  }

  it('prefers the exact name, then a synonym, whatever the script and width', () => {
    expect(nameSimilarity('统一社会信用代码', uscc)).to.deep.equal({ score: 1, reason: 'exact-name' })
    expect(nameSimilarity('統一社會信用代碼', uscc)).to.deep.equal({ score: 1, reason: 'exact-name' })
    expect(nameSimilarity('ＵＳＣＣ', uscc).score).to.equal(1)
    expect(nameSimilarity('信用代码', uscc)).to.deep.equal({ score: 0.95, reason: 'synonym' })
  })

  it('finds what is near by bigrams, initials or words, and less sure', () => {
    expect(nameSimilarity('社会信用代码', uscc)).to.include({ reason: 'similar-name' })
    expect(nameSimilarity('tyshxydm', uscc)).to.deep.equal({ score: 0.8, reason: 'initials' })
    expect(nameSimilarity('CodeCredit', { names: ['credit code'], synonyms: [] }).reason).to.equal('words')
    expect(nameSimilarity('经度', uscc).score).to.be.lessThan(0.3)
    expect(nameSimilarity('', uscc)).to.deep.equal({ score: 0, reason: 'none' })
  })

  it('counts bigrams by their share', () => {
    expect(bigramDice('有限公司', '有限公司')).to.equal(1)
    expect(bigramDice('工廠地址', '工厂地址')).to.equal(1)
    expect(bigramDice('甲乙丙', '丁戊己')).to.equal(0)
    expect(bigramDice('甲乙丙', '乙丙丁')).to.equal(0.5)
  })
})
