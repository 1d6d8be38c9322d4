import { expect } from 'chai'
import fc from 'fast-check'
import { addDays } from '../../core/day.ts'
import { chooseCalendar, readDate } from '../../core/text/dates.ts'

describe('reading a date', () => {
  const READ = [
    ['gregorian', '20240229', '2024-02-29'],
    ['gregorian', '2019-6-8', '2019-06-08'],
    ['gregorian', '2025年11月26日', '2025-11-26'],
    ['gregorian', '2024.3.1', '2024-03-01'],
    ['gregorian', '二〇二四年三月一日', '2024-03-01'],
    ['gregorian', '二〇二四年十二月三十一日', '2024-12-31'],
    ['roc', '0860213', '1997-02-13'],
    ['roc', '1051003', '2016-10-03'],
    ['roc', '105/01/28', '2016-01-28'],
    ['roc', '102年9月5日', '2013-09-05'],
    ['roc', '103.9.19', '2014-09-19'],
    ['roc', '民國99年1月2日', '2010-01-02'],
    ['roc', '民國元年1月1日', '1912-01-01'],
    ['japanese', 'H28.10.4', '2016-10-04'],
    ['japanese', '平成29年５月15日', '2017-05-15'],
    ['japanese', '令和元年5月1日', '2019-05-01'],
    ['japanese', '昭和64年1月7日', '1989-01-07'],
    ['auto', 'H28.10.4', '2016-10-04'],
    ['auto', '1131029', '2024-10-29'],
    ['auto', '19501229', '1950-12-29'],
  ] as const
  for (const [calendar, text, day] of READ)
    it(`reads ${text} (${calendar}) as ${day}`, () => {
      expect(readDate(text, calendar)).to.deep.equal({ day })
    })

  const REFUSED = [
    ['gregorian', '03/04/2017', 'ambiguous'],
    ['roc', '10101', 'ambiguous'],
    ['gregorian', '00/00/0000', 'impossible'],
    ['gregorian', '20230229', 'impossible'],
    ['roc', '0990230', 'impossible'],
    ['roc', '105/525', 'impossible'],
    ['roc', '10410/08', 'impossible'],
    ['roc', '民國99年2月30日', 'impossible'],
    ['japanese', '令和1年4月30日', 'impossible'],
    ['japanese', '平成31年5月1日', 'impossible'],
    ['japanese', '昭和64年1月8日', 'impossible'],
    ['gregorian', '明天', 'unreadable'],
    ['gregorian', '', 'unreadable'],
  ] as const
  for (const [calendar, text, fault] of REFUSED)
    it(`refuses “${text}” (${calendar}) as ${fault}`, () => {
      expect(readDate(text, calendar)).to.deep.equal({ fault })
    })

  it('reads every day of two centuries back from each notation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const day = addDays('1912-01-01', days)
        const [year = '', month = '', date = ''] = day.split('-')
        const roc = Number(year) - 1911

        expect(readDate(day.replaceAll('-', ''), 'gregorian')).to.deep.equal({ day })
        expect(readDate(`${String(roc).padStart(3, '0')}${month}${date}`, 'roc')).to.deep.equal({ day })
        expect(readDate(`民國${roc}年${Number(month)}月${Number(date)}日`, 'roc')).to.deep.equal({ day })
      }),
      { numRuns: 2_000 },
    )
  })

  it('lets a column choose its calendar only where one reads 99.5 % of its cells', () => {
    const cells = Array.from({ length: 995 }, (_, index) => `105/01/${(index % 28) + 1}`)

    expect(chooseCalendar([...cells, null, '', ...Array(5).fill('105/525')]).calendar).to.equal('roc')
    expect(chooseCalendar([...cells, ...Array(6).fill('105/525')]).calendar).to.equal(undefined)
    expect(chooseCalendar(['2024-01-02', '2024/1/3']).calendar).to.equal('gregorian')
    expect(chooseCalendar([]).calendar).to.equal(undefined)
  })
})
