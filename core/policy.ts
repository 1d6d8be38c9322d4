import type { Context } from './context.ts'
import { defineErrors, type Texts } from './errors.ts'
import { ROLE_WORDS } from './policy/role.words.ts'

export interface Permission {
  readonly name: string
  /** What it allows, after “you may not”. */
  readonly action: Texts
  readonly roles: readonly string[]
  /** Also require that the resource belongs to the actor's organisation. */
  readonly ownOrganisation?: boolean
}

/** Answers may-I; built from the manifests' permissions and an organisation's own rules (core/policy/enforcer.ts). */
export interface Policy {
  allows(
    ctx: Context,
    permission: Permission,
    resource?: { readonly organisationId: string },
  ): Promise<boolean>
  /** Names of the permissions the actor holds over what belongs to its own organisation, sorted. */
  heldBy(ctx: Context): Promise<string[]>
}

export const errors = defineErrors('POLICY', {
  FORBIDDEN: {
    kind: 'forbidden',
    zh: '当前身份不能{action}，如有需要请联系{contact}',
    en: 'You may not {action}; ask {contact}',
  },
  NAME_UNSAFE: {
    kind: 'invalid',
    zh: '名称“{name}”含有不允许的字符',
    en: 'The name “{name}” holds a character that is not allowed',
  },
})

/**
 * Refuses unless the actor holds `permission` over `resource`; the refusal says who may.
 *
 * @throws POLICY_FORBIDDEN
 */
export async function authorize(
  ctx: Context,
  permission: Permission,
  resource?: { readonly organisationId: string },
): Promise<void> {
  if (await ctx.policy.allows(ctx, permission, resource)) return
  const isElsewhere = resource !== undefined && resource.organisationId !== ctx.actor.organisationId
  throw errors.FORBIDDEN({ action: permission.action, contact: contactOf(permission, isElsewhere) })
}

/** The people to ask: of the roles that may, those that people have. */
function contactOf({ roles, ownOrganisation }: Permission, isElsewhere: boolean): Texts {
  const asked = roles.filter(isRole)
  const people = asked.length > 0 ? asked : (['system-admin'] as const)
  const [zh, en] = [people.map((role) => ROLE_WORDS.zh[role]), people.map((role) => ROLE_WORDS.en[role])]
  const isOwn = ownOrganisation && isElsewhere
  return {
    zh: `${isOwn ? '所属单位的' : ''}${zh.join('、')}`,
    en: `the ${en.join(' or the ')}${isOwn ? ' of the body it belongs to' : ''}`,
  }
}

const isRole = (role: string): role is keyof typeof ROLE_WORDS.zh => role in ROLE_WORDS.zh

export function definePermissions<T extends Record<string, Omit<Permission, 'name'>>>(
  area: string,
  permissions: T,
) {
  return Object.fromEntries(
    Object.entries(permissions).map(([key, value]) => [key, { ...value, name: `${area}.${key}` }]),
  ) as { [K in keyof T]: Permission }
}
