import { defineErrors, type Texts } from '../../core/errors.ts'

export type OrganisationKind = 'government' | 'body' | 'enterprise' | 'person'

/** A government, one of its bodies, or a party that deals with them. */
export interface Organisation {
  /** A short slug; `citizen:<person id>` for a person acting for herself. */
  readonly id: string
  readonly name: Texts
  readonly kind: OrganisationKind
  readonly parentId: string | null
  /** Unified social credit code (GB 32100-2015); every enterprise has one. */
  readonly creditCode: string | null
  /** Administrative division (GB/T 2260), 6 digits, or 12 with town and village. */
  readonly regionCode: string | null
  /** The person behind a party of kind `person`. */
  readonly personId: string | null
}

/** Answers for the shipped standards and packs; no row of the tree. */
export const PLATFORM: Organisation = {
  id: 'platform',
  name: { zh: '平台', en: 'Platform' },
  kind: 'body',
  parentId: null,
  creditCode: null,
  regionCode: null,
  personId: null,
}

export interface Person {
  readonly id: string
  readonly name: Texts
}

/** What a person may do in an organisation. */
export interface Membership {
  readonly personId: string
  readonly organisationId: string
  readonly roles: readonly string[]
  readonly employedAt: Date
  /** Null while the person serves. */
  readonly dismissedAt: Date | null
}

export const errors = defineErrors('ORGANISATION', {
  NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到单位“{id}”',
    en: 'There is no organisation “{id}”',
  },
  PERSON_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到编号为 {id} 的人员',
    en: 'There is no person {id}',
  },
  MEMBERSHIP_MISSING: {
    kind: 'forbidden',
    zh: '该人员未在单位“{organisation}”任职',
    en: 'This person does not act for the organisation “{organisation}”',
  },
  ID_INVALID: {
    kind: 'invalid',
    zh: '单位编号须为2至63位小写字母、数字或连字符',
    en: 'An organisation id is 2 to 63 lower-case letters, digits or hyphens',
  },
  ID_TAKEN: {
    kind: 'conflict',
    zh: '单位编号“{id}”已被使用',
    en: 'The organisation id “{id}” is taken',
  },
  NAME_INVALID: {
    kind: 'invalid',
    zh: '名称“{name}”无效：须为1至200个字符，且不含“*”“,”“:”“/”和换行',
    en: 'The name “{name}” is not valid: 1 to 200 characters without * , : / and line breaks',
  },
  NAME_TAKEN: {
    kind: 'conflict',
    zh: '同一上级下已有名为“{name}”的单位',
    en: 'The parent already has an organisation named “{name}”',
  },
  ROLE_INVALID: {
    kind: 'invalid',
    zh: '角色“{role}”无效',
    en: 'The role “{role}” is not valid',
  },
  PARENT_INVALID: {
    kind: 'invalid',
    zh: '{kind}类单位不能隶属于{parentKind}类单位',
    en: 'A {kind} cannot stand under a {parentKind}',
  },
  CREDIT_CODE_INVALID: {
    kind: 'invalid',
    zh: '“{value}”不是有效的统一社会信用代码（GB 32100-2015）',
    en: '“{value}” is no valid unified social credit code (GB 32100-2015)',
  },
  CREDIT_CODE_TAKEN: {
    kind: 'conflict',
    zh: '统一社会信用代码 {value} 已登记',
    en: 'The unified social credit code {value} is already registered',
  },
  REGION_CODE_INVALID: {
    kind: 'invalid',
    zh: '“{value}”不是有效的行政区划代码',
    en: '“{value}” is no valid code of an administrative division',
  },
})

export interface NewOrganisation {
  readonly id: string
  readonly name: Texts
  readonly kind: Exclude<OrganisationKind, 'person'>
  readonly parentId?: string | null
  readonly creditCode?: string | null
  readonly regionCode?: string | null
}

/** What may stand under what: departments under governments or departments, enterprises in groups. */
const PARENTS: Record<Organisation['kind'], readonly OrganisationKind[]> = {
  government: ['government'],
  body: ['government', 'body'],
  enterprise: ['enterprise'],
  person: [],
}

/**
 * The organisation as it will be registered.
 *
 * @throws ORGANISATION_ID_INVALID, ORGANISATION_NAME_INVALID, ORGANISATION_PARENT_INVALID,
 * ORGANISATION_CREDIT_CODE_INVALID, ORGANISATION_REGION_CODE_INVALID
 */
export function established(
  input: NewOrganisation,
  parent: Organisation | undefined,
  isCreditCode: (value: string) => boolean,
): Organisation {
  const { id, kind, creditCode = null, regionCode = null } = input
  if (!/^[a-z0-9][a-z0-9-]{1,62}$/.test(id)) throw errors.ID_INVALID()
  checkName(input.name)
  if (parent && !PARENTS[kind].includes(parent.kind))
    throw errors.PARENT_INVALID({ kind, parentKind: parent.kind })
  if (creditCode === null ? kind === 'enterprise' : !isCreditCode(creditCode))
    throw errors.CREDIT_CODE_INVALID({ value: creditCode ?? '' })
  if (regionCode !== null && !/^\d{6}(\d{6})?$/.test(regionCode))
    throw errors.REGION_CODE_INVALID({ value: regionCode })
  return { id, name: input.name, kind, parentId: parent?.id ?? null, creditCode, regionCode, personId: null }
}

/** The party as which a person deals with the window for herself. */
export function citizenParty({ id, name }: Person): Organisation {
  return {
    id: citizenId(id),
    name,
    kind: 'person',
    parentId: null,
    creditCode: null,
    regionCode: null,
    personId: id,
  }
}

export const citizenId = (personId: string) => `citizen:${personId}`

/** Names reach policy rules and file names (K13). @throws ORGANISATION_NAME_INVALID */
export function checkName(name: Texts): void {
  for (const text of [name.zh, name.en]) {
    const length = [...text.trim()].length
    if (length < 1 || length > 200 || /[*,:/\r\n\u2028\u2029]/.test(text))
      throw errors.NAME_INVALID({ name: text })
  }
}

/**
 * The roles in a fixed order, each once. A firm gives the roles of firms and nobody else does: one that
 * named an auditor of its own would read what the platform shows to auditors.
 *
 * @throws ORGANISATION_ROLE_INVALID
 */
export function checkedRoles(kind: OrganisationKind, roles: readonly string[]): string[] {
  const distinct = [...new Set(roles)].sort()
  const bad = distinct.find(
    (role) =>
      !/^[a-z][a-z0-9-]{1,62}$/.test(role) ||
      ['system', 'process'].includes(role) ||
      role.startsWith('enterprise-') !== (kind === 'enterprise'),
  )
  if (bad !== undefined || distinct.length === 0) throw errors.ROLE_INVALID({ role: bad ?? '' })
  return distinct
}

/** Governments and their bodies are public knowledge; a party is seen by itself and by those who serve it. */
export function isPublic({ kind }: Organisation): boolean {
  return kind === 'government' || kind === 'body'
}
