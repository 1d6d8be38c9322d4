import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { clocksOf } from '../../modules/clock/index.ts'
import * as applications from '../../modules/service/application.service.ts'
import * as cases from '../../modules/service/case.service.ts'
import * as items from '../../modules/service/item.service.ts'
import * as materials from '../../modules/service/material.service.ts'
import { isGenuine } from '../../modules/service/receipt.ts'
import { submit } from '../../modules/service/submission.service.ts'
import { refusal } from '../support/refusal.ts'
import { CATERER, FORM, noon, openWindow, PDF, type Window } from './window.ts'

describe('applying at the window', function () {
  this.timeout(180_000)
  let window: Window

  beforeEach(async () => {
    window = await openWindow({ now: '2026-07-06T10:00:00+08:00' })
  })
  afterEach(() => window.world.close())

  it('leads each complete set of answers to one scenario and one only', async () => {
    const scenarioOf = async (answers: object) =>
      (await items.precheck(window.drafter(), window.item.id, { ...CATERER, ...answers })).id

    expect(await scenarioOf({ q4: 'yes' })).to.equal('farm-products')
    expect(await scenarioOf({ q3: 'yes' })).to.equal('prepackaged-only')
    expect(await scenarioOf({ q5: 'yes', q7: 'yes' })).to.equal('high-risk')
    expect(await scenarioOf({ q7: 'yes' })).to.equal('commitment')
    expect(await scenarioOf({})).to.equal('ordinary')
  })

  it('asks on while the answers lead to no scenario, and starts nothing where no licence is needed', async () => {
    const start = (answers: object) => applications.startDraft(window.drafter(), window.item.id, answers)

    expect((await refusal(start({ q4: 'no' }))).code).to.equal('SERVICE_SCENARIO_UNDECIDED')
    expect((await refusal(start({ ...CATERER, q2: 'circus' }))).code).to.equal('SERVICE_SCENARIO_UNDECIDED')
    expect((await refusal(start({ ...CATERER, q4: 'yes' }))).code).to.equal('SERVICE_SCENARIO_NOT_APPLICABLE')
    expect(await mine()).to.be.empty
  })

  it('says when the registers know nothing, and lets the applicant type', async () => {
    const draft = await applications.startDraft(window.drafter(), window.item.id, CATERER)

    expect(draft.prefillNotice?.en).to.match(/hold nothing about you/)
    expect(draft.answers).to.deep.equal({})
    expect((await applications.saveDraft(window.drafter(), draft.id, 1, { name: '甲' })).version).to.equal(2)
  })

  it('makes one case of two submissions, and gives a receipt that proves what was received', async () => {
    const draft = await window.fillIn(window.drafter())

    const [first, second] = [
      await submit(window.drafter(), draft.id, draft.version),
      await submit(window.drafter(), draft.id, draft.version),
    ]

    expect(second).to.deep.equal(first)
    expect(await cases.casesOf(window.drafter(), first)).to.have.length(1)
    expect(await window.world.eventsNamed('service.case.released')).to.have.length(1)
    const { receipt } = first
    expect(receipt?.files.map(({ name }) => name)).to.deep.equal(['M3.pdf', 'M4.pdf'])
    expect(receipt && isGenuine(window.world.platform().crypto, receipt)).to.equal(true)
    expect(receipt && isGenuine(window.world.platform().crypto, { ...receipt, number: 'HZ1' })).to.equal(
      false,
    )
  })

  it('makes one case also when both submissions come at the same moment', async () => {
    const draft = await window.fillIn(window.drafter())

    const sent = await Promise.all([1, 2, 3].map(() => submit(window.drafter(), draft.id, draft.version)))

    expect(new Set(sent.map(({ number }) => number)).size).to.equal(1)
    expect(await cases.casesOf(window.drafter(), draft)).to.have.length(1)
  })

  it('lets one of two drafts through when both are sent at the same moment', async () => {
    const drafts = [await window.fillIn(window.drafter()), await window.fillIn(window.drafter())]

    const sent = await Promise.allSettled(
      drafts.map(({ id, version }) => submit(window.drafter(), id, version)),
    )

    const refused = sent.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    )
    expect(refused).to.deep.equal(['SERVICE_APPLICATION_DUPLICATE'])
  })

  it('starts the intake clock on the day of receipt', async () => {
    const { file } = await window.apply(window.drafter())

    const [intake] = await clocksOf(window.drafter(), file.id)
    expect([intake?.kind, intake?.startedOn, intake?.dueOn]).to.deep.equal([
      'intake',
      '2026-07-06',
      '2026-07-13',
    ])
  })

  describe('refuses', () => {
    const bad: [string, object, string, string][] = [
      [
        'a missing answer',
        { premisesAddress: null },
        'SERVICE_APPLICATION_ANSWER_INVALID',
        'premisesAddress',
      ],
      [
        'an area of nothing',
        { areaSquareMetres: 0 },
        'SERVICE_APPLICATION_ANSWER_INVALID',
        'areaSquareMetres',
      ],
      [
        'two wrong answers, naming both',
        { landlordKind: 'stolen', declaration: false },
        'SERVICE_APPLICATION_ANSWER_INVALID',
        'landlordKind, declaration',
      ],
      [
        'a credit code with a wrong check character (GB 32100-2015)',
        { creditCode: '91990121MAEH7Y1G66' },
        'SERVICE_ENTERPRISE_CODE_INVALID',
        'creditCode',
      ],
      [
        'a citizen number with a wrong check digit (GB 11643-1999)',
        { foodSafetyManagerIdNumber: '110105194912310021' },
        'SERVICE_PERSON_NUMBER_INVALID',
        'foodSafetyManagerIdNumber',
      ],
    ]
    for (const [what, change, code, paths] of bad) {
      it(`${what}, and keeps the draft`, async () => {
        const draft = await window.fillIn(window.drafter(), CATERER, { ...FORM, ...change })

        const error = await refusal(submit(window.drafter(), draft.id, draft.version))

        expect([error.code, error.params['paths']]).to.deep.equal([code, paths])
        expect(await applications.read(window.drafter(), draft.id)).to.deep.equal(draft)
        expect(await window.world.eventsNamed('service.application.submitted')).to.be.empty
      })
    }

    it('a field that the form does not have, and stores nothing', async () => {
      const draft = await applications.startDraft(window.drafter(), window.item.id, CATERER)

      const save = applications.saveDraft(window.drafter(), draft.id, 1, { name: '甲', role: 'admin' })

      const error = await refusal(save)
      expect([error.code, error.params['paths']]).to.deep.equal(['SERVICE_APPLICATION_FIELD_UNKNOWN', 'role'])
      expect((await applications.read(window.drafter(), draft.id)).answers).to.deep.equal({})
    })

    it('a missing document, and says which', async () => {
      const draft = await applications.startDraft(window.drafter(), window.item.id, CATERER)
      await applications.saveDraft(window.drafter(), draft.id, 1, FORM)
      await window.upload(window.drafter(), draft.id, 'M4')

      const error = await refusal(submit(window.drafter(), draft.id, 3))

      expect([error.code, error.params['materials']]).to.deep.equal(['SERVICE_MATERIAL_MISSING', 'M3'])
    })

    it('an old version, and keeps the other person’s change', async () => {
      const draft = await applications.startDraft(window.drafter(), window.item.id, CATERER)
      await applications.saveDraft(window.drafter(), draft.id, 1, { name: '甲' })

      const late = await refusal(applications.saveDraft(window.drafter(), draft.id, 1, { name: '乙' }))

      expect(late.code).to.equal('SERVICE_CASE_VERSION_STALE')
      expect((await applications.read(window.drafter(), draft.id)).answers['name']?.value).to.equal('甲')
    })

    it('a second open application for the same item, naming the first', async () => {
      const { file } = await window.apply(window.drafter())
      const second = await window.fillIn(window.drafter())

      const error = await refusal(submit(window.drafter(), second.id, second.version))

      expect([error.code, error.params['number']]).to.deep.equal([
        'SERVICE_APPLICATION_DUPLICATE',
        file.number,
      ])
    })

    it('an applicant the item is not for', async () => {
      const { world, item } = window
      const office = world.as('enterprise-drafter', 'demo-tax-bureau')

      const error = await refusal(applications.startDraft(office, item.id, CATERER))

      expect(error.code).to.equal('SERVICE_APPLICATION_AUDIENCE_MISMATCH')
    })

    it('a submission on an item paused meanwhile, and keeps the draft', async () => {
      const draft = await window.fillIn(window.drafter())
      await items.changeState(
        window.world.as('directory-admin', 'demo-market-bureau'),
        window.item.id,
        'paused',
      )

      const error = await refusal(submit(window.drafter(), draft.id, draft.version))

      expect(error.code).to.equal('SERVICE_ITEM_NOT_OPEN')
      expect((await applications.read(window.drafter(), draft.id)).status).to.equal('draft')
    })

    it('a draft whose item now asks for something else, and takes one where only words changed', async () => {
      const { world, item, fillIn } = window
      const admin = world.as('directory-admin', 'demo-market-bureau')
      const [words, substance] = [await fillIn(window.drafter()), await fillIn(window.rival())]

      await items.publishItem(admin, { ...item.content, name: { zh: '食品经营许可证', en: 'Food licence' } })
      const sent = await submit(window.drafter(), words.id, words.version)
      const materials = item.content.materials.map((each) => ({ ...each, necessity: 'required' }))
      await items.publishItem(admin, { ...item.content, materials })
      const error = await refusal(submit(window.rival(), substance.id, substance.version))

      expect(sent.status).to.equal('submitted')
      expect(error.code).to.equal('SERVICE_APPLICATION_VERSION_SUPERSEDED')
    })
  })

  describe('taking a file', () => {
    let applicationId: string

    beforeEach(async () => {
      applicationId = (await applications.startDraft(window.drafter(), window.item.id, CATERER)).id
    })

    it('keeps it once for one command', async () => {
      const input = {
        applicationId,
        code: 'M3',
        expectedVersion: 1,
        commandId: randomUUID(),
        fileName: '../../平面图.pdf',
        declaredType: 'application/pdf',
        content: PDF,
      }

      const first = await materials.add(window.drafter(), input)
      const again = await materials.add(window.drafter(), input)

      expect(again).to.deep.equal(first)
      const given = await cases.materialsOf(window.drafter(), { id: applicationId })
      expect(given.map(({ fileName, mediaType }) => [fileName, mediaType])).to.deep.equal([
        ['平面图.pdf', 'application/pdf'],
      ])
    })

    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])
    const files: [string, Buffer, string, string][] = [
      ['a picture named as a PDF', png, 'plan.pdf', 'SERVICE_MATERIAL_TYPE_MISMATCH'],
      ['a program named as a PDF', Buffer.from('MZ\x90\0'), 'plan.pdf', 'SERVICE_MATERIAL_TYPE_MISMATCH'],
      ['a PDF named as a program', PDF, 'plan.exe', 'SERVICE_MATERIAL_TYPE_MISMATCH'],
      ['an empty file', Buffer.alloc(0), 'plan.pdf', 'SERVICE_MATERIAL_FILE_REFUSED'],
      [
        'an encrypted PDF',
        Buffer.concat([PDF, Buffer.from('/Encrypt 5 0 R')]),
        'p.pdf',
        'SERVICE_MATERIAL_FILE_REFUSED',
      ],
      [
        'a file too large',
        Buffer.concat([PDF, Buffer.alloc(10_485_760)]),
        'p.pdf',
        'SERVICE_MATERIAL_FILE_REFUSED',
      ],
    ]
    for (const [what, content, fileName, code] of files) {
      it(`refuses ${what}, and links nothing`, async () => {
        const attempt = window.upload(window.drafter(), applicationId, 'M3', content, fileName)

        expect((await refusal(attempt)).code).to.equal(code)
        expect(await cases.materialsOf(window.drafter(), { id: applicationId })).to.be.empty
      })
    }

    it('refuses one more than the material may have', async () => {
      await window.upload(window.drafter(), applicationId, 'M1')

      const error = await refusal(window.upload(window.drafter(), applicationId, 'M1'))

      expect(error.code).to.equal('SERVICE_MATERIAL_FILE_REFUSED')
    })

    it('gives it up again while it is a draft', async () => {
      const { id, version } = await window.upload(window.drafter(), applicationId, 'M3')

      await materials.remove(window.drafter(), applicationId, version, id)

      expect((await refusal(materials.download(window.drafter(), id))).code).to.equal(
        'SERVICE_MATERIAL_NOT_FOUND',
      )
    })
  })

  describe('another organisation', () => {
    it('finds neither application nor file, and changes nothing', async () => {
      const draft = await window.fillIn(window.drafter())
      const [file] = await cases.materialsOf(window.drafter(), draft)
      const { rival } = window

      const attempts: [() => Promise<unknown>, string][] = [
        [() => applications.read(rival(), draft.id), 'SERVICE_APPLICATION_NOT_FOUND'],
        [
          () => applications.saveDraft(rival(), draft.id, draft.version, { name: '乙' }),
          'SERVICE_APPLICATION_NOT_FOUND',
        ],
        [() => submit(rival(), draft.id, draft.version), 'SERVICE_APPLICATION_NOT_FOUND'],
        [() => window.upload(rival(), draft.id, 'M1'), 'SERVICE_APPLICATION_NOT_FOUND'],
        [
          () => materials.remove(rival(), draft.id, draft.version, file?.id ?? ''),
          'SERVICE_APPLICATION_NOT_FOUND',
        ],
        [() => materials.download(rival(), file?.id ?? ''), 'SERVICE_MATERIAL_NOT_FOUND'],
        [() => materials.download(window.clerk(), file?.id ?? ''), 'SERVICE_MATERIAL_NOT_FOUND'],
        [() => applications.read(window.clerk(), draft.id), 'SERVICE_APPLICATION_NOT_FOUND'],
      ]

      for (const [attempt, code] of attempts) expect((await refusal(attempt())).code).to.equal(code)
      expect((await applications.listMine(rival(), { first: 10 })).edges).to.be.empty
      expect(await applications.read(window.drafter(), draft.id)).to.deep.equal(draft)
    })

    it('may not publish an item for another body, nor change it', async () => {
      const stranger = window.world.as('directory-admin', 'demo-tax-bureau')

      const publish = items.publishItem(stranger, window.item.content)
      const change = items.changeState(stranger, window.item.id, 'paused')

      expect((await refusal(publish)).code).to.equal('POLICY_FORBIDDEN')
      expect((await refusal(change)).code).to.equal('POLICY_FORBIDDEN')
    })
  })

  it('gives up a draft that nobody touched for 90 days (T02)', async () => {
    const draft = await applications.startDraft(window.drafter(), window.item.id, CATERER)

    window.world.now = noon('2026-10-03')
    await window.world.settle()
    expect((await applications.read(window.drafter(), draft.id)).status).to.equal('draft')
    window.world.now = noon('2026-10-05')
    await window.world.settle()

    expect((await applications.read(window.drafter(), draft.id)).status).to.equal('expired')
    const late = applications.saveDraft(window.drafter(), draft.id, 2, { name: '甲' })
    expect((await refusal(late)).code).to.equal('SERVICE_APPLICATION_NOT_DRAFT')
  })

  it('publishes the next version of an item beside the last one, which stays as it was', async () => {
    const { world, item } = window
    const admin = world.as('directory-admin', 'demo-market-bureau')

    const next = await items.publishItem(admin, { ...item.content, phone: '0990-1' })
    const same = await items.publishItem(admin, { ...item.content, phone: '0990-1' })

    expect([next.version, same.version]).to.deep.equal([2, 2])
    expect((await items.itemOfVersion(admin, item.versionId)).content.phone).to.equal(item.content.phone)
    const broken = { ...item.content, promisedLimit: { amount: 11, unit: 'working-day' } }
    expect((await refusal(items.publishItem(admin, broken))).code).to.equal(
      'SERVICE_ITEM_PROMISE_EXCEEDS_LEGAL',
    )
    const lawless = { ...item.content, entry: { ...item.content.entry, legalBases: [] } }
    expect((await refusal(items.publishItem(admin, lawless))).code).to.equal('SERVICE_ITEM_CHECK_FAILED')
  })

  const mine = async () => (await applications.listMine(window.drafter(), { first: 10 })).edges
})
