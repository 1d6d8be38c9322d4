import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { validate } from '../../core/text/validate.ts'
import { codeListSchema, type CompiledSchema, loadPack } from '../../standards/index.ts'
import * as standards from '../../standards/index.ts'
import { openWorld, type World } from '../support/world.ts'
import { approve, submit } from '../support/standards.ts'

describe('what publication compiles', () => {
  let world: World
  let business: CompiledSchema

  before(async () => {
    world = await openWorld()
    business = await standards.publishedSchema(world.as('data-steward'), 'business-registration')
  })
  after(() => world.close())

  it('columns that carry everything of their elements', () => {
    const [uscc] = business.columns

    expect(uscc).to.deep.include({
      name: 'uscc',
      elementCode: 'DE00000002',
      elementVersion: '1.0.0',
      required: true,
      role: 'key',
      severity: 'reject',
      check: 'gb32100',
      sqlType: 'varchar',
    })
    expect(uscc?.synonyms).to.include.members(['信用代码', 'USCC'])
    expect(business.columns.find(({ name }) => name === 'status')?.codes).to.include('存续')
    expect(business.columns.find(({ name }) => name === 'established_on')?.calendar).to.equal('gregorian')
  })

  it('JSON Schema 2020-12 that accepts a stored record and names what is wrong with another', async () => {
    const ajv = new Ajv2020({ allErrors: true, formats: { date: true } })
    const accepts = ajv.compile(business.jsonSchema)
    const record = {
      uscc: '91350100M000100Y43',
      name: '示例县好味来餐饮有限公司',
      legal_representative: null,
      address: '示例县城关镇人民路28号',
      established_on: '2019-06-18',
      registered_capital: 100_000_000,
      status: '存续',
      business_scope: null,
    }

    expect(accepts(record)).to.equal(true)
    expect(accepts({ ...record, uscc: '1', status: '好', registered_capital: 1.5, more: 1 })).to.equal(false)
    expect(new Set(accepts.errors?.map(({ instancePath }) => instancePath))).to.include.members([
      '/uscc',
      '/status',
      '/registered_capital',
      '',
    ])
  })

  it('a reference to a code list too long to enumerate', async () => {
    const code = 'division-register'
    await standards.draftSchema(world.as('standards-drafter'), code, {
      name: { zh: '区划', en: 'Divisions' },
      columns: [{ name: 'division', elementCode: 'DE00000025', required: true }],
      primaryKey: ['division'],
    })
    const drafter = world.as('standards-drafter')
    const compiled = await standards.compileSchema(drafter, await standards.recordSchema(drafter, code))
    const values = loadPack('gbt-2260-2023').codeLists[0]?.values ?? []
    const ajv = new Ajv2020({ schemas: [codeListSchema('GB/T 2260@2023', values)] })
    const accepts = ajv.compile(compiled.jsonSchema)

    expect(JSON.stringify(compiled.jsonSchema)).to.have.length.below(1_000)
    expect(accepts({ division: '990121' })).to.equal(true)
    expect(accepts({ division: '110199' })).to.equal(false)
    expect(compiled.formFields[0]?.widget).to.equal('text')
  })

  it('form fields in both languages, with the values to choose from', () => {
    const field = (name: string) => business.formFields.find((each) => each.name === name)

    expect(business.formFields.map(({ name }) => name)).to.deep.equal(
      business.columns.map(({ name }) => name),
    )
    expect(field('uscc')).to.deep.include({
      label: { zh: '统一社会信用代码', en: 'unified social credit code' },
      widget: 'text',
      required: true,
    })
    expect(field('established_on')?.widget).to.equal('date')
    expect(field('business_scope')?.widget).to.equal('textarea')
    expect(field('status')).to.deep.include({ widget: 'select' })
    expect(field('status')?.options[0]).to.deep.equal({
      value: '存续',
      text: { zh: '存续（在营）', en: 'in operation' },
    })
  })

  it('SQL that judges a staged file, for people to read', () => {
    expect(business.validatorSql).to.match(/select/i)
  })

  it('a validator that refuses what an element refuses', () => {
    const [uscc] = business.columns
    const reasons = (text: string) =>
      uscc ? validate(uscc, text, '2026-01-05').failures.map(({ reason }) => reason) : []

    expect(reasons('91350100M000100Y43')).to.deep.equal([])
    expect(reasons('91350100M000100Y44')).to.deep.equal(['check-digit'])
    expect(reasons('')).to.deep.equal(['missing'])
  })

  it('the newest element in the range, once it is published, without a change of the schema', async () => {
    const drafter = world.as('standards-drafter')
    const before = await standards.element(drafter, 'DE00000001')
    const next = await standards.draftElement(
      drafter,
      before.code,
      contentOf({ ...before, synonyms: [...before.synonyms, '字号'] }),
    )
    await submit(drafter, 'element', next.code, next.version)
    await approve(world.as('standards-approver'), 'element', next.code, next.version)

    const { columns } = await standards.publishedSchema(drafter, 'business-registration')

    expect(next.version).to.equal('1.1.0')
    expect(columns[1]).to.deep.include({ elementCode: 'DE00000001', elementVersion: '1.1.0' })
    expect(columns[1]?.synonyms).to.include('字号')
    // The old version stays readable.
    expect((await standards.element(drafter, 'DE00000001', '1.0.0')).synonyms).not.to.include('字号')
  })

  function contentOf(element: standards.DataElement): standards.ElementContent {
    const life = [
      'id',
      'kind',
      'code',
      'version',
      'status',
      'organisationId',
      'draftedBy',
      'submittedBy',
      'approvedBy',
      'draftedAt',
      'publishedAt',
      'remark',
    ]
    return Object.fromEntries(
      Object.entries(element).filter(([name]) => !life.includes(name)),
    ) as unknown as standards.ElementContent
  }
})
