export { validatorSql } from './validator.ts'
