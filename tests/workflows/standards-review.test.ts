import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import type { Context } from '../../core/context.ts'
import { manifests } from '../../gateway/platform.ts'
import * as standards from '../../standards/index.ts'
import * as workflows from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Office, openOffice } from '../standards/office.ts'
import { approve, sendBack, submit } from '../support/standards.ts'

const offers = workflows.offersOf(manifests)

describe('the review of a standard', () => {
  let world: World
  let office: Office
  let serial = 0

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
  })
  after(() => world.close())

  const desk = async (ctx: Context) =>
    (await workflows.tasks(ctx, { first: 50 })).edges.map(({ node }) => node)

  async function givenSubmitted() {
    const draft = await office.draftElement(++serial)
    await submit(office.drafter, 'element', draft.code, draft.version)
    await world.settle()
    const [task] = await desk(office.approver)
    if (!task) throw new Error('no task was offered')
    return { ...draft, task }
  }

  const decide = (ctx: Context, task: workflows.Task, output: Record<string, unknown>) =>
    workflows.complete(
      ctx,
      { commandId: randomUUID(), id: task.id, expectedVersion: task.version, output: output as never },
      offers,
    )

  it('is a task of the office’s approvers, due in ten working days', async () => {
    const { task } = await givenSubmitted()

    expect(task).to.include({ node: 'review', organisationId: 'demo-standards', formKey: 'review-standard' })
    expect(task.dueAt?.toISOString()).to.equal('2026-01-19T15:59:59.999Z')
    expect(await desk(office.drafter)).to.deep.equal([])
    expect(await desk(world.as('standards-approver', 'other'))).to.deep.equal([])
    await decide(office.approver, task, { verdict: 'approve' })
  })

  it('publishes by the approval, as the console would', async () => {
    const { code, task } = await givenSubmitted()

    await decide(office.approver, task, { verdict: 'approve' })
    await world.settle()

    const published = await standards.element(office.drafter, code)
    expect(published).to.include({ status: 'published', approvedBy: office.approver.actor.id })
    expect(await desk(office.approver)).to.deep.equal([])
  })

  it('sends back with a remark, and begins anew with the next submission', async () => {
    const { code, version, task } = await givenSubmitted()

    expect((await refusal(decide(office.approver, task, { verdict: 'return' }))).code).to.equal(
      'STANDARDS_REVIEW_REMARK_MISSING',
    )
    await decide(office.approver, task, { verdict: 'return', remark: '定义不清' })
    await world.settle()
    expect(await standards.element(office.drafter, code)).to.include({ status: 'draft', remark: '定义不清' })

    await submit(office.drafter, 'element', code, version)
    await world.settle()
    const [again] = await desk(office.approver)
    expect(again?.id).not.to.equal(task.id)
    if (again) await decide(office.approver, again, { verdict: 'approve' })
  })

  it('refuses whoever had a hand in the draft, and leaves the task', async () => {
    const both = world.kernel.contextFor({
      id: office.drafter.actor.id,
      organisationId: 'demo-standards',
      roles: ['standards-drafter', 'standards-approver'],
    })
    const { code, task } = await givenSubmitted()

    const refused = await refusal(decide(both, task, { verdict: 'approve' }))
    expect(refused.code).to.equal('STANDARDS_REVIEW_SELF_APPROVED')
    expect((await standards.element(office.drafter, code)).status).to.equal('review')
    expect((await desk(office.approver)).map(({ id }) => id)).to.deep.equal([task.id])
    await decide(office.approver, task, { verdict: 'approve' })
  })

  it('decides nothing that was changed and submitted anew since', async () => {
    const { code, version, task } = await givenSubmitted()
    const kind = standards.kindOf('element')
    const [shown] = await standards.versionsOf(office.approver, kind, code)
    await sendBack(office.approver, 'element', code, version, '定义不清')
    const changed = { ...office.elementContent(serial), definition: '改过的定义' }
    await standards.changeElement(office.drafter, code, version, changed)
    await submit(office.drafter, 'element', code, version)

    const page = { reviewId: shown?.reviewId ?? '', expectedRevision: shown?.revision ?? 0 }
    expect(shown).to.include({ status: 'review', revision: 1 })
    for (const attempt of [
      decide(office.approver, task, { verdict: 'approve' }),
      decide(office.approver, task, { verdict: 'return', remark: '再改' }),
      standards.publish(office.approver, kind, code, version, page),
      standards.sendBack(office.approver, kind, code, version, '再改', page),
    ])
      expect((await refusal(attempt)).code).to.equal('STANDARDS_DRAFT_STALE')
    expect((await standards.element(office.drafter, code)).status).to.equal('review')

    await world.settle()
    const [again] = await desk(office.approver)
    if (again) await decide(office.approver, again, { verdict: 'approve' })
    const published = await standards.element(office.drafter, code)
    expect(published).to.include({ status: 'published', definition: '改过的定义' })
  })

  it('ends when the console has decided', async () => {
    const { code, version } = await givenSubmitted()

    await approve(office.approver, 'element', code, version)
    await world.settle()

    expect(await desk(office.approver)).to.deep.equal([])
  })
})
