export { type Account, type Audience, errors, type Session } from './account.ts'
export { anyAccount, findAccountOfPerson } from './identity.repository.ts'
export * from './identity.service.ts'
