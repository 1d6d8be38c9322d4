import { createHash } from 'node:crypto'
import { type Day, dayOf } from '../../core/day.ts'
import type { Texts } from '../../core/errors.ts'
import type { SelectSpec } from '../../core/plane/plane.ts'
import type { CompiledColumn } from '../../core/text/column.ts'
import type { ReadableVersion } from '../catalog/index.ts'
import type { NameChange } from './former-name.ts'
import type { Override } from './override.ts'
import type { FieldDescription } from './record.ts'
import type { Ruling } from './ruling.ts'

/** What the merge needs to know of a data element beyond what columns are compiled with. */
export interface ElementFacts {
  readonly code: string
  readonly shortName: string
  readonly name: Texts
  readonly personal: boolean
  /** The organisation whose word counts for it (数源单位); null where none is named. */
  readonly legalSource: string | null
}

export interface PlannedField extends FieldDescription {
  readonly legalSource: string | null
}

export interface PlannedSource {
  readonly datasetId: string
  readonly organisationId: string
  readonly version: number
  readonly rank: number
  /** Trust in what is no legal source's word, 0 to 1. */
  readonly standing: number
  readonly receivedAt: Date
  readonly key: CompiledColumn
  /** Whether its rows have a key of their own, and so keep their ids whatever else changes in them. */
  readonly hasRowKey: boolean
  readonly eventOn: CompiledColumn | undefined
  /** By field name. */
  readonly columns: ReadonlyMap<string, CompiledColumn>
  readonly files: readonly string[]
  readonly rows: number
}

/**
 * A register of factories or branches, each part of the company it gives, else of the company that a crosswalk gives for
 * its number (6.5); no value of a record is theirs.
 */
export interface PlannedEstablishments extends Pick<
  PlannedSource,
  'datasetId' | 'organisationId' | 'version' | 'receivedAt' | 'eventOn' | 'files' | 'rows'
> {
  readonly number: CompiledColumn
  readonly company: CompiledColumn | null
  /** Its rows are not establishments but speak of some, each in as many rows as it likes. */
  readonly isCrosswalk: boolean
  readonly name: CompiledColumn | undefined
  readonly address: CompiledColumn | undefined
}

/** All that decides the golden records of one merge: the same plan gives the same records for ever. */
export interface Plan {
  readonly fields: readonly PlannedField[]
  /** The field whose value names the organisation; null when no source has one. */
  readonly nameField: string | null
  readonly sources: readonly PlannedSource[]
  readonly establishments: readonly PlannedEstablishments[]
  /** In force, by key. */
  readonly overrides: ReadonlyMap<string, readonly Override[]>
  /** In force; `unsure` is none. */
  readonly rulings: readonly Ruling[]
  /** Rows that earlier versions of the sources called otherwise: what was renamed follows from the versions. */
  readonly nameChanges: readonly NameChange[]
}

/** Raised when the rules of section 6 as coded here change, so that records are recomputed. */
const POLICY_VERSION = 3

/** Short names of elements that name an organisation, the first present counts. */
const NAME_FIELDS = ['organisation_name', 'org_name', 'enterprise_name', 'name']
/** Short name of the element that lists what an organisation was called before (曾用名), parted by semicolons. */
export const FORMER_NAMES = 'organisation_former_names'
/** Of elements that say where it is. */
export const ADDRESS_FIELDS = ['address', 'tw_address', 'premises', 'sign_location']

/** Pure; `versions` come by rank. */
export function planned(
  versions: readonly ReadableVersion[],
  elements: ReadonlyMap<string, ElementFacts>,
  { overrides, rulings }: { readonly overrides: readonly Override[]; readonly rulings: readonly Ruling[] },
): Plan {
  const fields = new Map<string, PlannedField>()
  const companies = versions.filter(({ establishment }) => establishment === null)
  const ranks = [...new Set(companies.map(({ dataset }) => dataset.sourceRank))].sort((a, b) => a - b)
  const sources = companies.map(({ dataset, version, columns, key, primaryKey }): PlannedSource => {
    const byField = new Map<string, CompiledColumn>()
    for (const column of columns) {
      const element = elements.get(column.elementCode)
      const shortName = element?.shortName ?? column.name
      // A second column of the same element keeps the name its department gave it.
      const name = byField.has(shortName) ? column.name : shortName
      byField.set(name, column)
      if (!fields.has(name)) fields.set(name, field(name, column, element))
    }
    return {
      datasetId: dataset.id,
      organisationId: dataset.organisationId,
      version: version.version,
      rank: dataset.sourceRank,
      standing: Math.max(0.5, (8 - ranks.indexOf(dataset.sourceRank)) / 10),
      receivedAt: version.createdAt,
      key,
      hasRowKey: primaryKey.length > 0,
      eventOn: eventColumn({ columns }),
      columns: byField,
      files: version.files.map(({ sha256 }) => sha256),
      rows: version.rows,
    }
  })
  return {
    fields: [...fields.values()],
    nameField: NAME_FIELDS.find((name) => fields.has(name)) ?? null,
    sources,
    establishments: versions.flatMap((version) => establishmentsIn(version, elements)),
    overrides: byKey(overrides),
    rulings,
    nameChanges: [],
  }
}

