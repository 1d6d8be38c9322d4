import type { DomainError, ErrorParams, Texts } from '../../core/errors.ts'
import { errors as jobs } from '../../core/jobs.ts'
import { errors as objects } from '../../core/objects/refusals.ts'
import { errors as plane } from '../../core/plane/refusals.ts'
import { errors as standard } from '../../standards/index.ts'
import { sourceErrors, versionErrors } from '../catalog/index.ts'
import { errors, type Refusal } from './batch.ts'

type Factory = (params: ErrorParams) => DomainError

/** Everything that can end a load, by code. */
const KNOWN: Readonly<Record<string, Factory>> = Object.fromEntries(
  Object.entries({
    INGEST: [errors, versionErrors],
    PLANE: [plane],
    OBJECTS: [objects],
    JOB: [jobs],
    STANDARDS: [standard],
    CATALOG: [sourceErrors],
  }).flatMap(([area, groups]) =>
    groups.flatMap((group) =>
      Object.entries(group).map(([name, make]): [string, Factory] => [`${area}_${name}`, make as Factory]),
    ),
  ),
)

/** Both texts of a stored refusal, from its code and parameters. */
export function refusalTexts({ code, params }: Refusal): Texts {
  return (
    KNOWN[code]?.(params).messages ?? {
      zh: `装载未完成（${code}）`,
      en: `The load was not finished (${code})`,
    }
  )
}
