export { check, type Checked } from './check.ts'
export { evaluate } from './evaluate.ts'
export { errors } from './syntax.ts'
export { type Naming, namings } from './naming.ts'
