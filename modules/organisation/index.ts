import { mergeResolvers, type Module } from '../../core/module.ts'
import * as absence from './absence.graphql.ts'
import * as organisations from './organisation.graphql.ts'
import { can } from './policy.ts'

export { type Absence, type Colleague, errors as absenceErrors } from './absence.ts'
export { absences, colleagues, endAbsence, recordAbsence, serving, standsInFor } from './absence.service.ts'
export {
  citizenId,
  errors,
  type Membership,
  type NewOrganisation,
  type Organisation,
  type OrganisationKind,
  type Person,
} from './organisation.ts'
export { childrenOf, findByCreditCode, organisationsByIds, personsByIds } from './organisation.repository.ts'
export {
  actorFor,
  establish,
  governmentOf,
  organisationById,
  organisationOrPlatform,
  permissionsOf,
} from './organisation.service.ts'
export {
  dismiss,
  employ,
  findPerson,
  organisationsOf,
  personById,
  registerPerson,
  viewer,
  type Viewer,
} from './person.service.ts'

export const organisation = {
  name: 'organisation',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: [organisations.typeDefs, absence.typeDefs].join('\n'),
  resolvers: mergeResolvers(organisations.resolvers, absence.resolvers),
} satisfies Module
