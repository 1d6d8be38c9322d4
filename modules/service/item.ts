import { defineErrors, type Texts } from '../../core/errors.ts'
import type { Limit } from '../clock/index.ts'

/** Whether new applications are taken (L08). */
export type ItemState = 'in-use' | 'paused' | 'cancelled'

/** Natural person, enterprise and so on (L05, GB/T 39046-2020 A.4). */
export type Audience = '1' | '2' | '3' | '4' | '5' | '6'

export interface LegalBasis {
  readonly lawName: string
  readonly documentNumber: string | null
  readonly clause: string
  readonly text: string
  readonly validFrom: string | null
  readonly validUntil: string | null
}

export interface Fee {
  readonly name: Texts
  readonly amountFen: number
  /** Index into the item's legal bases. */
  readonly legalBasis: number | null
}

export interface QuestionOption {
  readonly value: string
  readonly text: Texts
}

/** A question that chooses the scenario; its options are compiled from the decision rows' values. */
export interface Question {
  readonly id: string
  readonly kind: 'yes-no' | 'choice'
  readonly text: Texts
  readonly options: readonly QuestionOption[]
}

/** Every named input has one of the values. */
export type Condition = Readonly<Record<string, readonly string[]>>

/** A part of the review that must end before a grant (8.2). */
export interface BranchDefinition {
  readonly name: string
  /** `own`, or the place of the body among the item's `jointBodies`. */
  readonly body: 'own' | number
  /** The branch exists only for these answers; absent for always. */
  readonly when?: Condition | undefined
}

/** A row of the item's decision, first hit (情形). */
export interface ScenarioDefinition {
  readonly id: string
  readonly name: Texts
  /** All of these hold; empty for the last row, which always hits. */
  readonly when: Condition
  readonly outcome: 'apply' | 'not-required' | 'other-item' | 'refuse'
  readonly explanation: Texts
  /** Codes of the materials asked for. */
  readonly materials: readonly string[]
  readonly branches: readonly BranchDefinition[]
  /** What the process is told of the scenario; names and types as its definition declares them. */
  readonly variables: Readonly<Record<string, string | number | boolean>>
}

/** How a material may be got, in this order (L14). */
export type ObtainWay = 'e-licence' | 'shared-data' | 'vault' | 'upload' | 'counter-scan'

export interface MaterialDefinition {
  readonly code: string
  readonly name: Texts
  readonly necessity: 'required' | 'optional' | 'may-follow'
  readonly source: 'applicant' | 'government-issued' | 'third-party'
  readonly obtainBy: readonly ObtainWay[]
  /** Media types. */
  readonly accepts: readonly string[]
  readonly maxBytes: number
  readonly maxFiles: number
  readonly instructions: Texts | null
  /** Codes of the data elements whose values it proves. */
  readonly elements?: readonly string[] | undefined
}

export type Widget = 'text' | 'number' | 'date' | 'select' | 'multiselect' | 'textarea' | 'checkbox' | 'group'

/** A field of the application form, bound to a standard data element (M32). */
export interface FormFieldDefinition {
  readonly name: string
  readonly label: Texts
  readonly section: Texts
  readonly widget: Widget
  readonly elementCode: string
  readonly required: boolean
  readonly hint: Texts | null
  /** For `select` and `multiselect`. */
  readonly options: readonly QuestionOption[]
  /** Field of the golden record of organisations that fills it in (7). */
  readonly prefill: string | null
  /** The element's check is narrowed for this form. */
  readonly minimum: number | null
}

/** A pause the item's law allows (AL 45, L13). */
export interface SuspensionDefinition {
  readonly reason: string
  readonly maxDays: number
  readonly legalBasis: number
}

export interface ResultDefinition {
  readonly name: Texts
  readonly kind: 'certificate' | 'approval-document' | 'notice' | 'none'
  readonly certificateType: string | null
  /** Two capital letters before the number of the certificate. */
  readonly numberPrefix: string | null
  readonly validMonths: number | null
  /** Names of the form fields that the certificate states. */
  readonly claims: readonly string[]
}

