import { expect } from 'chai'
import { loadDemo } from '../../gateway/demo/index.ts'
import * as applications from '../../modules/service/application.service.ts'
import { findByCode } from '../../modules/service/item.repository.ts'
import { openWorld, type World } from '../support/world.ts'
import { refusal } from '../support/refusal.ts'
import { CATERER, FIRM, ITEM_CODE, MARKET, RIVAL } from './window.ts'

describe('filling in from the registers', function () {
  this.timeout(300_000)
  let world: World

  before(async () => {
    world = await openWorld({ now: '2026-07-06T10:00:00+08:00' })
    await loadDemo(world.kernel, 'a password of the demo')
  })
  after(() => world.close())

  it('gives each value its register, its day and the purpose, and logs the look-up', async () => {
    const item = await findByCode(world.platform(), ITEM_CODE)

    const draft = await applications.startDraft(world.as('enterprise-drafter', FIRM), item?.id ?? '', CATERER)

    expect(draft.prefillNotice).to.equal(null)
    expect(draft.answers['legalRepresentative']).to.deep.equal({
      value: '林晓梅',
      origin: 'register',
      sourceTitle: '市场主体登记信息',
      sourceOrganisationId: 'demo-market-bureau',
      asOfAt: '2026-07-06T02:00:00.000Z',
      purpose: ITEM_CODE,
    })
    const reads = await world.db
      .selectFrom('core.access')
      .select(['purpose', 'organisationId'])
      .where('kind', '=', 'read')
      .where('organisationId', '=', FIRM)
      .execute()
    expect(reads).to.deep.equal([{ purpose: ITEM_CODE, organisationId: FIRM }])
    expect(draft.answers['creditCode']).to.deep.include({ origin: 'register', purpose: ITEM_CODE })
    const changed = await applications.saveDraft(world.as('enterprise-drafter', FIRM), draft.id, 1, {
      creditCode: draft.answers['creditCode']?.value,
      name: '另一个名称',
    })
    expect(changed.answers['creditCode']?.origin).to.equal('register')
    expect(changed.answers['name']).to.deep.include({ origin: 'person', purpose: null })
  })

  it('gives another firm its own values alone, and begins nothing for a department', async () => {
    const item = await findByCode(world.platform(), ITEM_CODE)
    const start = (role: string, body: string) =>
      applications.startDraft(world.as(role, body), item?.id ?? '', CATERER)

    const theirs = await start('enterprise-drafter', RIVAL)

    expect(theirs.applicantId).to.equal(RIVAL)
    expect(theirs.answers['creditCode']?.value).to.equal('91990121MA8DMAQ73H')
    expect(JSON.stringify(theirs.answers)).not.to.include('林晓梅')
    for (const role of ['clerk', 'data-steward', 'directory-admin'])
      expect((await refusal(start(role, MARKET))).code).to.equal('POLICY_FORBIDDEN')
    const rows = await world.db.selectFrom('service.application').select('applicantId').execute()
    expect(rows.map(({ applicantId }) => applicantId).sort()).to.deep.equal([FIRM, RIVAL])
  })
})
