import type { Texts } from '../../core/errors.ts'
import type { Dataset } from './dataset.ts'
import type { Entry, SharingType, UpdateCycle } from './entry.ts'
import type { DatasetVersion } from './version.ts'

/** An entry with what its description as a DCAT dataset needs. */
export interface Described {
  readonly entry: Entry
  readonly provider: { readonly name: Texts }
  /** Name of its 项. */
  readonly theme: string
  /** Null when its data is kept elsewhere. */
  readonly dataset: Dataset | null
  readonly version: DatasetVersion | null
  /** Whether the reader works for a body: others get no telephone of a custodian. */
  readonly internal: boolean
}

type Node = Readonly<Record<string, unknown>>

/** Prefixes of DCAT 3 and DCAT-AP 3.0.1. */
export const CONTEXT: Readonly<Record<string, string>> = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  spdx: 'http://spdx.org/rdf/terms#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}

const AUTHORITY = 'http://publications.europa.eu/resource/authority'

const ACCESS: Readonly<Record<SharingType, string>> = {
  unconditional: 'RESTRICTED',
  conditional: 'RESTRICTED',
  none: 'NON_PUBLIC',
}

const FREQUENCY: Readonly<Record<UpdateCycle, string>> = {
  realtime: 'CONT',
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly: 'MONTHLY',
  quarterly: 'QUARTERLY',
  yearly: 'ANNUAL',
  other: 'OTHER',
}

const chinese = (text: string) => ({ '@value': text, '@language': 'zh' })
const day = (value: string) => ({ '@value': value, '@type': 'xsd:date' })
const instant = (value: Date) => ({ '@value': value.toISOString(), '@type': 'xsd:dateTime' })
const place = (iri: string, type: string) => ({ '@id': iri, '@type': type })

const agent = (id: string, { zh, en }: Texts) => ({
  '@id': id,
  '@type': 'foaf:Agent',
  'foaf:name': [chinese(zh), { '@value': en, '@language': 'en' }],
})

export const catalogIri = (publicUrl: string) => `${publicUrl}/directory`
export const entryIri = (publicUrl: string, { id }: Pick<Entry, 'id'>) =>
  `${publicUrl}/directory/entries/${id}`
const themes = (publicUrl: string) => `${publicUrl}/directory#themes`

/** An entry as a dataset with its distribution, and the record that lists it (DCAT 3, DCAT-AP 3.0.1). */
export function datasetNodes(publicUrl: string, described: Described): Node[] {
  const { entry, provider, theme } = described
  const iri = entryIri(publicUrl, entry)
  const publisher = agent(
    `${publicUrl}/directory?provider=${encodeURIComponent(entry.organisationId)}`,
    provider.name,
  )
  const themeCode = entry.code.slice(0, 3)
  const dataset: Node = {
    '@id': iri,
    '@type': ['dcat:Dataset', 'dcat:Resource'],
    'dct:identifier': entry.code,
    'dct:title': chinese(entry.name),
    'dct:description': chinese(entry.summary),
    'dcat:keyword': entry.keywords.map(chinese),
    'dct:publisher': publisher,
    'dcat:contactPoint': contactOf(iri, described),
    'dct:accessRights': place(
      `${AUTHORITY}/access-right/${entry.open ? 'PUBLIC' : ACCESS[entry.sharingType]}`,
      'dct:RightsStatement',
    ),
    'dct:accrualPeriodicity': place(
      `${AUTHORITY}/frequency/${FREQUENCY[entry.updateCycle]}`,
      'dct:Frequency',
    ),
    'dct:language': place(`${AUTHORITY}/language/ZHO`, 'dct:LinguisticSystem'),
    'dcat:theme': {
      ...place(`${publicUrl}/directory?theme=${themeCode}`, 'skos:Concept'),
      'skos:prefLabel': chinese(theme),
      'skos:notation': themeCode,
      'skos:inScheme': { '@id': themes(publicUrl) },
    },
    ...(entry.publishedOn && { 'dct:issued': day(entry.publishedOn) }),
    ...(entry.dataAt && { 'dct:modified': instant(entry.dataAt) }),
    ...(described.version && { 'dcat:version': String(described.version.version) }),
    'dcat:distribution': distributionOf(publicUrl, iri, described),
  }
  const record: Node = {
    '@id': `${iri}#record`,
    '@type': 'dcat:CatalogRecord',
    'foaf:primaryTopic': { '@id': iri },
    'dct:modified': instant(entry.confirmedAt),
    ...(entry.publishedOn && { 'dct:issued': day(entry.publishedOn) }),
  }
  return [dataset, record]
}

