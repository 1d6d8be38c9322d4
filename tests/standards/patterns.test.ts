import { expect } from 'chai'
import { elementStep, type ElementContent, elementOf } from '../../standards/element.ts'
import { patternFault } from '../../standards/pattern.ts'
import { checkCodeList, type CodeListContent, type CodeValue, codeValue } from '../../standards/codelist.ts'
import { compareVersions, inRange, nextVersion } from '../../standards/version.ts'
import { refusal } from '../support/refusal.ts'

describe('a pattern within the safe subset', () => {
  const SAFE = [
    '^[0-9]{6}$',
    '^[A-Z]{2}\\d{1,3}[-/]\\d{2}$',
    '^(?:甲|乙|丙)$',
    '^\\p{L}+$',
    '^(\\d{3}-)?\\d{8}$',
    '^[^@ ]+@x[.]y$',
    'a\\.b',
    '^(?:\\d{2}){3}$',
    '^\\d+?$',
  ]
  for (const pattern of SAFE)
    it(`takes ${pattern}`, () => {
      expect(patternFault(pattern)).to.equal(undefined)
    })

  const UNSAFE = [
    '(a)\\1',
    '(?=a)a',
    '(?<!a)b',
    '(?<n>a)',
    '(a+)+',
    '(a|aa){2,}',
    '.*',
    '\\s',
    '\\p{Script=Han}',
    '[[:alpha:]]',
    'a{201}',
    'a+b+',
    'a?a?a?a?a?a?a?a?a?',
    '(',
    '[a',
    'a{2,1}',
    'x'.repeat(301),
  ]
  for (const pattern of UNSAFE)
    it(`refuses ${pattern.slice(0, 30)}`, () => {
      expect(patternFault(pattern)).to.be.a('string')
    })
})

describe('the version step of a changed element', () => {
  const base: ElementContent = elementOf({
    name: { zh: '代码', en: 'code' },
    shortName: 'a_code',
    definition: '代码',
    objectClass: 'a',
    property: 'b',
    representation: 'c',
    dataType: 'text',
    format: 'an..20',
    maxLength: 20,
    pattern: '^[A-Z]+$',
  })

  const STEPS: readonly (readonly [string, Partial<ElementContent>, string])[] = [
    ['other words', { definition: '另一说明', name: { zh: '编码', en: 'code' } }, 'patch'],
    ['a synonym more', { synonyms: ['编号'] }, 'minor'],
    ['a longer field', { maxLength: 30 }, 'minor'],
    ['a shorter field', { maxLength: 10 }, 'major'],
    ['a lower bound', { minLength: 2 }, 'major'],
    ['another pattern', { pattern: '^[A-Z0-9]+$' }, 'major'],
    ['a new check', { check: 'luhn' }, 'major'],
    ['a new placeholder', { placeholders: ['AAAA'] }, 'major'],
  ]
  for (const [what, change, step] of STEPS)
    it(`is ${step} for ${what}`, () => {
      expect(elementStep(base, { ...base, ...change })).to.equal(step)
    })

  it('is minor where a constraint falls away', () => {
    const { pattern: _, ...free } = base
    expect(elementStep(base, free)).to.equal('minor')
  })

  it('makes the next number, and ranges hold it', () => {
    expect(['patch', 'minor', 'major'].map((step) => nextVersion('1.2.9', step as 'patch'))).to.deep.equal([
      '1.2.10',
      '1.3.0',
      '2.0.0',
    ])
    expect(compareVersions('1.10.0', '1.9.9')).to.be.greaterThan(0)
    expect(['1.2.0', '1.10.0', '2.0.0', '1.1.9'].map((version) => inRange(version, '^1.2.0'))).to.deep.equal([
      true,
      true,
      false,
      false,
    ])
    expect(inRange('1.2.0', '1.2.0')).to.equal(true)
  })
})

describe('a code list', () => {
  const list: CodeListContent = {
    name: { zh: '表', en: 'list' },
    standardNumber: 'GB/T 1',
    edition: '2026',
    issuer: '标准委',
    levels: [{ zh: '级', en: 'level' }],
    licence: 'facts',
    extensible: 'organisation',
    extensionPattern: '^9[A-F]$',
  }
  const value = (code: string, parent: string | null = null, owner: string | null = null): CodeValue =>
    codeValue({ code, parent, level: parent === null ? 1 : 2, name: { zh: code, en: code }, owner })
  const refusedAs = async (values: readonly CodeValue[]) =>
    (await refusal(Promise.resolve().then(() => checkCodeList(list, values)))).code

  it('knows the parent of each code one level up', async () => {
    checkCodeList(list, [value('01'), value('0101', '01')])
    expect(await refusedAs([value('0101', '01')])).to.equal('STANDARDS_CODE_PARENT_UNKNOWN')
  })

  it('keeps local codes apart from those of the standard', async () => {
    checkCodeList(list, [value('01'), value('9A', null, 'demo')])
    expect(await refusedAs([value('01'), value('01', null, 'demo')])).to.equal(
      'STANDARDS_CODE_EXTENSION_CLASH',
    )
    expect(await refusedAs([value('01'), value('02', null, 'demo')])).to.equal(
      'STANDARDS_CODE_EXTENSION_CLASH',
    )
  })

  it('holds a code once, and at least one', async () => {
    expect(await refusedAs([value('01'), value('01')])).to.equal('STANDARDS_CODE_LIST_INVALID')
    expect(await refusedAs([])).to.equal('STANDARDS_CODE_LIST_INVALID')
  })
})
