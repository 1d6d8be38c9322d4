import { dropTemplates } from './database.ts'
import { closeLentPlane } from './plane.ts'
import { closeLeftWorlds } from './world.ts'

after(async () => {
  await closeLeftWorlds()
  await closeLentPlane()
  await dropTemplates()
})
