import { dropTemplates } from './database.ts'
import { closeLeftWorlds } from './world.ts'

after(async () => {
  await closeLeftWorlds()
  await dropTemplates()
})
