import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import type { PGlite } from '@electric-sql/pglite'
import mongoose from 'mongoose'
import { Parser, Store } from 'n3'
import SHACLValidator from 'rdf-validate-shacl'
import { check } from '../../core/text/check.ts'
import type { CheckAlgorithm, CompiledColumn } from '../../core/text/column.ts'
import { validate, type Value } from '../../core/text/validate.ts'
import {
  codeValue,
  type CompiledSchema,
  loadPack,
  packIds,
  shippedCodeList,
  shippedSchema,
} from '../../standards/index.ts'
import { compileElement } from '../../standards/compile.ts'
import type { Described } from '../../standards/exports/constraints.ts'
import { ddlOf } from '../../standards/exports/ddl.ts'
import { postgresPattern } from '../../standards/exports/ddl-pattern.ts'
import { compileMongoose, mongooseOf } from '../../standards/exports/mongoose.ts'
import { columnProperty, recordClass, shaclOf } from '../../standards/exports/shacl.ts'
import { tableSchemaOf } from '../../standards/exports/table-schema.ts'
import { jsonSchemaOf } from '../../standards/json-schema.ts'
import { openInProcess } from '../support/pglite.ts'
import { addressOf, skipWithoutServer } from '../support/sources.ts'
import { TABLE_SCHEMA_PROFILE } from './table-schema-profile.ts'

const TODAY = '2026-01-05'

type Stored = Readonly<Record<string, Value>>

const packs = packIds().map(loadPack)
const elements = new Map(packs.flatMap((pack) => pack.elements).map((element) => [element.code, element]))
const schemas: readonly CompiledSchema[] = packs
  .flatMap((pack) => pack.schemas)
  .map(({ code }) => shippedSchema(code))

const examplesOf = ({ elementCode }: CompiledColumn, good: boolean) =>
  (elements.get(elementCode)?.examples ?? [])
    .filter((example) => example.good === good)
    .map(({ value }) => value)

/** A record of the first good examples, as it is stored. */
function goodRecord({ columns }: Described): Stored {
  return Object.fromEntries(
    columns.map((column) => {
      const [example] = examplesOf(column, true)
      return [column.name, example === undefined ? null : validate(column, example, TODAY).value]
    }),
  )
}

/** Columns with a bad example that stays text: the text as normalised, or as it is written. */
function badValues({ columns }: Described): { column: CompiledColumn; value: string; reason: string }[] {
  return columns.flatMap((column) =>
    examplesOf(column, false).map((example) => {
      const [failure] = validate(column, example, TODAY).failures
      return { column, value: failure?.value ?? example, reason: failure?.reason ?? 'none' }
    }),
  )
}

/** One column of every check algorithm, and bounds of every kind. */
function everyKind(): Described {
  const base = {
    synonyms: [],
    definition: '试',
    objectClass: '试',
    property: '试',
    representation: '试',
    format: 'an..40',
    placeholders: [],
    nullWords: [],
    normalisers: [],
    level: 1,
    personal: false,
    sensitive: false,
    examples: [],
    basis: [],
    code: 'DE99999999',
    version: '1.0.0',
  } as const
  const column = (shortName: string, more: object) =>
    compileElement({
      ...base,
      name: { zh: `列'${shortName}`, en: shortName },
      shortName,
      dataType: 'text',
      ...more,
    })
  const checks: CheckAlgorithm[] = ['gb11643', 'gb32100', 'gb11714', 'tw-ubn', 'iban', 'luhn']
  return {
    code: 'every-kind',
    version: '1.0.0',
    name: { zh: "各类'列", en: 'every "kind"' },
    primaryKey: [],
    columns: [
      ...checks.map((algorithm) =>
        column(algorithm.replace('-', '_'), {
          check: algorithm,
          ...(algorithm === 'tw-ubn' ? { placeholders: ['00000000'] } : {}),
        }),
      ),
      column('bounded', { minLength: 2, maxLength: 3 }),
      column('patterned', { pattern: '^[A-Z]\\d{2}$' }),
      column('percent', { dataType: 'number', minimum: -1.5, maximum: 100 }),
      column('count', { dataType: 'integer', minimum: 0 }),
      column('at', { dataType: 'datetime' }),
      column('yes', { dataType: 'boolean' }),
      { ...column('loose', { maxLength: 1 }), severity: 'warn' },
    ],
  }
}

