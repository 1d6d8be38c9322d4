import { defineErrors } from '../../core/errors.ts'

/** The longest file that is read, in bytes. */
export const MAX_IMPORT_BYTES = 20 * 1024 * 1024
/** The most rows below the header; some fifteen times the list of all counties. */
export const MAX_IMPORT_ROWS = 50_000
export const MAX_IMPORT_COLUMNS = 256

export const errors = defineErrors('STANDARDS', {
  IMPORT_TOO_LARGE: {
    kind: 'invalid',
    status: 413,
    zh: '文件过大，不能导入：至多{limit}字节、{rows}行、{columns}列',
    en: 'The file is too large to import: at most {limit} bytes, {rows} rows and {columns} columns',
  },
})

export const tooLarge = () =>
  errors.IMPORT_TOO_LARGE({ limit: MAX_IMPORT_BYTES, rows: MAX_IMPORT_ROWS, columns: MAX_IMPORT_COLUMNS })
