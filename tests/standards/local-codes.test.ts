import { expect } from 'chai'
import * as standards from '../../standards/index.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Office, openOffice } from './office.ts'
import { approve, sendBack, submit } from '../support/standards.ts'

const OPEN = { extensible: 'organisation', extensionPattern: '^9[A-F]$' } as const

describe('the version of a code list to use', () => {
  let world: World
  let office: Office

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
  })
  after(() => world.close())

  const draft = (id: string, codes: readonly string[], more: Partial<standards.CodeListContent> = {}) =>
    standards.draftCodeList(
      office.drafter,
      office.listContent(id, { ...OPEN, ...more }),
      office.valuesOf(codes),
    )
  const extend = (id: string, code: string) =>
    standards.extendCodeList(world.as('standards-drafter', 'tax-bureau'), id, office.valuesOf([code]))
  const versions = async (id: string) => {
    const codes: Record<string, string[]> = {}
    for (const list of await standards.versionsOf(office.drafter, standards.kindOf('code-list'), id)) {
      const all = await standards.valuesInScope(
        world.as('clerk', 'tax-bureau'),
        list as standards.CodeList,
        'standard-own',
      )
      codes[list.version] = all.map(({ code }) => code)
    }
    return codes
  }
  const exported = async (kind: 'schema' | 'code-list', code: string, format: string) =>
    (await standards.exportStandard(world.as('citizen', 'public'), { kind, code, format })).content.toString()

  it('is the one in force, for compilation, exports and local codes, whatever is published ahead', async () => {
    const id = 'DB/T 9@1'
    await office.publish('code-list', await draft(id, ['1', '2']))
    const { code } = await office.givenElement(1, { dataType: 'code', codeListId: id })
    await office.givenSchema('coded', code)
    const next = await draft(id, ['1', '2', '3'])
    const days = { inForceFrom: '2027-01-01', inForceTo: null, retroactiveBasis: null }
    await standards.schedule(office.drafter, standards.kindOf('code-list'), id, next.version, days)
    await office.publish('code-list', next)
    await extend(id, '9A')

    expect(await versions(id)).to.deep.equal({ '1.1.0': ['1', '2', '3', '9A'], '1.0.0': ['1', '2', '9A'] })
    expect(await standards.checkValue(world.as('clerk'), code, '9A')).to.deep.equal({
      valid: true,
      reason: null,
    })
    const ddl = await exported('schema', 'coded', 'ddl')
    expect([ddl.includes("('2', "), ddl.includes("('3', ")]).to.deep.equal([true, false])
    expect(ddl).to.not.match(/"tested" in \(/)
    expect((await exported('code-list', id, 'csv')).split('\r\n')).to.have.length(4)
    world.now = new Date('2027-01-01T12:00:00+08:00')
    expect(await exported('schema', 'coded', 'ddl')).to.contain("('3', ")
  })

  it('is written for a schema that uses it, also once it is deprecated', async () => {
    const reason = { replacedBy: null, reason: '换用' }
    await standards.deprecate(office.approver, standards.kindOf('code-list'), 'DB/T 9@1', '1.1.0', reason)
    expect(await exported('schema', 'coded', 'ddl')).to.contain("('3', ")
  })

  it('keeps the local codes of the one before, added before or after its draft', async () => {
    const id = 'DB/T 9@2'
    await office.publish('code-list', await draft(id, ['1']))
    await extend(id, '9A')
    const next = await draft(id, ['1', '2'])
    await extend(id, '9B')
    await office.publish('code-list', next)

    expect(await versions(id)).to.deep.equal({
      '1.1.0': ['1', '2', '9A', '9B'],
      '1.0.0': ['1', '9A', '9B'],
    })
  })

  it('is refused where it takes the place of a local code, or leaves none', async () => {
    const id = 'DB/T 9@3'
    await office.publish('code-list', await draft(id, ['1']))
    const next = await draft(id, ['1', '9C'])
    await submit(office.drafter, 'code-list', id, next.version)
    await extend(id, '9C')
    const refused = await refusal(approve(office.approver, 'code-list', id, next.version))
    expect([refused.code, refused.params]).to.deep.equal(['STANDARDS_CODE_EXTENSION_CLASH', { code: '9C' }])

    await sendBack(office.approver, 'code-list', id, next.version, '冲突')
    const closed = office.listContent(id, { extensible: 'no' })
    const { version } = await standards.changeCodeList(
      office.drafter,
      next.version,
      closed,
      office.valuesOf(['1']),
    )
    const again = await refusal(submit(office.drafter, 'code-list', id, version))
    expect(again.code).to.equal('STANDARDS_CODE_EXTENSION_CLASH')
  })
})
