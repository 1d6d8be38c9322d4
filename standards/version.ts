import { defineErrors } from '../core/errors.ts'

export type Version = readonly [major: number, minor: number, patch: number]

export function parseVersion(version: string): Version {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return [major, minor, patch]
}

export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  const at = left.findIndex((part, index) => part !== right[index])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

export const errors = defineErrors('STANDARDS', {
  VERSION_STEP_TOO_SMALL: {
    kind: 'invalid',
    zh: '“{code}”的改动至少须升至 {smallest}，不能编为 {version}',
    en: 'The change of “{code}” needs version {smallest} at least; {version} will not do',
  },
})

/** Effect of a change on data that was valid before (2.5). */
export type Step = 'patch' | 'minor' | 'major'

const STEPS: readonly Step[] = ['patch', 'minor', 'major']

export function largest(steps: readonly Step[]): Step {
  return STEPS[Math.max(0, ...steps.map((step) => STEPS.indexOf(step)))] ?? 'patch'
}

export const FIRST_VERSION = '1.0.0'

export function nextVersion(version: string, step: Step): string {
  const [major, minor, patch] = parseVersion(version)
  if (step === 'major') return `${major + 1}.0.0`
  return step === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

/**
 * The version a change gets: the smallest step its effect allows, or the one wanted if that is a step as large.
 *
 * @throws STANDARDS_VERSION_STEP_TOO_SMALL
 */
export function versionAfter(code: string, latest: string, step: Step, wanted?: string | null): string {
  const smallest = nextVersion(latest, step)
  if (wanted == null) return smallest
  const allowed = STEPS.slice(STEPS.indexOf(step)).map((each) => nextVersion(latest, each))
  if (!allowed.includes(wanted)) throw errors.VERSION_STEP_TOO_SMALL({ code, version: wanted, smallest })
  return wanted
}

/** Whether a version lies in a range: an exact version, or `^1.2.0` for every later one of the same major. */
export function inRange(version: string, range: string): boolean {
  if (!range.startsWith('^')) return version === range
  const least = range.slice(1)
  return parseVersion(version)[0] === parseVersion(least)[0] && compareVersions(version, least) >= 0
}
