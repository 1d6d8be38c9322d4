import Mocha from 'mocha'

const { EVENT_RUN_END, EVENT_TEST_FAIL } = Mocha.Runner.constants

/** Mocha's spec report, closed by a line for each failure and one plain line that any runner can read. */
export default class PlainCount extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const failed = []
    runner.on(EVENT_TEST_FAIL, (test, { message }) => {
      failed.push(`FAILED ${test.fullTitle()}: ${String(message).split('\n')[0].slice(0, 300)}\n`)
    })
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      process.stdout.write(
        `\n${failed.join('')}${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ''}\n`,
      )
    })
  }
}
