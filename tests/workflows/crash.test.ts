import { expect } from 'chai'
import { addressOf, skipWithoutServer } from '../support/sources.ts'
import { completionsOf, faultsOf } from './crash-verdict.ts'
import { crashTrial } from './crashing.ts'

/** Proof 3 of the runtime's design in short; `npm run bench -- crash --only=processes` does 10,000 completions. */
describe('four nodes that are killed at random', function () {
  this.timeout(400_000)

  before(skipWithoutServer('postgres'))

  it('lose and double no task, timer, event, delivery, job or message, and answer each command once', async () => {
    // One seed, so that the models are those that passed before; the bench draws its own.
    const seed = Number(process.env['GDBOS_CRASH_SEED'] ?? 131_867)
    process.stderr.write(`    seed ${seed}\n`)
    const trial = await crashTrial(addressOf('postgres').href, {
      seed,
      models: 4,
      instances: 32,
      kills: 4,
      livesMs: 1_500,
    })
    try {
      expect(await faultsOf(trial), `GDBOS_CRASH_SEED=${seed}`).to.deep.equal([])
      expect(trial.kills).to.be.at.least(4)
      expect(await completionsOf(trial)).to.be.at.least(32)
    } finally {
      await trial.close()
    }
  })
})
