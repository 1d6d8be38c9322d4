import { open, stat } from 'node:fs/promises'
import { defineErrors } from '../../core/errors.ts'
import { SAMPLE_BYTES } from '../../core/text/encoding.ts'

const errors = defineErrors('INGEST', {
  FILE_MISSING: { kind: 'not-found', zh: '无法读取文件 {file}', en: 'The file {file} cannot be read' },
})

/** @throws INGEST_FILE_MISSING */
export async function readable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw errors.FILE_MISSING({ file })
}

/** The beginning of a file: what its encoding and layout are read from. */
export async function sampleOf(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
