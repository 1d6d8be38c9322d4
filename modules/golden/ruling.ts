import { defineErrors } from '../../core/errors.ts'
import { rowName } from './link.ts'

export type RulingAnswer = 'same' | 'different' | 'unsure'
export type RulingStatus = 'proposed' | 'in-force' | 'undone'

/** Digests of what makes a row that row, whatever else of it changes: name and number or address; and of its name alone. */
export interface RowMarks {
  readonly mark: string
  readonly nameMark: string
}

/** What people said of a row and an entity: a constraint of every later merge (6.4), until it is undone. */
export interface Ruling {
  readonly id: string
  readonly datasetId: string
  /** Whose register the row is in; that body rules. */
  readonly organisationId: string
  readonly rowId: string
  readonly line: number | null
  /** What a row of a register without a primary key is found again by; null until a merge has seen it, and of others. */
  readonly marks: RowMarks | null
  /** Credit code of the entity. */
  readonly key: string
  readonly answer: RulingAnswer
  readonly reason: string
  readonly status: RulingStatus
  /** What the machine weighed then; null where it did not. */
  readonly weight: number | null
  readonly decidedBy: string
  readonly decidedAt: Date
  /** The second person; null where one suffices. */
  readonly confirmedBy: string | null
  readonly confirmedAt: Date | null
  /** Who asked to undo what two persons decided; it binds until a second person confirms that too. */
  readonly undoAskedBy: string | null
  readonly undoAskedAt: Date | null
  readonly undoneAt: Date | null
}

export const errors = defineErrors('GOLDEN', {
  LINK_FORBIDDEN: {
    kind: 'conflict',
    zh: '该行已裁定与 {key} {answer}，不能再作相反的裁定，请先撤销原裁定',
    en: 'The row was ruled {answer} as to {key}; the opposite cannot be ruled before that is undone',
  },
  LINK_NOT_FOUND: {
    kind: 'not-found',
    zh: '该行与 {key} 之间没有可裁定的关联',
    en: 'There is no link between the row and {key} to rule on',
  },
  RULING_STANDS: {
    kind: 'conflict',
    zh: '对该行与该主体已有同样的裁定',
    en: 'The same has been ruled on the row and the entity already',
  },
  RULING_REASON_MISSING: {
    kind: 'invalid',
    zh: '裁定须写明理由（1至500个字）',
    en: 'A ruling needs a reason of 1 to 500 characters',
  },
  RULING_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到裁定 {id}',
    en: 'There is no ruling {id}',
  },
  RULING_ENDED: {
    kind: 'conflict',
    zh: '该裁定已撤销或不待确认',
    en: 'The ruling was undone, or waits for nobody',
  },
  RULING_BY_SAME_PERSON: {
    kind: 'forbidden',
    zh: '该主体持有证照，裁定或提出撤销的人不能自己确认，须由第二人确认',
    en: 'The entity holds a licence: who ruled or asked to undo it may not confirm that; a second person must',
  },
  RULING_UNDO_WAITS: {
    kind: 'conflict',
    zh: '该裁定的撤销已提出，待第二人确认',
    en: 'The undoing of the ruling was asked for and waits for a second person',
  },
})

const LONGEST = 500

/** @throws GOLDEN_RULING_REASON_MISSING */
export function reasonOf(text: string): string {
  const reason = text.trim()
  if (reason === '' || [...reason].length > LONGEST) throw errors.RULING_REASON_MISSING()
  return reason
}

/**
 * Whether the answer may be given beside what stands on the same row: one row is one entity, and a `different`
 * is never merged again (section 13, row 39). `unsure` binds nobody; the one it replaces is returned.
 *
 * @throws GOLDEN_LINK_FORBIDDEN, GOLDEN_RULING_STANDS
 */
export function replacing(
  standing: readonly Ruling[],
  { key, answer }: Pick<Ruling, 'key' | 'answer'>,
): Ruling | undefined {
  const elsewhere = standing.find((each) => each.answer === 'same' && each.key !== key)
  if (answer === 'same' && elsewhere)
    throw errors.LINK_FORBIDDEN({ key: elsewhere.key, answer: elsewhere.answer })
  const here = standing.find((each) => each.key === key)
  if (!here || here.answer === 'unsure') return here
  if (here.answer === answer) throw errors.RULING_STANDS()
  throw errors.LINK_FORBIDDEN({ key, answer: here.answer })
}

/**
 * The ruling in force, or undone where its undoing was asked for.
 *
 * @throws GOLDEN_RULING_ENDED, GOLDEN_RULING_BY_SAME_PERSON
 */
export function confirmed(ruling: Ruling, by: string, at: Date): Ruling {
  if (ruling.status === 'in-force' && ruling.undoAskedBy !== null) {
    if (ruling.undoAskedBy === by) throw errors.RULING_BY_SAME_PERSON()
    return { ...ruling, status: 'undone', undoneAt: at }
  }
  if (ruling.status !== 'proposed') throw errors.RULING_ENDED()
  if (ruling.decidedBy === by) throw errors.RULING_BY_SAME_PERSON()
  return { ...ruling, status: 'in-force', confirmedBy: by, confirmedAt: at }
}

/** Asks for what one person alone may not undo. @throws GOLDEN_RULING_ENDED, GOLDEN_RULING_UNDO_WAITS */
export function undoAsked(ruling: Ruling, by: string, at: Date): Ruling {
  return { ...undoable(ruling), undoAskedBy: by, undoAskedAt: at }
}

/** @throws GOLDEN_RULING_ENDED, GOLDEN_RULING_UNDO_WAITS */
function undoable(ruling: Ruling): Ruling {
  if (ruling.status === 'undone') throw errors.RULING_ENDED()
  if (ruling.undoAskedBy !== null) throw errors.RULING_UNDO_WAITS()
  return ruling
}

/** @throws GOLDEN_RULING_ENDED, GOLDEN_RULING_UNDO_WAITS */
export function undone(ruling: Ruling, at: Date): Ruling {
  return { ...undoable(ruling), status: 'undone', undoneAt: at }
}

/** What rulings in force say, by row. */
export interface Constraints {
  /** Row → credit code. */
  readonly same: ReadonlyMap<string, string>
  /** `row credit-code` */
  readonly different: ReadonlySet<string>
}

export function constraintsOf(rulings: readonly Ruling[]): Constraints {
  const name = ({ datasetId, rowId }: Ruling) => rowName(datasetId, rowId)
  return {
    same: new Map(rulings.flatMap((each) => (each.answer === 'same' ? [[name(each), each.key]] : []))),
    different: new Set(
      rulings.flatMap((each) => (each.answer === 'different' ? [`${name(each)} ${each.key}`] : [])),
    ),
  }
}
