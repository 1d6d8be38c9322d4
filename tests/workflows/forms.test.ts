import { expect } from 'chai'
import * as workflows from '../../workflows/index.ts'
import { formSchema } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { completion, deployed, onlyTask, type Staff, staff, withForms } from './people.ts'
import { offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const { claim, complete, draft, saveDraft, task } = workflows

const label = (text: string) => ({ zh: `${text}项`, en: text })
const options = ['a', 'b', 'c'].map((value) => ({ value, text: label(value) }))
const field = (name: string, widget: string, more: object = {}) => ({
  name,
  label: label(name),
  widget,
  ...more,
})

const FORM = formSchema.parse({
  fields: [
    field('title', 'text', { required: true, minLength: 2, maxLength: 5 }),
    field('code', 'text', { pattern: '[A-Z]{2}\\d{3}' }),
    field('score', 'number', { min: 0, max: 100, scale: 1 }),
    field('fee', 'money', { min: 100, max: 1_000_000 }),
    field('on', 'date', { notBefore: 'today', notAfter: '2026-12-31' }),
    field('kind', 'select', { required: true, options }),
    field('many', 'multiselect', { options }),
    field('agreed', 'checkbox', { required: true }),
    field('firm_code', 'text', { elementCode: 'DE00000002' }),
    field('points', 'points'),
    field('shown', 'text', { readOnly: true }),
  ],
})

const RIGHT = { title: '好味来', kind: 'a', agreed: true }

describe('the form of a task', () => {
  let world: ProcessWorld
  let people: Staff
  let id: string

  before(async () => {
    world = await openProcessWorld()
    people = await staff(world)
    await deployed(world, 'gdbos:formKey="sheet"', withForms({ sheet: FORM }))
  })
  after(() => world.close())

  beforeEach(async () => {
    await world.open()
    id = (await onlyTask(people.anna.ctx())).id
    await claim(people.anna.ctx(), id)
  })
  afterEach(async () => {
    const { version, status } = await task(people.anna.ctx(), id)
    if (status === 'claimed') await complete(people.anna.ctx(), completion(id, version, RIGHT), offers)
  })

  const answer = async (output: object) =>
    complete(people.anna.ctx(), completion(id, (await task(people.anna.ctx(), id)).version, output), offers)
  const fieldsRefused = async (output: object) => {
    const { code, params } = await refusal(answer(output))
    expect(code).to.equal('WORKFLOW_OUTPUT_INVALID')
    return String(params['fields']).split(',')
  }

  it('is refused once, with every field that is wrong and why, in both languages', async () => {
    const error = await refusal(
      answer({ title: 'x', score: 101, fee: 12.5, kind: 'z', shown: 'x', other: 1, completedBy: 'me' }),
    )

    expect(error.code).to.equal('WORKFLOW_OUTPUT_INVALID')
    expect(String(error.params['fields']).split(',')).to.have.members([
      ...['shown', 'other', 'completedBy'],
      ...['title', 'score', 'fee', 'kind', 'agreed'],
    ])
    expect(error.params).to.include({ 'en.title': 'has at least 2 characters', 'zh.title': '至少2字' })
    expect(error.params).to.include({ 'en.score': 'is at most 100', 'zh.agreed': '必填' })
    expect(error.messages.zh).to.include('title项: 至少2字')
    expect(error.messages.en).to.include('kind: is not one of the options')
  })

  it('takes each field within its limits and refuses it outside', async () => {
    const cases: readonly (readonly [name: string, right: readonly unknown[], wrong: readonly unknown[]])[] =
      [
        ['title', ['好味', '12345', '𠮷𠮷𠮷𠮷𠮷'], ['', null, 'x', '123456', 12, 'a\0b']],
        ['code', ['AB123', '', null], ['ab123', 'AB1234', 'xAB123', 'AB123\n']],
        ['score', [0, 100, 99.9, null], [-0.1, 100.1, 50.25, 1e-7, '5', Number.NaN, true]],
        ['fee', [100, 1_000_000], [99, 1_000_001, 100.5, '100', -100]],
        ['on', ['2026-01-05', '2026-12-31'], ['2026-01-04', '2027-01-01', '2026-02-30', 'soon', 20260105]],
        ['kind', ['a', 'c'], ['', 'd', ['a'], 1]],
        ['many', [[], ['a'], ['a', 'c']], [['a', 'a'], ['a', 'd'], 'd', [1]]],
        ['agreed', [true], [false, 'true', 1, null]],
        ['points', ['M3: 写明', [{ kind: 'field', target: 'x' }]], [1, ['x'], [null], { target: 'x' }]],
        ['firm_code', ['91350100M000100Y43'], ['91350100M000100Y44', 'x']],
      ]
    for (const [name, right, wrong] of cases) {
      for (const value of wrong)
        expect(await fieldsRefused({ ...RIGHT, [name]: value }), `${name} ${String(value)}`).to.deep.equal([
          name,
        ])
      for (const value of right) {
        // A field that is wrong is refused alone: the value beside it passed.
        const output = { ...RIGHT, [name]: value, [name === 'kind' ? 'title' : 'kind']: '' }
        expect(await fieldsRefused(output), `${name} ${String(value)}`).not.to.include(name)
      }
    }
  })

  it('cannot be deployed with limits that nothing keeps, or a pattern that may never end', () => {
    for (const bad of [
      field('x', 'number', { min: 2, max: 1 }),
      field('x', 'text', { min: 1 }),
      field('x', 'money', { min: 0.5 }),
      field('x', 'number', { pattern: 'a' }),
      field('x', 'text', { pattern: '(a+)+' }),
      field('x', 'text', { minLength: 5, maxLength: 4 }),
      field('x', 'date', { notBefore: '2026-02-30' }),
      field('x', 'date', { notBefore: '2026-02-02', notAfter: '2026-02-01' }),
      field('x', 'select', { scale: 1, options }),
    ])
      expect(formSchema.safeParse({ fields: [bad] }).success).to.equal(false)
  })

  it('keeps what the assignee has written, unfinished as it is, for her alone', async () => {
    const { anna, ben, head, stranger } = people
    const before = await task(anna.ctx(), id)

    const saved = await saveDraft(anna.ctx(), id, { title: 'x', score: 'many' })
    expect(saved.answers).to.deep.equal({ title: 'x', score: 'many' })
    await saveDraft(anna.ctx(), id, { title: '好' })
    expect((await draft(anna.ctx(), id))?.answers).to.deep.equal({ title: '好' })
    for (const other of [ben, head, stranger]) expect(await draft(other.ctx(), id)).to.equal(null)
    expect((await task(anna.ctx(), id)).version).to.equal(before.version)

    expect((await refusal(saveDraft(ben.ctx(), id, {}))).code).to.equal('WORKFLOW_TASK_TAKEN')
    expect((await refusal(saveDraft(stranger.ctx(), id, {}))).code).to.equal('WORKFLOW_TASK_NOT_FOUND')
    for (const bad of [
      { nothing: 1 },
      { shown: 'x' },
      { taskId: 'x' },
      { title: 'x'.repeat(100_001) },
      { title: '\0' },
    ])
      expect((await refusal(saveDraft(anna.ctx(), id, bad))).code).to.equal('WORKFLOW_OUTPUT_INVALID')
  })

  it('forgets the draft when the task is completed, released or given away by the head', async () => {
    const { anna, ben, head } = people
    const kept = async () =>
      world.world.db
        .selectFrom('workflow.task')
        .select(['draft', 'draftBy'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    const gone = { draft: null, draftBy: null }

    await saveDraft(anna.ctx(), id, { title: '好' })
    await workflows.release(anna.ctx(), id)
    expect(await kept()).to.deep.equal(gone)
    expect((await refusal(saveDraft(anna.ctx(), id, {}))).code).to.equal('WORKFLOW_TASK_NOT_CLAIMED')
    await claim(anna.ctx(), id)
    await saveDraft(anna.ctx(), id, { title: '好' })
    await workflows.handOverTask(head.ctx(), id, ben.id)
    expect(await kept()).to.deep.equal(gone)
    await workflows.handOverTask(head.ctx(), id, anna.id)
    await saveDraft(anna.ctx(), id, { title: '好' })
    expect((await kept()).draftBy).to.equal(anna.id)
    await answer(RIGHT)
    expect(await kept()).to.deep.equal(gone)
    expect((await refusal(saveDraft(anna.ctx(), id, {}))).code).to.equal('WORKFLOW_STEP_CLOSED')
  })

  it('forgets the draft when the process takes the task back', async () => {
    const { anna } = people
    await saveDraft(anna.ctx(), id, { title: '好' })
    const found = await world.world.db
      .selectFrom('workflow.instance as instance')
      .innerJoin('workflow.task as task', 'task.instanceId', 'instance.id')
      .select('instance.businessKey')
      .where('task.id', '=', id)
      .executeTakeFirstOrThrow()
    await world.tell('area.matter.ended', { matterId: found.businessKey, organisationId: 'demo-bureau' })
    await world.settle()

    const row = await world.world.db
      .selectFrom('workflow.task')
      .select(['status', 'draft', 'draftBy'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).to.deep.equal({ status: 'cancelled', draft: null, draftBy: null })
  })
})
