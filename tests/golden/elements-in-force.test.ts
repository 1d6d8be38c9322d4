import { expect } from 'chai'
import type { Context } from '../../core/context.ts'
import type { Dataset } from '../../modules/catalog/index.ts'
import { latestMerge, organisationRecord, recomputedSha256 } from '../../modules/golden/index.ts'
import * as standards from '../../standards/index.ts'
import { load, type Office, openOffice } from '../standards/office.ts'
import { openWorld, type World } from '../support/world.ts'
import { creditCode } from './registers.ts'

const KEY = creditCode(1)

describe('the elements that golden records are named by', function () {
  this.timeout(300_000)
  let world: World
  let office: Office
  let register: Dataset

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    office = openOffice(world)
    await office.givenElement(1)
    await office.givenSchema('named', office.elementCode(1))
    register = await office.givenRows('named', [[KEY, '甲']])
  })
  after(() => world.close())

  it('are those in force, not those that will be', async () => {
    const next = await office.draftElement(1, { shortName: 'renamed_1' })
    await standards.schedule(office.drafter, standards.kindOf('element'), next.code, next.version, {
      inForceFrom: '2027-01-01',
      inForceTo: null,
      retroactiveBasis: null,
    })
    await office.publish('element', next)
    await load(world, office.steward, register.id, [[KEY, '乙']])
    await world.settle()

    expect(await fieldNames())
      .to.include('tested_1')
      .and.not.include('renamed_1')
  })

  it('are the same whoever computes the records again, a drafter of another version too', async () => {
    await office.draftElement(1, { shortName: 'drafted_1' })
    const ctx = world.as('data-steward', 'demo-standards')
    const both: Context = {
      ...ctx,
      actor: { ...ctx.actor, roles: ['data-steward', 'standards-drafter'] },
    }
    expect((await standards.element(both, office.elementCode(1))).shortName).to.equal('drafted_1')

    expect(await recomputedSha256(both)).to.equal((await latestMerge(ctx))?.contentSha256)
  })

  it('are those of the merge when it is computed again, and those of the day when it is made anew', async () => {
    world.now = new Date('2027-01-01T09:00:00+08:00')
    expect(await recomputedSha256(office.steward)).to.equal(
      (await latestMerge(office.steward))?.contentSha256,
    )

    await load(world, office.steward, register.id, [[KEY, '丙']])
    await world.settle()

    expect(await fieldNames())
      .to.include('renamed_1')
      .and.not.include('tested_1')
  })

  async function fieldNames() {
    const { fields } = await organisationRecord(office.steward, { key: KEY, purpose: '核实' })
    return fields.map(({ name }) => name)
  }
})
