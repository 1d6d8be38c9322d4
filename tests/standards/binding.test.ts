import { expect } from 'chai'
import * as standards from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Office, openOffice } from './office.ts'

describe('the versions of an element that a schema binds', () => {
  let world: World
  let office: Office
  let serial = 0
  const element = standards.kindOf('element')

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
  })
  after(() => world.close())

  const rangeOf = ({ columns }: standards.RecordSchema) =>
    columns.find(({ name }) => name === 'tested')?.elementRange

  const read = (code: string) => standards.recordSchema(office.drafter, code)

  /** A field that becomes shorter: the next major. */
  const givenSecondMajor = async (effect: { inForceFrom?: string } = {}) => {
    const { code, version } = await office.draftElement(serial, { maxLength: 4 })
    const days = { inForceFrom: null, inForceTo: null, retroactiveBasis: null, ...effect }
    await standards.schedule(office.drafter, element, code, version, days)
    return office.publish('element', { code, version })
  }

  it('stay when something else of the schema changes, also once the element is deprecated', async () => {
    const { code } = await office.givenElement(++serial, { maxLength: 9 })
    await givenSecondMajor()
    const schema = await office.givenSchema('staying', code)
    expect(rangeOf(await read(schema.code))).to.equal('^2.0.0')
    const reason = { replacedBy: null, reason: '换用' }
    await standards.deprecate(office.approver, element, code, '2.0.0', reason)

    const input = { ...office.schemaInput(code), maxRejectedRate: 0.8 }
    const next = await standards.draftSchema(office.drafter, 'staying', input)
    const again = await standards.changeSchema(office.drafter, 'staying', next.version, input)

    expect([next.version, rangeOf(next), rangeOf(again)]).to.deep.equal(['1.1.0', '^2.0.0', '^2.0.0'])
  })

  it('are those in force on the day of the draft, whatever is published ahead', async () => {
    const { code } = await office.givenElement(++serial, { maxLength: 9 })
    await givenSecondMajor({ inForceFrom: '2026-07-01' })

    const schema = await office.givenSchema('before-july', code)
    expect([schema.status, rangeOf(await read(schema.code))]).to.deep.equal(['published', '^1.0.0'])

    const days = { inForceFrom: '2026-07-01', inForceTo: null, retroactiveBasis: null }
    const later = office.schemaInput('DE00000001')
    const draft = await standards.draftSchema(office.drafter, 'from-july', later)
    await standards.schedule(office.drafter, standards.kindOf('schema'), 'from-july', draft.version, days)
    const input = office.schemaInput(code)
    const changed = await standards.changeSchema(office.drafter, 'from-july', draft.version, input)
    expect(rangeOf(changed)).to.equal('^2.0.0')
  })

  it('are others when that is said, and only a range', async () => {
    const { code } = await office.givenElement(++serial, { maxLength: 9 })
    await office.givenSchema('moving', code)
    await givenSecondMajor()

    const moved = await standards.draftSchema(office.drafter, 'moving', office.schemaInput(code, '^2.0.0'))
    expect([moved.version, rangeOf(moved)]).to.deep.equal(['2.0.0', '^2.0.0'])
    const odd = office.schemaInput(code, '2.x')
    const refused = await refusal(standards.changeSchema(office.drafter, 'moving', moved.version, odd))
    expect(refused.code).to.equal('STANDARDS_SCHEMA_INVALID')
  })
})
