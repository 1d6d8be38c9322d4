import { arabic } from './chinese-number.ts'
import { fold, foldTight } from './fold.ts'
import { normalise } from './normalise.ts'

/** The forms in which values are compared; see {@link matchForm}. */
export const MATCH_FORMS = [
  'exact',
  'tight',
  'words',
  'digits',
  'address',
  'organisation',
  'organisation-stem',
  'organisation-form',
  'organisation-region',
] as const

export type MatchForm = (typeof MATCH_FORMS)[number]

/**
 * The value in the form: `exact` without blanks around it, `tight` letters and digits folded, `words` folded
 * with single blanks, `digits` alone, `address` tight with variants and Chinese numbers made one,
 * `organisation` the same for a name, and its parts apart. Null when nothing is left.
 */
export function matchForm(form: MatchForm, value: string, strip: readonly string[] = []): string | null {
  const formed = FORMS[form](value)
  const kept =
    strip.length === 0
      ? formed
      : formed
          .split(' ')
          .filter((word) => !strip.includes(word))
          .join(' ')
  return kept === '' ? null : kept
}

const FORMS: Readonly<Record<MatchForm, (value: string) => string>> = {
  exact: (value) => value.trim(),
  tight: foldTight,
  words: (value) =>
    (fold(value.replace(/['’]/g, '').replaceAll('&', ' and ')).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).join(' '),
  digits: (value) => value.normalize('NFKC').replace(/\D/gu, ''),
  address: (value) => foldTight(arabic(variantsFolded(value))).replace(VILLAGE, ''),
  organisation: (value) => plainName(value),
  'organisation-stem': (value) => organisationParts(value).stem,
  'organisation-form': (value) => organisationParts(value).form,
  'organisation-region': (value) => organisationParts(value).region,
}

/** The village (里) between district and street, which one department writes and another leaves out. */
const VILLAGE = /(?<=[区乡镇市])\p{Script=Han}{1,3}里(?=\p{Script=Han})/u

function variantsFolded(value: string): string {
  return normalise(['fold-variant'], value.normalize('NFKC')) ?? ''
}

export interface OrganisationParts {
  /** What distinguishes it: without region, legal form and remarks. */
  readonly stem: string
  /** 有限公司, 股份有限公司, 合伙企业 …; empty when none is written. */
  readonly form: string
  /** 福州市, 福建省福州市 …; empty when the name begins with none. */
  readonly region: string
}

/** Longest first: 股份有限公司 ends in 有限公司. A branch writes its own name after it. */
const LEGAL_FORM =
  /股份有限责任公司|有限责任公司|股份有限公司|有限合伙企业|普通合伙企业|合伙企业|个人独资企业|股份公司|有限公司|有限合伙|普通合伙|无限公司|两合公司|合作社|公司/u
const REMARK = /[（(︵〔【[［][^）)︶〕】\]］]*[）)︶〕】\]］]/gu
const REGION =
  /^(?:\p{Script=Han}{2,3}(?:省|自治区))?(?:\p{Script=Han}{2,4}(?:自治州|地区|市|州))?(?:\p{Script=Han}{1,4}[区县])?(?=\p{Script=Han}{2})/u

/** Folded, numbers made one, without what stands in brackets. */
function plainName(name: string): string {
  return foldTight(arabic(variantsFolded(name).replace(REMARK, '')))
}

/** Parts of the name of a Chinese organisation, folded; the parts stripped are kept, not discarded (6.2). */
export function organisationParts(name: string): OrganisationParts {
  const plain = plainName(name)
  // A partnership writes its kind in brackets: 甲企业(有限合伙).
  const remarks = (variantsFolded(name).match(REMARK) ?? []).map(foldTight)
  const form = [plain, ...remarks].flatMap((text) => LEGAL_FORM.exec(text)?.[0] ?? [])[0] ?? ''
  const region = REGION.exec(plain)?.[0] ?? ''
  const stem = plain.slice(region.length).replace(LEGAL_FORM, '')
  return { stem: stem === '' ? plain : stem, form, region }
}
