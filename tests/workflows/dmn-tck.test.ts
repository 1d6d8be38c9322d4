import { expect } from 'chai'
import { sharedData, skipWithout } from '../support/shared-data.ts'
import { runLevel } from './tck.ts'

/** What is reached; the others are named in docs/decisions.md. */
const FLOOR = [
  { level: 2, passed: 126 },
  { level: 3, passed: 2_505 },
] as const

describe('the official DMN TCK', function () {
  this.timeout(120_000)
  before(skipWithout('suites/dmn-tck'))

  for (const { level, passed } of FLOOR)
    it(`is answered at level ${level}, compared strictly`, async () => {
      const verdicts = await runLevel(sharedData(`suites/dmn-tck/compliance-level-${level}`) ?? '')

      const right = verdicts.filter((verdict) => verdict.passed)
      process.stderr.write(`    DMN TCK level ${level}: ${right.length}/${verdicts.length}\n`)
      const wrong = verdicts
        .filter((verdict) => !verdict.passed)
        .map(({ test, reason }) => `${test}: ${reason}`)
      expect(right.length, wrong.join('\n')).to.be.at.least(passed)
    })
})
