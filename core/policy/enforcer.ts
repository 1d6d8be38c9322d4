import { type Enforcer, newEnforcer, newModelFromString } from 'casbin'
import type { Context } from '../context.ts'
import { loadThrough } from '../loader.ts'
import { errors, type Permission, type Policy } from '../policy.ts'
import * as repository from './policy.repository.ts'

const MODEL = `
[request_definition]
r = role, permission, own
[policy_definition]
p = role, permission, scope, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.role == p.role && r.permission == p.permission && (p.scope == "any" || r.own == "own")
`

/** Enforcers kept at once; the least recently built goes first. */
const MAX_ORGANISATIONS = 500

interface Built {
  readonly version: string
  readonly enforcer: Enforcer
  readonly decisions: Map<string, boolean>
}

/**
 * One casbin enforcer for each organisation, holding the manifests' permissions and that organisation's
 * own rules. A changed policy version builds a new enforcer aside and swaps it in: casbin's own reload
 * clears its rules first and would deny wrongly meanwhile.
 */
export function openPolicy(permissions: readonly Permission[]): Policy {
  const built = new Map<string, Built>()

  async function current(ctx: Context): Promise<Built> {
    const { organisationId } = ctx.actor
    const version = await loadThrough(ctx, repository.versions, 'policy')
    const known = built.get(organisationId)
    if (known?.version === version) return known
    const rules = await repository.rulesOf(ctx, organisationId)
    const enforcer = await newEnforcer(newModelFromString(MODEL))
    await enforcer.addPolicies([...permissions.flatMap(defaultRules), ...rules.map(ownRule)])
    const fresh = { version, enforcer, decisions: new Map<string, boolean>() }
    built.delete(organisationId)
    built.set(organisationId, fresh)
    if (built.size > MAX_ORGANISATIONS) built.delete(String(built.keys().next().value))
    return fresh
  }

  async function allows(
    ctx: Context,
    permission: Permission,
    resource?: { readonly organisationId: string },
  ): Promise<boolean> {
    const own = resource?.organisationId === ctx.actor.organisationId ? 'own' : 'other'
    const { enforcer, decisions } = await current(ctx)
    for (const role of ctx.actor.roles) {
      const key = `${role}|${permission.name}|${own}`
      const decided = decisions.get(key) ?? (await enforcer.enforce(role, permission.name, own))
      decisions.set(key, decided)
      if (decided) return true
    }
    return false
  }

  return {
    allows,
    async heldBy(ctx) {
      const held: string[] = []
      for (const permission of permissions)
        if (await allows(ctx, permission, ctx.actor)) held.push(permission.name)
      return held.sort()
    },
  }
}

function defaultRules({ name, roles, ownOrganisation }: Permission): string[][] {
  return roles.map((role) => [safe(role), safe(name), ownOrganisation === true ? 'own' : 'any', 'allow'])
}

function ownRule({ role, permission, effect }: repository.PolicyRule): string[] {
  return [safe(role), safe(permission), effect === 'allow' ? 'own' : 'any', effect]
}

/** A name that casbin could read as a pattern or a separator never becomes a rule. */
export function safe(name: string): string {
  if (/[*,:/\r\n]/.test(name)) throw errors.NAME_UNSAFE({ name })
  return name
}