/** The day the department dates each row by. */
export function eventColumn({ columns }: Pick<ReadableVersion, 'columns'>): CompiledColumn | undefined {
  return columns.find(({ role, dataType }) => role === 'event-time' && dataType === 'date')
}

function establishmentsIn(
  { dataset, version, columns, primaryKey, establishment }: ReadableVersion,
  elements: ReadonlyMap<string, ElementFacts>,
): PlannedEstablishments[] {
  if (!establishment) return []
  const called = (names: readonly string[]) =>
    names
      .map((name) => columns.find(({ elementCode }) => elements.get(elementCode)?.shortName === name))
      .find((column) => column !== undefined)
  return [
    {
      datasetId: dataset.id,
      organisationId: dataset.organisationId,
      version: version.version,
      receivedAt: version.createdAt,
      ...establishment,
      isCrosswalk: primaryKey.length === 0,
      eventOn: eventColumn({ columns }),
      name: called(NAME_FIELDS),
      address: called(ADDRESS_FIELDS),
      files: version.files.map(({ sha256 }) => sha256),
      rows: version.rows,
    },
  ]
}

function byKey(overrides: readonly Override[]): Map<string, Override[]> {
  const grouped = new Map<string, Override[]>()
  for (const override of overrides) {
    const known = grouped.get(override.key)
    if (known) known.push(override)
    else grouped.set(override.key, [override])
  }
  return grouped
}

function field(name: string, column: CompiledColumn, element: ElementFacts | undefined): PlannedField {
  return {
    name,
    elementCode: column.elementCode,
    label: name === element?.shortName ? element.name : column.label,
    personal: element?.personal ?? true,
    legalSource: element?.legalSource ?? null,
  }
}

/** Digest of everything that decides the outcome; `matching` stands for how rows without a key are linked. */
export function fingerprint(
  { fields, nameField, sources, establishments, overrides, rulings }: Plan,
  matching: string,
): string {
  const facts = {
    policy: POLICY_VERSION,
    fields,
    nameField,
    matching,
    overrides: overrideIds({ overrides }),
    rulings: rulings.map(({ id }) => id),
    sources: sources.map(({ columns, key, eventOn, hasRowKey: _, ...source }) => ({
      ...source,
      key: key.name,
      eventOn: eventOn?.name ?? null,
      columns: [...columns].map(([name, column]) => [name, column.name]),
    })),
    establishments: establishments.map(({ number, company, name, address, eventOn, ...source }) => ({
      ...source,
      columns: [number, company, name, address, eventOn].map((column) => column?.name ?? null),
    })),
  }
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

export function overrideIds({ overrides }: Pick<Plan, 'overrides'>): string[] {
  return [...overrides.values()].flatMap((each) => each.map(({ id }) => id)).sort()
}

/** Rows of all sources, those of one key together: `key`, `event_on`, `row_id`, `line`, and `f0`, `f1` … by field. */
export function rowsOf({ fields, sources }: Plan): SelectSpec {
  return {
    sources: sources.flatMap((source, index) =>
      source.files.length === 0
        ? []
        : {
            name: String(index),
            files: source.files,
            columns: {
              key: source.key.name,
              row_id: '_row_id',
              line: '_line',
              ...(source.eventOn && { event_on: source.eventOn.name }),
              ...Object.fromEntries(
                fields.flatMap(({ name }, index) => {
                  const column = source.columns.get(name)
                  return column ? [[`f${index}`, column.name]] : []
                }),
              ),
            },
          },
    ),
    where: [{ column: 'key', operator: 'not-null' }],
    orderBy: [{ column: 'key' }],
  }
}

/** Asked for every value of every row, of a few instants. */
const days = new WeakMap<Date, Day>()

export function receivedOn({ receivedAt }: Pick<PlannedSource, 'receivedAt'>): Day {
  const known = days.get(receivedAt)
  if (known !== undefined) return known
  const day = dayOf(receivedAt)
  days.set(receivedAt, day)
  return day
}