/** The table of section 2.8, with what the algorithm itself says of each. */
const VECTORS: Readonly<Record<CheckAlgorithm, readonly string[]>> = {
  gb11643: [
    '11010519491231002X',
    '440524188001010014',
    '34052419800101001X',
    '110105194912310020',
    '110105194902300020',
    '11010520990101001X',
    '11010519001301001X',
    '1101051949123100',
  ],
  gb32100: [
    '91350100M000100Y43',
    '9144030071526726XG',
    '91330100799655058B',
    '91440300X192909844',
    '91350100M000100Y44',
    '91350100I000100Y43',
    '91350100M0001',
    '91350100M000100Y56',
  ],
  gb11714: ['M000100Y4', '71526726X', 'M000100Y5', 'M000100y4'],
  'tw-ubn': [
    '04595257',
    '10458575',
    '22099131',
    '10458574',
    '12345670',
    '04595252',
    '04595250',
    '8003999',
    '00000000',
  ],
  iban: [
    'GB82WEST12345698765432',
    'DE89370400440532013000',
    'FR1420041010050500013M02606',
    'GB82WEST12345698765431',
    'GB82WEST123',
    'XX89370400440532013000',
  ],
  luhn: ['79927398713', '4539148803436467', '79927398710', 'x'],
}

describe('a record schema as JSON Schema', () => {
  it('is valid by the meta-schema, accepts a stored record and refuses each bad example that a shape can tell', () => {
    const lists = new Map<string, object>()
    for (const schema of schemas) {
      const ajv = new Ajv2020({
        strict: true,
        allErrors: true,
        formats: { date: true },
        schemas: [...lists.values()],
      })
      expect(ajv.validateSchema(schema.jsonSchema), schema.code).to.equal(true)
      const accepts = ajv.compile(schema.jsonSchema)
      const good = goodRecord(schema)
      expect(accepts(good), `${schema.code} ${ajv.errorsText(accepts.errors)}`).to.equal(true)
      for (const { column, value, reason } of badValues(schema)) {
        const told = reason !== 'check-digit' && !(column.dataType === 'date' && reason === 'unreadable')
        const named = `${schema.code}.${column.name} ${value} (${reason})`
        if (told) expect(accepts({ ...good, [column.name]: value }), named).to.equal(false)
      }
    }
  })

  it('says no more than the type of a column that only warns', () => {
    const { properties } = jsonSchemaOf(everyKind(), everyKind().columns)

    expect((properties as Record<string, object>)['loose']).to.deep.include({
      anyOf: [{ type: 'string' }, { type: 'null' }],
    })
  })
})

