import Mocha from 'mocha'

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_RETRY } = Mocha.Runner.constants

/**
 * Mocha's spec report, closed by a line for each test that failed or was tried again, and one plain line that
 * any runner can read.
 */
export default class PlainCount extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const lines = []
    const note = (what) => (test, error) => {
      const reason = String(error?.message).split('\n')[0].slice(0, 300)
      lines.push(`${what} ${test.fullTitle()}: ${reason}\n`)
    }
    runner.on(EVENT_TEST_FAIL, note('FAILED'))
    runner.on(EVENT_TEST_RETRY, note('RETRIED'))
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      process.stdout.write(
        `\n${lines.join('')}${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ''}\n`,
      )
    })
  }
}
