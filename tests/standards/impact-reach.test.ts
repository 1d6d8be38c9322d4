import { expect } from 'chai'
import { boundFields } from '../../gateway/graphql/bound-fields.ts'
import { manifests } from '../../gateway/platform.ts'
import * as catalog from '../../modules/catalog/index.ts'
import { changeState, publishItem } from '../../modules/service/index.ts'
import { registerUser } from '../../standards/dependency.service.ts'
import { transaction } from '../../core/context.ts'
import * as standards from '../../standards/index.ts'
import { namings } from '../../workflows/expressions/index.ts'
import { deploy, offersOf } from '../../workflows/index.ts'
import { givenPublished, item, written } from '../catalog/directory.ts'
import { refusal } from '../support/refusal.ts'
import { openWorld, type World } from '../support/world.ts'
import { decision, dmn, input, needsInput, table } from '../workflows/dmn.ts'
import { chain, flow, model } from '../workflows/models.ts'
import { type Office, openOffice } from './office.ts'
import { establishBodies, givenItem, givenOpenEntry, givenProcess } from './used.ts'

const LIST = 'DB/T 5@1'

describe('what the impact of a code reaches', function () {
  this.timeout(180_000)
  let world: World
  let office: Office
  let element: string

  before(async () => {
    world = await openWorld()
    office = openOffice(world)
    await establishBodies(world)
    element = office.elementCode(1)
    await office.givenList(LIST, ['1', '2', '3', '4'])
    await office.givenElement(1, { dataType: 'code', codeListId: LIST })
  })
  after(() => world.close())

  async function usersOf(kinds: readonly standards.UserKind[], value?: string, reader = office.drafter) {
    const { dependencies } = await standards.impact(reader, {
      kind: 'code-list',
      code: LIST,
      ...(value !== undefined && { value }),
    })
    return dependencies
      .filter(({ user, live }) => live && kinds.includes(user.kind))
      .map(({ user, place, values }) => [user.code, place, values])
  }

  it('a process: the fields of its forms and each expression that reads one, by the codes these name', async () => {
    const designer = world.as('process-designer', 'market-bureau')
    await givenProcess(designer, element, ['1', '2'], 'division in ("1", "3") and age > 2')

    expect(await usersOf(['process'])).to.deep.equal([
      ['placing', 'ask.division', ['1', '2']],
      ['placing', 'g_look#condition', ['1', '3']],
    ])
    expect(await usersOf(['process'], '3')).to.deep.equal([['placing', 'g_look#condition', ['3']]])
    expect(await usersOf(['process'], '2')).to.deep.equal([['placing', 'ask.division', ['2']]])
    expect(await usersOf(['process'], '4')).to.deep.equal([])

    await givenProcess(designer, element, ['1', '2'], 'starts with(division, "1")')
    expect(await usersOf(['process'], '4')).to.deep.equal([['placing', 'g_look#condition', null]])
  })

  it('a variable of a process that says whose values it holds', async () => {
    const declared = (code: string) => ({
      key: 'held',
      xml: model(
        `<startEvent id="s"/><exclusiveGateway id="g" default="g_e"/><endEvent id="e"/><endEvent id="f"/>
        ${chain('s g')}${flow('g', 'e')}${flow('g', 'f', 'region = "3"')}`,
        {
          variables: [`region:string" elementCode="${code}`],
          key: 'held',
        },
      ),
    })
    const deployed = (code: string) =>
      deploy(world.as('process-designer', 'market-bureau'), declared(code), offersOf(manifests).known)

    await deployed(element)

    expect((await usersOf(['process'])).filter(([code]) => code === 'held')).to.deep.equal([
      ['held', 'g_f#condition', ['3']],
      ['held', 'variable#region', null],
    ])
    expect((await refusal(deployed('DE8'))).code).to.equal('WORKFLOW_MODEL_INVALID')
    expect((await refusal(deployed('DE89999999'))).code).to.equal('STANDARDS_REFERENCE_UNPUBLISHED')
  })

  it('a decision: the column of its table that reads such a variable, and the codes it answers into one', async () => {
    const answers = (cells: readonly [string, string][]) => ({
      key: 'zoned',
      xml: model(
        `<startEvent id="s"/><businessRuleTask id="d" gdbos:decision="zone" gdbos:resultVariable="zone"/><endEvent id="e"/>
        ${chain('s d e')}`,
        {
          variables: [`region:string" elementCode="${element}`, `zone:string" elementCode="${element}`],
          key: 'zoned',
        },
      ),
      pack: {
        decisions: {
          'zone.dmn': dmn(
            input('region', 'string') +
              decision(
                'zone',
                needsInput('region'),
                table({
                  policy: 'FIRST',
                  inputs: [['region', 'string']],
                  outputs: [['zone', 'string']],
                  rules: cells,
                }),
              ),
          ),
        },
      },
    })
    const known = offersOf(manifests).known
    const users = async (value?: string) =>
      (await usersOf(['process'], value)).filter(
        ([code, place]) => code === 'zoned' && !String(place).startsWith('variable#'),
      )
    const designer = world.as('process-designer', 'market-bureau')

    await deploy(
      designer,
      answers([
        ['"1", "2"', '"1"'],
        ['-', '"4"'],
      ]),
      known,
    )

    expect(await users()).to.have.deep.members([
      ['zoned', 'zone#region', ['1', '2']],
      ['zoned', 'zone#zone', ['1', '4']],
    ])
    expect(await users('2')).to.deep.equal([['zoned', 'zone#region', ['2']]])
    expect(await users('3')).to.deep.equal([])

    await deploy(designer, answers([['starts with(?, "1")', 'region']]), known)
    const names = (await users('3')).map(([, place, values]) => [place, values])
    expect(names).to.have.deep.members([
      ['zone#region', null],
      ['zone#zone', null],
    ])
  })

  it('an expression’s names with the texts they are compared with', () => {
    const told = (text: string) => namings(text).map(({ name, texts }) => [name, texts])

    expect(told('"a" = x')).to.deep.equal([['x', ['a']]])
    expect(told('x != "a" or y = x')).to.have.deep.members([
      ['x', ['a']],
      ['x', null],
      ['y', null],
    ])
    expect(told('list contains(["a", "b"], x)')).to.deep.equal([['x', ['b', 'a']]])
    expect(told('if x = "a" then y else "z"')).to.have.deep.members([
      ['x', ['a']],
      ['y', null],
    ])
    expect(told('upper case(x) = "A"')).to.deep.equal([['x', null]])
    expect(told('x > "a"')).to.deep.equal([['x', null]])
  })

  it('an item: its form, its certificate, its materials, and the register it reads for its purpose', async () => {
    const { id, itemCode, content } = await givenItem(world, element, ['2', '3'])

    expect(await usersOf(['item', 'grant'])).to.deep.equal([
      [`prefill:${itemCode}`, 'division_code', null],
      [itemCode, 'division', ['2', '3']],
      [itemCode, 'materials.M1', null],
      [itemCode, 'results.food-business-licence.division', ['2', '3']],
    ])
    expect(await usersOf(['item'], '4')).to.deep.equal([[itemCode, 'materials.M1', null]])
    const region = await standards.impact(office.drafter, {
      kind: 'code-list',
      code: 'GB/T 2260@2023',
      value: '990121',
    })
    expect(region.dependencies.map(({ user, place }) => [user.code, place])).to.deep.include([
      itemCode,
      'regionCode',
    ])
    const wrong = { ...content, materials: [{ ...content.materials[0], elements: ['DE99999999'] }] }
    expect((await refusal(publishItem(world.platform(), wrong))).code).to.equal('SERVICE_ITEM_CHECK_FAILED')

    const publisher = world.as('directory-admin', 'market-bureau')
    await changeState(publisher, id, 'cancelled')
    expect(await usersOf(['grant'])).to.deep.equal([])
    await changeState(publisher, id, 'in-use')
    expect(await usersOf(['grant'])).to.deep.equal([[`prefill:${itemCode}`, 'division_code', null]])
  })

  it('an entry of the directory, known to its own organisation until it is published; open, it is a grant', async () => {
    const open = await givenOpenEntry(world, element)
    const closed = await givenPublished(world, {
      name: '内部区划',
      classPath: ['区划'],
      items: [item('区划', element)],
    })
    const draft = await catalog.registerEntry(
      world.as('data-steward', 'market-bureau'),
      written({ name: '在编区划', classPath: ['区划'], items: [item('区划', element)] }),
    )
    const own = world.as('data-steward', 'market-bureau')
    const seen = async (reader: Parameters<typeof usersOf>[2]) =>
      (await usersOf(['entry'], undefined, reader)).map(([code]) => code).sort()

    expect(await seen(office.drafter)).to.deep.equal([open.code, closed.code].sort())
    expect(await seen(own)).to.deep.equal([open.code, closed.code, draft.code].sort())
    expect((await usersOf(['grant'])).map(([code]) => code)).to.include(`open:${open.code}`)

    await catalog.withdrawEntry(world.as('directory-admin', 'market-bureau'), open.id, '停止更新')
    expect(await seen(office.drafter)).to.deep.equal([closed.code])
    expect((await usersOf(['grant'])).map(([code]) => code)).not.to.include(`open:${open.code}`)
  })

  it('a grant that names its readers, for these alone, and none once it has ended', async () => {
    const name = { zh: '共享给水利局', en: 'shared with the water bureau' }
    const grant = { kind: 'grant' as const, id: 'g1', code: 'G-1', version: '1', name }
    const readers = ['market-bureau', 'water-bureau']
    const give = (bindings: readonly standards.Binding[]) =>
      transaction(world.platform(), (ctx) =>
        registerUser(ctx, { ...grant, organisationId: 'market-bureau', readers }, bindings),
      )
    const sees = async (organisation: string) =>
      (await usersOf(['grant'], undefined, world.as('data-steward', organisation))).some(
        ([code]) => code === 'G-1',
      )

    await give([standards.bindingTo('element', element, 'items.所在区划')])
    expect(await Promise.all(['market-bureau', 'water-bureau', 'tax-bureau'].map(sees))).to.deep.equal([
      true,
      true,
      false,
    ])
    await give([])
    expect(await sees('market-bureau')).to.equal(false)
  })

  it('the fields of the GraphQL schema that give an element', async () => {
    const fields = boundFields(manifests)
    expect(fields).to.deep.include({ field: 'Organisation.regionCode', elementCode: 'DE00000025' })

    const { dependencies } = await standards.impact(office.drafter, {
      kind: 'code-list',
      code: 'GB/T 2260@2023',
    })
    expect(
      dependencies.filter(({ user }) => user.kind === 'field').map(({ user, depth }) => [user.code, depth]),
    ).to.deep.equal([['Organisation.regionCode', 2]])
    await transaction(world.platform(), (ctx) =>
      standards.registerFields(
        ctx,
        fields.filter(({ elementCode }) => elementCode !== 'DE00000025'),
      ),
    )
    const later = await standards.impact(office.drafter, { kind: 'element', code: 'DE00000025' })
    expect(later.dependencies.some(({ user }) => user.kind === 'field')).to.equal(false)
  })

  it('and names what may not be known without its name where it keeps an element from being retired', async () => {
    await office.givenElement(2)
    const code = office.elementCode(2)
    const kind = standards.kindOf('element')
    await catalog.registerEntry(
      world.as('data-steward', 'market-bureau'),
      written({ name: '秘而不宣', classPath: ['区划'], items: [item('甲', code)] }),
    )
    await standards.deprecate(office.approver, kind, code, '1.0.0', { replacedBy: null, reason: '停用' })

    const refused = await refusal(standards.retire(office.approver, kind, code, '1.0.0'))

    expect(refused.code).to.equal('STANDARDS_ELEMENT_STILL_BOUND')
    expect(refused.params['users']).to.equal('其他单位未公开的引用（entry）')
  })
})
