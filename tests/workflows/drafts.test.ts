import { expect } from 'chai'
import { establish } from '../../modules/organisation/index.ts'
import { definitions, deploy, drafts, filesOf, versions } from '../../workflows/index.ts'
import { refusal } from '../support/refusal.ts'
import { chain, model, userTask } from './models.ts'
import { BODY, MESSAGES, offers, openProcessWorld, type ProcessWorld } from './process-world.ts'

const OTHER = 'other-bureau'
const drawn = (task: string, key = 'licence') =>
  model(`<startEvent id="s"/>${userTask(task)}<endEvent id="e"/>${chain(`s ${task} e`)}`, { key })
const DMN = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="fee" namespace="urn:test"/>`
const FORM = { fields: [{ name: 'note', label: { zh: '意见', en: 'Note' }, widget: 'text' }] }

describe('a draft of a process', () => {
  let world: ProcessWorld
  const designer = (body = BODY, person = 'designer') => world.as('process-designer', body, person)
  const deployAs = (body: string, xml: string, key = 'licence') =>
    deploy(designer(body), { key, xml, pack: { messages: MESSAGES, forms: {} } }, offers.known)

  beforeEach(async () => {
    world = await openProcessWorld()
    for (const id of [BODY, OTHER])
      await establish(world.world.platform(), { id, name: { zh: id, en: id }, kind: 'body' })
  })
  afterEach(() => world.close())

  it('begins with all a deployed version holds, is changed file by file and becomes the next version', async () => {
    const first = await deployAs(BODY, drawn('a'))
    const draft = await drafts.create(designer(), { key: 'licence', definitionId: first.id })
    expect(Object.keys(draft.files)).to.deep.equal(['pack.json', 'licence.bpmn'])
    expect(draft).to.include({ version: 1, definitionId: first.id, organisationId: BODY })

    const manifest = {
      ...(JSON.parse(String(draft.files['pack.json'])) as object),
      forms: ['note'],
      decisions: ['fee.dmn'],
    }
    const saved = await drafts.save(designer(BODY, 'colleague'), {
      id: draft.id,
      expectedVersion: 1,
      changes: [
        { path: 'licence.bpmn', text: drawn('b') },
        { path: 'forms/note.json', text: JSON.stringify(FORM) },
        { path: 'fee.dmn', text: DMN },
        { path: 'README.md', text: '# Licence\n' },
        { path: 'item.json', text: '{ "itemCode": "x" }\n' },
        { path: 'pack.json', text: JSON.stringify(manifest) },
      ],
    })
    expect(saved).to.include({ version: 2, changedBy: `colleague@${BODY}` })
    const deployed = await drafts.deployDraft(
      designer(),
      { id: draft.id, expectedVersion: 2, overVersion: 1 },
      offers.known,
    )

    expect(deployed).to.include({ key: 'licence', version: 2 })
    expect(deployed.pack.messages).to.deep.equal(first.pack.messages)
    expect(Object.keys(deployed.pack.forms)).to.deep.equal(['note'])
    expect(filesOf(deployed)).to.include({
      ...{ 'fee.dmn': DMN, 'licence.bpmn': drawn('b') },
      ...{ 'README.md': '# Licence\n', 'item.json': '{ "itemCode": "x" }\n' },
    })
    expect(Object.keys(deployed.compiled.nodes)).to.deep.equal(['s', 'b', 'e'])
    expect(await drafts.drafts(designer())).to.deep.equal([])
    expect((await versions(designer(), 'licence')).map(({ version }) => version)).to.deep.equal([2, 1])
    for (const name of ['created', 'saved', 'discarded'] as const)
      expect(await world.world.eventsNamed(`workflow.draft.${name}`)).to.have.length(1)
  })

  it('of a new process passes the gate as it begins', async () => {
    const draft = await drafts.create(designer(), { key: 'new-process' })

    expect((await drafts.checkDraft(designer(), { id: draft.id }, offers.known)).findings).to.deep.equal([])
    const asked = { id: draft.id, expectedVersion: 1, overVersion: 0 }
    expect((await drafts.deployDraft(designer(), asked, offers.known)).version).to.equal(1)
  })

  it('takes a version of another body’s process as a pattern under a key of its own', async () => {
    const theirs = await deployAs(OTHER, drawn('a'))

    const attempt = drafts.create(designer(), { key: 'licence', definitionId: theirs.id })
    expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
    const draft = await drafts.create(designer(), { key: 'ours', definitionId: theirs.id })

    expect(draft.definitionId).to.equal(null)
    const asked = { id: draft.id, expectedVersion: 1, overVersion: 0 }
    const deployed = await drafts.deployDraft(designer(), asked, offers.known)
    expect(deployed).to.include({ key: 'ours', organisationId: BODY })
    expect((await definitions(designer())).find(({ key }) => key === 'licence')?.organisationId).to.equal(
      OTHER,
    )
  })

  it('is seen and touched by its own organisation’s designers alone', async () => {
    const { id } = await drafts.create(designer(), { key: 'new-process' })
    const change = { id, expectedVersion: 1, changes: [] }
    const attempts = (ctx: ReturnType<typeof designer>) => [
      drafts.draft(ctx, id),
      drafts.save(ctx, change),
      drafts.discard(ctx, change),
      drafts.checkDraft(ctx, { id }, offers.known),
      drafts.simulate(ctx, { id, commands: [] }, offers.known),
      drafts.rehearseDraft(ctx, id, offers.known),
      drafts.deployDraft(ctx, { ...change, overVersion: 0 }, offers.known),
    ]

    for (const attempt of [...attempts(designer(OTHER)), ...attempts(world.as('clerk'))])
      expect((await refusal(attempt)).code).to.equal('POLICY_FORBIDDEN')
    expect(await drafts.drafts(designer(OTHER))).to.deep.equal([])
    for (const role of ['clerk', 'supervisor', 'auditor'])
      expect((await refusal(drafts.drafts(world.as(role)))).code).to.equal('POLICY_FORBIDDEN')
    expect((await drafts.drafts(designer())).map((draft) => draft.id)).to.deep.equal([id])
  })

  it('is one for a process in an organisation', async () => {
    await drafts.create(designer(), { key: 'new-process' })

    const again = await refusal(drafts.create(designer(BODY, 'colleague'), { key: 'new-process' }))

    expect(again).to.include({ code: 'WORKFLOW_DRAFT_EXISTS', kind: 'conflict' })
    expect(again.messages.zh).to.include('new-process')
    expect((await drafts.create(designer(OTHER), { key: 'new-process' })).organisationId).to.equal(OTHER)
  })

  it('does not lose what a colleague saved meanwhile', async () => {
    const { id } = await drafts.create(designer(), { key: 'new-process' })
    const text = '# 说明'
    await drafts.save(designer(), { id, expectedVersion: 1, changes: [{ path: 'README.md', text }] })

    const late = { id, expectedVersion: 1, changes: [{ path: 'README.md', text: '' }], overVersion: 0 }
    for (const attempt of [
      drafts.save(designer(), late),
      drafts.discard(designer(), late),
      drafts.deployDraft(designer(), late, offers.known),
    ])
      expect((await refusal(attempt)).code).to.equal('WORKFLOW_DRAFT_VERSION_STALE')
    expect((await drafts.draft(designer(), id)).files['README.md']).to.equal(text)
    await drafts.discard(designer(), { id, expectedVersion: 2 })
    expect((await refusal(drafts.draft(designer(), id))).code).to.equal('WORKFLOW_DRAFT_NOT_FOUND')
  })

  it('is not deployed over a version its designer has not compared with', async () => {
    const first = await deployAs(BODY, drawn('a'))
    const { id } = await drafts.create(designer(), { key: 'licence', definitionId: first.id })
    await deployAs(BODY, drawn('b'))

    const asked = { id, expectedVersion: 1, overVersion: 1 }
    const late = await refusal(drafts.deployDraft(designer(), asked, offers.known))

    expect(late.code).to.equal('WORKFLOW_DEPLOYED_SINCE')
    expect(late.params).to.deep.equal({ version: 2 })
    const over = await drafts.deployDraft(designer(), { ...asked, overVersion: 2 }, offers.known)
    expect(over.version).to.equal(3)
  })

  it('with errors is neither deployed nor rehearsed, and says all of them', async () => {
    const { id } = await drafts.create(designer(), { key: 'new-process' })
    const changes = [
      { path: 'pack.json', text: '{' },
      { path: 'new-process.bpmn', text: drawn('a', 'other').replace('sourceRef="a"', 'sourceRef="s"') },
    ]
    await drafts.save(designer(), { id, expectedVersion: 1, changes })

    const asked = { id, expectedVersion: 2, overVersion: 0 }
    const refused = await refusal(drafts.deployDraft(designer(), asked, offers.known))

    expect(refused.code).to.equal('WORKFLOW_MODEL_INVALID')
    expect(refused.message).to.include('file-invalid').and.include('end-unreachable')
    expect((await refusal(drafts.rehearseDraft(designer(), id, offers.known))).code).to.equal(refused.code)
    expect(await drafts.drafts(designer())).to.have.length(1)
  })

  it('holds files of a pack only, so many and so large', async () => {
    const { id } = await drafts.create(designer(), { key: 'new-process' })
    const saving = (path: string, text: string) =>
      refusal(drafts.save(designer(), { id, expectedVersion: 1, changes: [{ path, text }] }))

    for (const path of ['../pack.json', '/etc/passwd', 'forms/../x.json', 'run.js', 'forms/A.json', ''])
      expect((await saving(path, '')).code, path).to.equal('WORKFLOW_DRAFT_FILE_INVALID')
    expect((await saving('README.md', 'a\0b')).code).to.equal('WORKFLOW_DRAFT_FILE_INVALID')
    expect((await saving('README.md', '大'.repeat(700_000))).code).to.equal('WORKFLOW_DRAFT_TOO_LARGE')
    for (const key of ['', 'A', '食品', 'a b', '-a'])
      expect((await refusal(drafts.create(designer(), { key }))).code).to.equal('WORKFLOW_DRAFT_KEY_INVALID')
    const nowhere = '00000000-0000-4000-8000-000000000000'
    const attempt = drafts.create(designer(), { key: 'from-nothing', definitionId: nowhere })
    expect((await refusal(attempt)).code).to.equal('WORKFLOW_DEFINITION_NOT_FOUND')
  })
})
