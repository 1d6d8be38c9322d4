import type { Texts } from '../../core/errors.ts'
import type { Day } from '../../core/day.ts'
import type { ItemContent, LegalBasis } from './item.ts'

export interface Finding extends Texts {
  /** Number of the rule in the specification, 2.4. */
  readonly rule: string
  readonly path: string
}

/**
 * What stands in the way of publishing the item from `effectiveFrom`; nothing when it may be published. Its
 * process is checked by the gate when its pack is deployed (M19 to M29).
 */
export function checkItem(content: ItemContent, effectiveFrom: Day): Finding[] {
  return [...lawFindings(content, effectiveFrom), ...limitFindings(content), ...contentFindings(content)]
}

function lawFindings(content: ItemContent, on: Day): Finding[] {
  const { entry, fees, allowedSuspensions } = content
  const findings: Finding[] = []
  if (!entry.legalBases.some((basis) => inForce(basis, on)))
    findings.push(
      finding('M10', 'entry.legalBases', '没有生效日有效的设定依据', 'no legal basis is in force'),
    )
  const known = (index: number | null) => index !== null && entry.legalBases[index] !== undefined
  if (![...fees, ...allowedSuspensions].every(({ legalBasis }) => known(legalBasis)))
    findings.push(
      finding('M11', 'legalBasis', '收费或特别程序没有依据', 'a fee or a suspension names no legal basis'),
    )
  if (content.terminateOnCorrectionTimeout && content.correctionLimit === null)
    findings.push(
      finding('M11', 'correctionLimit', '逾期终止须有补正时限', 'termination needs a correction limit'),
    )
  return findings
}

function limitFindings({ legalLimit, promisedLimit, handlingKind }: ItemContent): Finding[] {
  const findings: Finding[] = []
  if (promisedLimit.unit !== legalLimit.unit || promisedLimit.amount > legalLimit.amount)
    findings.push(
      finding(
        'M13',
        'promisedLimit',
        '承诺时限超过法定时限或单位不同',
        'the promise exceeds the legal limit',
      ),
    )
  if (handlingKind === 'immediate' && promisedLimit.amount !== 0)
    findings.push(
      finding('M14', 'promisedLimit', '即办件的承诺时限须为0', 'an immediate item promises 0 days'),
    )
  return findings
}

function contentFindings(content: ItemContent): Finding[] {
  const { scenarios, questions, materials, form, jointBodies } = content
  const findings: Finding[] = []
  const asked = new Set(questions.map(({ id }) => id))
  const offered = new Set(materials.map(({ code }) => code))
  const last = scenarios.findIndex(({ when }) => Object.keys(when).length === 0)
  const conditions = scenarios.flatMap(({ when, branches }) => [
    when,
    ...branches.map((each) => each.when ?? {}),
  ])
  if (!conditions.every((when) => Object.keys(when).every((id) => asked.has(id) || FACTS.includes(id))))
    findings.push(
      finding(
        'M30',
        'scenarios.when',
        '情形引用了未定义的问题',
        'a scenario reads a question that is not asked',
      ),
    )
  if (last !== scenarios.length - 1)
    findings.push(
      finding(
        'M30',
        'scenarios',
        '情形判定表未覆盖全部答案或有永不命中的行',
        'the scenarios leave gaps, or one can never be hit',
      ),
    )
  if (!scenarios.every((scenario) => scenario.materials.every((code) => offered.has(code))))
    findings.push(
      finding('M31', 'scenarios.materials', '情形引用了未定义的材料', 'a scenario names an unknown material'),
    )
  if (
    !scenarios.every(({ branches }) =>
      branches.every(({ body }) => body === 'own' || jointBodies[body] !== undefined),
    )
  )
    findings.push(finding('M04', 'jointBodies', '审查分支没有对应的联办机构', 'a branch names no joint body'))
  if (new Set(form.map(({ name }) => name)).size !== form.length)
    findings.push(finding('M32', 'form', '表单字段重名', 'two form fields have one name'))
  if (!materials.every(({ obtainBy }) => obtainBy.includes('upload')))
    findings.push(finding('M34', 'materials', '有材料无法在网上提供', 'a material cannot be given online'))
  return findings
}

/** Inputs of the decision that no applicant answers. */
const FACTS = ['barred']

const inForce = ({ validFrom, validUntil }: LegalBasis, on: Day) =>
  (validFrom === null || validFrom <= on) && (validUntil === null || on <= validUntil)

function finding(rule: string, path: string, zh: string, en: string): Finding {
  return { rule, path, zh, en }
}
