import { defineErrors } from '../errors.ts'

export const errors = defineErrors('OBJECTS', {
  OBJECT_NOT_FOUND: {
    kind: 'not-found',
    zh: '未找到文件 {sha256}',
    en: 'There is no file {sha256}',
  },
  PLACED_NOT_FOUND: {
    kind: 'not-found',
    zh: '文件存储中没有“{name}”',
    en: 'The file store has no “{name}”',
  },
  ACCESS_REFUSED: {
    kind: 'unavailable',
    zh: '文件存储拒绝了平台的访问，请联系系统管理员核对其密钥和权限',
    en: 'The file store refused the platform; ask the system administrator to check its keys and rights',
  },
  OBJECT_DAMAGED: {
    kind: 'unavailable',
    zh: '文件 {sha256} 的内容与其摘要不符，请联系系统管理员',
    en: 'The content of file {sha256} does not match its digest; ask the system administrator',
  },
  STORE_UNAVAILABLE: {
    kind: 'unavailable',
    zh: '文件存储暂时无法使用，请稍后再试；其他办理不受影响',
    en: 'The file store cannot be used just now; try again later, other work goes on',
  },
  DISK_FULL: {
    kind: 'unavailable',
    status: 507,
    zh: '磁盘“{disk}”空间不足，暂不能接收文件，请联系系统管理员',
    en: 'The disk “{disk}” has no room for files; ask the system administrator',
  },
})
