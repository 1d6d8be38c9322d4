import type { Module } from '../../core/module.ts'
import { resolvers, typeDefs } from './certificate.graphql.ts'
import { can } from './policy.ts'
import { jobs } from './rendering.ts'

export { type Certificate, type Claim, errors, type Issue, type Status } from './certificate.ts'
export { holdsCertificate } from './certificate.repository.ts'
export {
  certificateOf,
  certificatesByCases,
  issue,
  reinstate,
  revoke,
  statusNow,
  suspend,
  type Verification,
  verify,
  verifyUrl,
} from './certificate.service.ts'
export { download } from './rendering.ts'

export const certificate = {
  name: 'certificate',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs,
  resolvers,
  jobs,
} satisfies Module