/** A row of the implementation list (实施清单) as one version of it stands. */
export interface ItemContent {
  readonly itemCode: string
  readonly name: Texts
  readonly entry: {
    readonly entryCode: string
    readonly itemType: string
    readonly levels: readonly string[]
    readonly legalBases: readonly LegalBasis[]
  }
  readonly organisationId: string
  readonly regionCode: string
  readonly audience: readonly Audience[]
  readonly handlingKind: 'immediate' | 'promised' | 'other'
  readonly legalLimit: Limit
  readonly promisedLimit: Limit
  readonly intakeLimit: Limit
  readonly correctionLimit: Limit | null
  readonly terminateOnCorrectionTimeout: boolean
  readonly deliveryLimit: Limit
  readonly visitsMax: number
  readonly channels: readonly string[]
  readonly address: Texts | null
  readonly openingHours: Texts | null
  readonly phone: string | null
  readonly separationOfDuties: boolean
  readonly draftDays: number
  /** Open applications one applicant may have at a time; null for any number. */
  readonly quota: number | null
  readonly jointBodies: readonly string[]
  readonly fees: readonly Fee[]
  readonly conditions: readonly Texts[]
  readonly allowedSuspensions: readonly SuspensionDefinition[]
  readonly results: readonly ResultDefinition[]
  readonly questions: readonly Question[]
  readonly scenarios: readonly ScenarioDefinition[]
  readonly form: readonly FormFieldDefinition[]
  readonly materials: readonly MaterialDefinition[]
  readonly processPack: string
}

/** An item in one of its published versions; a version never changes, the state belongs to the item. */
export interface Item {
  readonly id: string
  readonly versionId: string
  readonly version: number
  readonly itemCode: string
  readonly organisationId: string
  readonly state: ItemState
  readonly content: ItemContent
  readonly publishedAt: Date
  /** False for a version that a later one has followed. */
  readonly current: boolean
}

export const errors = defineErrors('SERVICE', {
  ITEM_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到事项“{id}”',
    en: 'There is no service item “{id}”',
  },
  ITEM_NOT_OPEN: {
    kind: 'conflict',
    zh: '事项“{name}”已暂停或取消，暂不受理新的申请',
    en: '“{name}” is paused or cancelled; it takes no new applications',
  },
  ITEM_CHECK_FAILED: {
    kind: 'invalid',
    zh: '事项未通过发布检查：{findings}',
    en: 'The item did not pass the check before publishing: {findings}',
  },
  ITEM_PROMISE_EXCEEDS_LEGAL: {
    kind: 'invalid',
    zh: '承诺时限须与法定时限单位相同且不超过它',
    en: 'The promised limit must have the unit of the legal one and must not exceed it',
  },
  ITEM_CONTENT_INVALID: {
    kind: 'invalid',
    zh: '事项内容不完整或格式有误：{path}',
    en: 'The content of the item is incomplete or malformed at {path}',
  },
})

export const materialOf = ({ materials }: ItemContent, code: string): MaterialDefinition | undefined =>
  materials.find((material) => material.code === code)

export const fieldOf = ({ form }: ItemContent, name: string): FormFieldDefinition | undefined =>
  form.find((field) => field.name === name)

/**
 * Whether a draft made on `before` may go on under `after` without asking: only free text differs (2.3).
 */
export function differsOnlyInText(before: ItemContent, after: ItemContent): boolean {
  return JSON.stringify(substance(before)) === JSON.stringify(substance(after))
}

function substance(content: ItemContent) {
  return {
    audience: content.audience,
    limits: [content.legalLimit, content.promisedLimit, content.intakeLimit],
    questions: content.questions.map(({ id, kind, options }) => [
      id,
      kind,
      options.map(({ value }) => value),
    ]),
    scenarios: content.scenarios.map(({ when, outcome, materials, branches, variables }) => [
      when,
      outcome,
      materials,
      branches,
      variables,
    ]),
    form: content.form.map(({ name, widget, elementCode, required, options }) => [
      name,
      widget,
      elementCode,
      required,
      options.map(({ value }) => value),
    ]),
    materials: content.materials.map(({ code, necessity, accepts, maxBytes, maxFiles }) => [
      code,
      necessity,
      accepts,
      maxBytes,
      maxFiles,
    ]),
  }
}