/** The office, not the person: names of custodians stay inside. */
function contactOf(iri: string, { entry, provider, internal }: Described): Node {
  const number = entry.contact.replace(/[\s()-]/g, '')
  return {
    '@id': `${iri}#contact`,
    '@type': ['vcard:Kind', 'vcard:Organization'],
    'vcard:fn': [provider.name.zh, entry.unit].filter(Boolean).join(' '),
    ...(internal && /^\+?\d{5,20}$/.test(number) && { 'vcard:hasTelephone': { '@id': `tel:${number}` } }),
  }
}

function distributionOf(publicUrl: string, iri: string, { entry, dataset, version }: Described): Node {
  const [file, ...more] = version?.files ?? []
  const sizeBytes = version?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0
  return {
    '@id': `${iri}#distribution`,
    '@type': 'dcat:Distribution',
    'dcat:accessURL': { '@id': iri },
    'dct:format': { '@type': 'dct:MediaTypeOrExtent', 'rdfs:label': entry.formatType },
    ...(entry.sharingCondition && {
      'dct:rights': { '@type': 'dct:RightsStatement', 'rdfs:label': chinese(entry.sharingCondition) },
    }),
    ...(dataset && {
      'dct:conformsTo': {
        ...place(`${publicUrl}/standards/schemas/${encodeURIComponent(dataset.schemaCode)}`, 'dct:Standard'),
        'dct:title': dataset.schemaCode,
      },
    }),
    ...(version && {
      'dct:issued': instant(version.createdAt),
      'dcat:byteSize': { '@value': String(sizeBytes), '@type': 'xsd:nonNegativeInteger' },
    }),
    ...(file && more.length === 0 && { 'spdx:checksum': checksumOf(iri, file.sha256) }),
  }
}

const checksumOf = (iri: string, sha256: string) => ({
  '@id': `${iri}#checksum`,
  '@type': 'spdx:Checksum',
  'spdx:algorithm': place('spdx:checksumAlgorithm_sha256', 'spdx:ChecksumAlgorithm'),
  'spdx:checksumValue': { '@value': sha256, '@type': 'xsd:hexBinary' },
})

/** The directory itself; lists what was described before it. */
export function catalogNode(publicUrl: string, entryIris: readonly string[], at: Date): Node {
  const iri = catalogIri(publicUrl)
  return {
    '@id': iri,
    '@type': ['dcat:Catalog', 'dcat:Resource'],
    'dct:title': [
      chinese('政务信息资源目录'),
      { '@value': 'Directory of government information', '@language': 'en' },
    ],
    'dct:description': chinese('各部门已发布的政务信息资源'),
    'dct:publisher': agent(publicUrl, { zh: '政务数据平台', en: 'Government data platform' }),
    'dct:language': place(`${AUTHORITY}/language/ZHO`, 'dct:LinguisticSystem'),
    'dct:modified': instant(at),
    'foaf:homepage': place(iri, 'foaf:Document'),
    'dcat:themeTaxonomy': {
      ...place(themes(publicUrl), 'skos:ConceptScheme'),
      'dct:title': chinese('政务信息资源分类'),
    },
    'dcat:dataset': entryIris.map((id) => ({ '@id': id })),
    'dcat:record': entryIris.map((id) => ({ '@id': `${id}#record` })),
  }
}
