import { dropTemplates } from './database.ts'

after(dropTemplates)
