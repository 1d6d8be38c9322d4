import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { ObjectStore } from '../objects.ts'
import { openFolderStore } from './folder.ts'

/** The store the configuration names; the S3 client is loaded only where it is used. */
export async function openObjects(config: Pick<Config, 's3' | 'dataFolder'>): Promise<ObjectStore> {
  const folder = join(config.dataFolder, 'objects')
  if (config.s3 === undefined) return openFolderStore(folder)
  const { openMinioStore } = await import('./minio.ts')
  return openMinioStore(config.s3, folder)
}
