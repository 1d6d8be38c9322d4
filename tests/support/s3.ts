import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { S3Settings } from '../../core/objects/minio.ts'

const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as S3rverClass

interface S3rverClass {
  new (options: object): { run(): Promise<AddressInfo>; close(): Promise<void> }
}

/** An S3 server on loopback that keeps its objects in `directory` and checks signatures. */
export async function openS3(directory: string): Promise<{ settings: S3Settings; close(): Promise<void> }> {
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory })
  const { port } = await server.run()
  const keys = { accessKey: 'S3RVER', secretKey: 'S3RVER', bucket: 'gdbos' }
  return {
    settings: { endpoint: '127.0.0.1', port, useTls: false, ...keys },
    close: () => server.close(),
  }
}