describe('a record schema as SHACL', () => {
  const TYPES: Partial<Record<CompiledColumn['dataType'], string>> = {
    date: 'date',
    datetime: 'dateTime',
    number: 'double',
    integer: 'integer',
    money: 'integer',
    boolean: 'boolean',
  }

  /** Constraint and column of each result. */
  async function resultsOf(schema: Described, record: Readonly<Record<string, Value>>): Promise<string[]> {
    const { code, columns } = schema
    const triples = columns.flatMap(({ name, dataType }) => {
      const value = record[name]
      if (value === null || value === undefined) return []
      const type = TYPES[dataType] ?? 'string'
      return `<urn:record> <${columnProperty(code, name)}> ${JSON.stringify(String(value))}^^<http://www.w3.org/2001/XMLSchema#${type}> .`
    })
    const data = [`<urn:record> a <${recordClass(code)}> .`, ...triples].join('\n')
    const shapes = new Store(new Parser().parse(shaclOf(schema)))
    const report = await new SHACLValidator(shapes).validate(new Store(new Parser().parse(data)))
    return report.results
      .map(({ sourceConstraintComponent, path }) =>
        [path, sourceConstraintComponent]
          .map((term) => /[^#]*$/.exec(String((term as { value?: string } | null)?.value))?.[0])
          .join(' '),
      )
      .sort()
  }

  it('conforms for a stored record of every shipped schema', async () => {
    for (const schema of schemas)
      expect(await resultsOf(schema, goodRecord(schema)), schema.code).to.deep.equal([])
  })

  it('gives exactly one result for each constraint that a bad example breaks', async () => {
    const business = shippedSchema('business-registration')
    const good = goodRecord(business)
    const broken = async (change: Readonly<Record<string, Value>>) =>
      resultsOf(business, { ...good, ...change })

    expect(await broken({ uscc: '91350100I000100Y43' })).to.deep.equal(['uscc PatternConstraintComponent'])
    expect(await broken({ uscc: null })).to.deep.equal(['uscc MinCountConstraintComponent'])
    expect(await broken({ status: '好' })).to.deep.equal(['status InConstraintComponent'])
    expect(await broken({ established_on: '2019/2/3' })).to.deep.equal([
      'established_on DatatypeConstraintComponent',
    ])
    expect(await broken({ registered_capital: '1.5' })).to.deep.equal([
      'registered_capital DatatypeConstraintComponent',
    ])
    expect(await broken({ name: '名'.repeat(1_000), status: '好' })).to.deep.equal([
      'name MaxLengthConstraintComponent',
      'status InConstraintComponent',
    ])
  })

  it('gives exactly one result for each kind of bound', async () => {
    const schema = everyKind()
    const broken = (change: Readonly<Record<string, Value>>) => resultsOf(schema, change)

    expect(
      await broken({ bounded: '甲乙', patterned: 'A12', percent: 99.5, count: 0, loose: 'long' }),
    ).to.deep.equal([])
    expect(await broken({ bounded: '甲' })).to.deep.equal(['bounded MinLengthConstraintComponent'])
    expect(await broken({ percent: 100.1 })).to.deep.equal(['percent MaxInclusiveConstraintComponent'])
    expect(await broken({ percent: -2 })).to.deep.equal(['percent MinInclusiveConstraintComponent'])
    expect(await broken({ count: -1 })).to.deep.equal(['count MinInclusiveConstraintComponent'])
    expect(await broken({ tw_ubn: '00000000' })).to.deep.equal(['tw_ubn NotConstraintComponent'])
  })
})

describe('a record schema as PostgreSQL statements', () => {
  let database: PGlite

  before(async () => {
    database = openInProcess()
    for (const schema of [...schemas, everyKind()]) {
      await database.exec(`create schema "${schema.code}"; set search_path to "${schema.code}"`)
      await database.exec(ddlOf(schema, listsOf(schema)))
    }
  })
  after(() => database.close())

  const listsOf = ({ columns }: Described) =>
    new Map(
      columns.flatMap(({ codeListId: id }) =>
        id === undefined ? [] : [[id, shippedCodeList(id).values] as const],
      ),
    )

  /** The SQL state of the refusal; undefined when the record was taken. */
  async function stateOf({ code }: Described, record: Stored): Promise<string | undefined> {
    const names = Object.keys(record)
    await database.exec(`set search_path to "${code}"`)
    const places = names.map((_, index) => `$${index + 1}`)
    const table = code.replaceAll('-', '_')
    try {
      await database.query(`delete from "${table}"`)
      await database.query(
        `insert into "${table}" (${names.map((name) => `"${name}"`).join(', ')}) values (${places.join(', ')})`,
        Object.values(record),
      )
      return undefined
    } catch (error) {
      return String((error as { code?: unknown }).code)
    }
  }

  it('make a table that takes a stored record, and none with a bad example', async () => {
    for (const schema of schemas) {
      const good = goodRecord(schema)
      expect(await stateOf(schema, good), schema.code).to.equal(undefined)
      for (const { column, value, reason } of badValues(schema)) {
        const named = `${schema.code}.${column.name} ${value} (${reason})`
        expect(await stateOf(schema, { ...good, [column.name]: value }), named).to.be.a('string')
      }
      for (const { name } of schema.columns.filter(({ required }) => required))
        expect(await stateOf(schema, { ...good, [name]: null }), `${schema.code}.${name}`).to.equal('23502')
    }
  })

  it('judge every algorithm as the platform does', async () => {
    const schema = everyKind()
    for (const [algorithm, values] of Object.entries(VECTORS))
      for (const value of values) {
        const valid = check(algorithm as CheckAlgorithm, value, { today: TODAY }) === 'ok'
        const state = await stateOf(schema, { [algorithm.replace('-', '_')]: value })
        expect(state, `${algorithm} ${value}`).to.equal(valid ? undefined : '23514')
      }
  })

  it('keep bounds, and nothing of a column that only warns', async () => {
    const schema = everyKind()
    const states = async (...records: Stored[]) =>
      Promise.all(records.map((record) => stateOf(schema, record)))

    expect(
      await states({ bounded: '甲乙' }, { bounded: '甲' }, { patterned: 'A12' }, { patterned: 'A1' }),
    ).to.deep.equal([undefined, '23514', undefined, '23514'])
    expect(
      await states({ percent: -1.5 }, { percent: 100.5 }, { count: -1 }, { loose: 'long' }),
    ).to.deep.equal([undefined, '23514', '23514', undefined])
  })

  it('carry the names of the standard as comments, and refer to code tables', async () => {
    const { rows } = await database.query(
      `select col_description('"business-registration".business_registration'::regclass, 1) as column,
        obj_description('"every-kind".every_kind'::regclass) as table,
        (select count(*)::int from "business-registration".code_gdbos_reg_status_2026) as codes`,
    )

    expect(rows).to.deep.equal([
      {
        column: '统一社会信用代码（DE00000002 1.0.0）',
        table: "各类'列（every-kind 1.0.0）",
        codes: 10,
      },
    ])
  })

  it('name two lists that read alike apart, and write each code once', () => {
    const [column] = everyKind().columns
    if (!column) throw new Error('no column')
    const coded = (name: string, codeListId: string) => {
      const { check: _check, ...plain } = column
      return { ...plain, name, codeListId, codes: ['1'] }
    }
    const value = codeValue({ code: '1', name: { zh: '一', en: "o'ne" } })
    const again = { ...value, validFrom: '2000-01-01' }
    const ddl = ddlOf(
      { ...everyKind(), columns: [coded('a', 'DB/T 1@1'), coded('b', 'DB T 1@1')] },
      new Map([
        ['DB/T 1@1', [{ ...value, validTo: '1990-01-01' }, again]],
        ['DB T 1@1', [value]],
      ]),
    )

    expect(ddl.match(/create table "\w+"/g)).to.deep.equal([
      'create table "code_db_t_1_1"',
      'create table "code_db_t_1_1_2"',
      'create table "every_kind"',
    ])
    expect(ddl.match(/\('1', '一', 'o''ne', null\)/g)).to.have.length(2)
  })

  it('write patterns as PostgreSQL reads them, or not at all', () => {
    expect(postgresPattern('^\\d{2}[\\w-]\\b\\x41/\\/$')).to.equal('^[0-9]{2}[A-Za-z0-9_-]\\y\\u0041/\\/$')
    expect(postgresPattern('\\p{Lu}')).to.equal(undefined)
    expect(postgresPattern('[\\D]')).to.equal(undefined)
  })
})

describe('a record schema as Table Schema', () => {
  it('keeps to the rules of the profile', () => {
    const accepts = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
      TABLE_SCHEMA_PROFILE,
    )
    for (const schema of [...schemas, everyKind()]) {
      const described: unknown = tableSchemaOf(schema)
      expect(accepts(described), `${schema.code} ${JSON.stringify(accepts.errors)}`).to.equal(true)
    }
    expect(accepts({ fields: [] })).to.equal(false)
    expect(accepts({ fields: [{ name: 'a', type: 'integer', constraints: { minLength: 1 } }] })).to.equal(
      false,
    )
  })

  it('names columns, key and constraints', () => {
    const { fields, primaryKey, missingValues } = tableSchemaOf(shippedSchema('business-registration'))

    expect([primaryKey, missingValues]).to.deep.equal([['uscc'], ['']])
    expect(fields[0]).to.deep.equal({
      name: 'uscc',
      type: 'string',
      title: '统一社会信用代码',
      description: 'unified social credit code (DE00000002 1.0.0)',
      constraints: {
        required: true,
        maxLength: 18,
        pattern: '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$',
      },
    })
    expect(fields.map(({ type }) => type)).to.deep.equal([
      'string',
      'string',
      'string',
      'string',
      'date',
      'integer',
      'string',
      'string',
    ])
  })
})

describe('a record schema as a mongoose definition', () => {
  const business = shippedSchema('business-registration')
  /** As it is after a journey through JSON. */
  const definitionOf = (schema: Described) =>
    JSON.parse(JSON.stringify(mongooseOf(schema))) as ReturnType<typeof mongooseOf>
  const modelOf = (schema: Described, connection: mongoose.Connection = mongoose.connection) =>
    connection.model(
      `${schema.code}-${counter++}`,
      compileMongoose(mongoose, definitionOf(schema), () => TODAY),
    )
  let counter = 0

  /** By path; empty for a document that is valid. */
  async function faultsOf(document: {
    validate(): Promise<void>
  }): Promise<Record<string, { kind: string }>> {
    try {
      await document.validate()
      return {}
    } catch (error) {
      if (error instanceof mongoose.Error.ValidationError) return error.errors
      throw error
    }
  }

  it('takes stored records of every shipped schema and refuses every bad example', async () => {
    for (const schema of schemas) {
      const Model = modelOf(schema)
      const good = goodRecord(schema)
      await new Model(good).validate()
      for (const { column, value, reason } of badValues(schema)) {
        // A day that is none has the shape of one; mongoose keeps days as text.
        if (column.dataType === 'date') continue
        const faults = await faultsOf(new Model({ ...good, [column.name]: value }))
        expect(faults, `${schema.code}.${column.name} ${value} (${reason})`).to.have.all.keys(column.name)
      }
    }
  })

  it('counts code points and bounds whole numbers, and refuses what the schema does not name', async () => {
    const Model = modelOf(everyKind())
    const kinds = async (record: object) =>
      Object.values(await faultsOf(new Model(record))).map(({ kind }) => kind)

    expect(await kinds({ bounded: '𠮷𠮷𠮷', count: 0, loose: 'long' })).to.deep.equal([])
    expect(await kinds({ bounded: '𠮷' })).to.deep.equal(['minLength'])
    expect(await kinds({ count: -1 })).to.deep.equal(['minimum'])
    expect(await kinds({ tw_ubn: '00000000' })).to.include('placeholder')
    expect(await kinds({ gb32100: '91350100M000100Y44' })).to.deep.equal(['check'])
    expect(() => new Model({ more: 1 })).to.throw('more')
  })

  describe('on a server', () => {
    let connection: mongoose.Connection

    before(skipWithoutServer('mongo'))
    before(async function () {
      connection = await mongoose
        .createConnection(addressOf('mongo').href, { dbName: 'gdbos_exports' })
        .asPromise()
    })
    after(async () => {
      await connection?.dropDatabase()
      await connection?.close()
    })

    it('brings a document back as it was stored, once for each key', async () => {
      const Model = modelOf(business, connection)
      await Model.init()
      const record = { ...goodRecord(business), registered_capital: 9_007_199_254_740_993n }
      await Model.create(record)
      const found = await Model.findOne({ uscc: record['uscc' as never] }).select('-_id')
      const again = await Model.create(record).catch((error: unknown) => (error as { code?: unknown }).code)

      expect(found?.toObject()).to.deep.equal(record)
      expect(again).to.equal(11_000)
    })
  })
})
