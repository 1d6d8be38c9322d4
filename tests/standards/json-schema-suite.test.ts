import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JSON_SCHEMA_KEYWORDS, jsonSchemaOf } from '../../standards/json-schema.ts'
import { codeListSchema, compileElement, loadPack, packIds, shippedSchema } from '../../standards/index.ts'

/** Where Debian's package json-schema-test-suite lies. The newest draft counts that it has. */
const SUITE = '/usr/share/json-schema-test-suite/tests'
const DRAFTS = ['draft2020-12', 'draft7']

/** What only annotates, `format` too in this draft: the pattern beside it judges. */
const ANNOTATIONS: readonly string[] = ['$schema', '$id', 'title', 'description', 'format']

/** Groups of draft 7 that 2020-12 reads otherwise: siblings of `$ref`, arrays of `items`; and one with a meta-schema. */
const OF_DRAFT_7 = [
  'relative pointer ref to array',
  'ref overrides any sibling keywords',
  'remote ref, containing refs itself',
]

interface Group {
  readonly description: string
  readonly schema: object | boolean
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

describe('the JSON Schema of a record', () => {
  const packs = packIds().map(loadPack)
  const lists = new Map(packs.flatMap((pack) => pack.codeLists.map(({ code, values }) => [code, values])))
  const elements = packs.flatMap((pack) => pack.elements)
  const exported = [
    ...packs.flatMap((pack) => pack.schemas).map(({ code }) => shippedSchema(code).jsonSchema),
    ...[true, false].map((required) =>
      jsonSchemaOf(
        { code: 'every', version: '1.0.0', name: { zh: '全部', en: 'every' } },
        elements.map((each) => ({ ...compileElement(each, lists.get(each.codeListId ?? '')), required })),
      ),
    ),
    ...[...lists].map(([id, values]) => codeListSchema(id, values)),
  ]

  it('has the keywords that are declared, and no others', () => {
    const found = new Set(exported.flatMap(keywordsOf))

    expect([...found]).to.have.members([...JSON_SCHEMA_KEYWORDS])
  })

  it('is read right by its checker: the official cases of each keyword that judges', async function () {
    const draft = DRAFTS.find((each) => existsSync(join(SUITE, each)))
    if (draft === undefined) {
      console.log(`      ${SUITE} is not installed; the official cases are skipped`)
      return this.skip()
    }
    const failed: string[] = []
    let cases = 0
    for (const keyword of JSON_SCHEMA_KEYWORDS.filter((each) => !ANNOTATIONS.includes(each))) {
      const file = join(SUITE, draft, `${keyword.replace('$', '')}.json`)
      const groups = JSON.parse(await readFile(file, 'utf8')) as readonly Group[]
      for (const { description, schema, tests } of groups) {
        if (draft === 'draft7' && OF_DRAFT_7.includes(description)) continue
        // Strictness is about how a schema is written, which is ours to keep and not the suite's.
        const accepts = new Ajv2020({ strict: false, allErrors: true, formats: { date: true } }).compile(
          schema,
        )
        cases += tests.length
        for (const { description: name, data, valid } of tests)
          if (accepts(data) !== valid) failed.push(`${keyword}: ${description}: ${name}`)
      }
    }

    expect(failed).to.deep.equal([])
    expect(cases).to.be.above(150)
  })
})

/** Of a schema and those in it; the names of properties are no keywords. */
function keywordsOf(schema: object): string[] {
  return Object.entries(schema).flatMap(([keyword, value]: [string, unknown]) => [
    keyword,
    ...(keyword === 'properties' ? Object.values(value as object) : [value].flat())
      .filter((part): part is object => typeof part === 'object' && part !== null)
      .flatMap(keywordsOf),
  ])
}
