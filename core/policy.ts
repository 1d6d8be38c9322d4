import type { Context } from './context.ts'
import { defineErrors } from './errors.ts'

export interface Permission {
  readonly name: string
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
    zh: '当前身份无权执行“{permission}”，如有需要请联系{contact}',
    en: 'You may not perform “{permission}”; ask {contact}',
  },
  NAME_UNSAFE: {
    kind: 'invalid',
    zh: '名称“{name}”含有不允许的字符',
    en: 'The name “{name}” holds a character that is not allowed',
  },
})

/** Throws POLICY_FORBIDDEN unless the actor holds `permission` over `resource`. */
export async function authorize(
  ctx: Context,
  permission: Permission,
  resource?: { readonly organisationId: string },
): Promise<void> {
  if (await ctx.policy.allows(ctx, permission, resource)) return
  throw errors.FORBIDDEN({ permission: permission.name, contact: permission.roles.join(', ') })
}

export function definePermissions<T extends Record<string, Omit<Permission, 'name'>>>(
  area: string,
  permissions: T,
) {
  return Object.fromEntries(
    Object.entries(permissions).map(([key, value]) => [key, { ...value, name: `${area}.${key}` }]),
  ) as { [K in keyof T]: Permission }
}
