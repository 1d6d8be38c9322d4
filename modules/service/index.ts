import { mergeResolvers, type Module } from '../../core/module.ts'
import * as application from './application.graphql.ts'
import { draftExpiry } from './application.service.ts'
import { commands } from './case.commands.ts'
import * as file from './case.graphql.ts'
import { subscribers } from './case.subscribers.ts'
import { tasks } from './case.tasks.ts'
import * as item from './item.graphql.ts'
import { can } from './policy.ts'

export type { Application } from './application.ts'
export { read as application } from './application.service.ts'
export type { CaseFact } from './case.events.ts'
export { idOfNumber as caseOfNumber } from './case.repository.ts'
export { findVisible as visibleCase, read as readCase } from './case.service.ts'
export type { CaseStatus, ItemCase } from './case.ts'
export type { Item, ItemContent } from './item.ts'
export { changeState, list as items, publishItem, read as item, seedItems } from './item.service.ts'
export { errors as materialErrors } from './material.ts'
export {
  add as addMaterial,
  definitionFor,
  download as downloadMaterial,
  type NewMaterial,
} from './material.service.ts'

export const service = {
  name: 'service',
  migrations: new URL('./migrations/', import.meta.url),
  permissions: can,
  typeDefs: [item.typeDefs, application.typeDefs, file.typeDefs].join('\n'),
  resolvers: mergeResolvers(item.resolvers, application.resolvers, file.resolvers),
  tasks,
  commands,
  subscribers,
  pollers: [draftExpiry],
  appendOnly: ['service.item_version'],
} satisfies Module
