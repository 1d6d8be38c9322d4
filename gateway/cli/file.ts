import { stat } from 'node:fs/promises'
import { defineErrors } from '../../core/errors.ts'

const errors = defineErrors('INGEST', {
  FILE_MISSING: { kind: 'not-found', zh: '无法读取文件 {file}', en: 'The file {file} cannot be read' },
})

/** @throws INGEST_FILE_MISSING */
export async function readable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw errors.FILE_MISSING({ file })
}
