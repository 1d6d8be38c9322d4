import { expect } from 'chai'
import { EXIT } from '../../gateway/cli/command.ts'
import { exitOf } from '../../gateway/cli/process-migrate.ts'

describe('gdbos process migrate', () => {
  it('is refused for a migration that stopped, also where no instance is in its way', () => {
    expect((['failed', 'cancelled'] as const).map((status) => exitOf({ status }, 0))).to.deep.equal([
      ...[EXIT.refused, EXIT.refused],
    ])
    expect([exitOf({ status: 'done' }, 1), exitOf({ status: 'rehearsed' }, 1)]).to.deep.equal([
      ...[EXIT.refused, EXIT.refused],
    ])
    expect([exitOf({ status: 'done' }, 0), exitOf({ status: 'proposed' }, 1)]).to.deep.equal([
      ...[EXIT.done, EXIT.done],
    ])
  })
})
