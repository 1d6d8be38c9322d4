import { expect } from 'chai'
import { JsonLdParser } from 'jsonld-streaming-parser'
import { Parser, Store } from 'n3'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import SHACLValidator from 'rdf-validate-shacl'
import type { Quad } from '@rdfjs/types'
import type { Context } from '../../core/context.ts'
import { exportDirectory } from '../../modules/catalog/index.ts'
import { givenDataset, givenSchema, load } from '../golden/registers.ts'
import { openWorld, type World } from '../support/world.ts'
import { establishBodies, givenPublished, item } from './directory.ts'

const SHAPES = ['dcat-ap-3.0.1-shacl.ttl', 'dcat-ap-3.0.1-ranges.ttl'] as const

describe('the directory as DCAT-AP 3', () => {
  let world: World
  let whole: Store
  const clerk = () => world.as('clerk', 'tax-bureau')

  before(async () => {
    world = await openWorld({ now: '2026-01-05T09:00:00+08:00' })
    await establishBodies(world)
    await givenSchema(world, 'companies', ['code', 'name', 'address'])
    const dataset = await givenDataset(world, 'market-bureau', 'companies')
    await load(world, dataset, ['91350100M000100Y43,福州榕城餐饮有限公司,东街口1号'])
    await givenPublished(world, { name: '企业名录', datasetId: dataset.id })
    await givenPublished(world, { name: '名称“加引号” <b>', open: true })
    await givenPublished(world, {
      name: '纳税信用',
      sharingType: 'conditional',
      sharingCondition: '限于核验',
      items: [item('级别', 'DE00000016')],
    })
    await givenPublished(world, {
      name: '稽查线索',
      sharingType: 'none',
      sharingMethod: null,
      sharingBasis: { document: '中华人民共和国税收征收管理法', clause: '第八条' },
      updateCycle: 'realtime',
    })
    whole = await exported(clerk())
  })
  after(() => world.close())

  it('describes every published entry, its version and its record', () => {
    const of = (type: string) => subjects(whole, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type', type)
    expect(of('http://www.w3.org/ns/dcat#Dataset')).to.have.length(4)
    expect(of('http://www.w3.org/ns/dcat#CatalogRecord')).to.have.length(4)
    expect(of('http://www.w3.org/ns/dcat#Catalog')).to.have.length(1)
    expect(objects(whole, 'http://www.w3.org/ns/dcat#dataset')).to.have.length(4)
    expect(objects(whole, 'http://purl.org/dc/terms/title')).to.include('名称“加引号” <b>')
    expect(objects(whole, 'http://www.w3.org/ns/dcat#version')).to.deep.equal(['1'])
    expect(objects(whole, 'http://spdx.org/rdf/terms#checksumValue')[0]).to.match(/^[0-9a-f]{64}$/)
    expect(objects(whole, 'http://www.w3.org/2006/vcard/ns#fn')).not.to.include('朱艳')
  })

  it('gives visitors only what is open', async () => {
    const open = await exported(world.as('anonymous', 'public'))
    const titles = objects(open, 'http://purl.org/dc/terms/title')
    expect(titles).to.include('名称“加引号” <b>')
    for (const closed of ['企业名录', '纳税信用', '稽查线索']) expect(titles).not.to.include(closed)
    expect(objects(open, 'http://www.w3.org/ns/dcat#dataset')).to.have.length(1)
    const telephones = (store: Store) => objects(store, 'http://www.w3.org/2006/vcard/ns#hasTelephone')
    expect(telephones(open)).to.deep.equal([])
    expect(new Set(telephones(whole))).to.deep.equal(new Set(['tel:05910000000']))
  })

  describe('against the shapes of SEMIC', () => {
    it('conforms: no violation of constraints and ranges', async function () {
      this.timeout(120_000)
      for (const shapes of SHAPES) expect(await violations(shapes, whole), shapes).to.deep.equal([])
    })

    it('is judged by shapes that see a fault', async function () {
      this.timeout(120_000)
      const faulty = new Store(
        [...whole].filter(({ predicate }) => predicate.value !== 'http://www.w3.org/ns/dcat#accessURL'),
      )
      const found = await violations(SHAPES[0], faulty)
      expect(found).to.have.length(4)
      expect(new Set(found)).to.deep.equal(new Set(['http://www.w3.org/ns/dcat#accessURL']))
    })
  })

  async function exported(ctx: Context): Promise<Store> {
    const store = new Store()
    const quads = Readable.from(exportDirectory(ctx)).pipe(new JsonLdParser()) as AsyncIterable<Quad>
    for await (const quad of quads) store.add(quad)
    return store
  }

  async function violations(shapes: string, data: Store): Promise<string[]> {
    const turtle = await readFile(new URL(`./shapes/${shapes}`, import.meta.url), 'utf8')
    const report = await new SHACLValidator(new Store(new Parser().parse(turtle)), {}).validate(data)
    return report.results
      .filter(({ severity }) => severity?.value.endsWith('#Violation'))
      .map(({ path }) => String((path as unknown as { value?: string } | null)?.value))
  }

  const subjects = (store: Store, predicate: string, object: string) =>
    [...store].filter((quad) => quad.predicate.value === predicate && quad.object.value === object)
  const objects = (store: Store, predicate: string) =>
    [...store].filter((quad) => quad.predicate.value === predicate).map(({ object }) => object.value)
})
