import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { type ApiError, commandOf, forgetCommand, request } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { graphql } from '../../generated/gql.ts'
import { useText } from '../../i18n.ts'
import { useSession } from '../../session.tsx'

const REGISTER = graphql(`
  mutation RegisterSource($commandId: UUID!, $input: SourceInput!) {
    registerSource(commandId: $commandId, input: $input) {
      id
    }
  }
`)

const PORTS = { postgres: 5432, mysql: 3306, mongo: 27017 } as const

interface Answers {
  readonly title: string
  readonly kind: keyof typeof PORTS | 'rest' | 'files'
  readonly prefix?: string
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly tls?: boolean
  readonly url?: string
  readonly auth?: 'none' | 'header' | 'basic' | 'oauth'
  readonly tokenUrl?: string
  readonly clientId?: string
  readonly scope?: string
  readonly header?: string
  readonly recordPath?: string
  readonly secret?: string
}

/** A database, a service or a place for files of the steward's own department. */
export function RegisterSource({ onRegistered }: { onRegistered: (id: string) => void }) {
  const text = useText(TEXT)
  const [form] = Form.useForm<Answers>()
  const kind = Form.useWatch('kind', form) ?? 'postgres'
  const auth = Form.useWatch('auth', form) ?? 'none'
  const session = useSession()
  const inbox = `inbox/${session.state === 'signed-in' ? session.me.organisation.id : ''}/`
  const isOauth = kind === 'rest' && auth === 'oauth'
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<ApiError>()

  async function send({ title, secret = '', ...answers }: Answers) {
    const input = { title, connection: connectionOf(answers), secret, hosts: [] }
    // The browser keeps intents; the secret is no part of this one.
    const intent = `source ${JSON.stringify({ ...input, secret: undefined })}`
    setRunning(true)
    setError(undefined)
    try {
      const { registerSource } = await request(REGISTER, { commandId: commandOf(intent), input })
      forgetCommand(intent)
      onRegistered(registerSource.id)
    } catch (refusal) {
      setError(refusal as ApiError)
      setRunning(false)
    }
  }

  const required = [{ required: true, message: text.missing }]
  return (
    <Form<Answers>
      form={form}
      layout="vertical"
      initialValues={{ prefix: inbox, kind: 'postgres', tls: true, auth: 'none', header: 'authorization' }}
      onFinish={(answers) => void send(answers)}
    >
      {error && <Failure error={error} />}
      <Form.Item name="title" label={text.title} rules={required}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="kind" label={text.kind}>
        <Select
          options={[
            { value: 'postgres', label: 'PostgreSQL' },
            { value: 'mysql', label: 'MySQL / MariaDB' },
            { value: 'mongo', label: 'MongoDB' },
            { value: 'rest', label: text.rest },
            { value: 'files', label: text.files },
          ]}
        />
      </Form.Item>
      {kind === 'files' && (
        <Form.Item name="prefix" label={text.prefix} rules={required} extra={text.prefixHint(inbox)}>
          <Input autoComplete="off" />
        </Form.Item>
      )}
      {kind === 'rest' && (
        <>
          <Form.Item name="url" label={text.url} rules={required}>
            <Input type="url" autoComplete="off" />
          </Form.Item>
          <Form.Item name="recordPath" label={text.recordPath}>
            <Input autoComplete="off" placeholder="data.items" />
          </Form.Item>
          <Form.Item name="auth" label={text.auth}>
            <Select
              options={[
                { value: 'none', label: text.none },
                { value: 'header', label: text.inHeader },
                { value: 'basic', label: text.basic },
                { value: 'oauth', label: text.oauth },
              ]}
            />
          </Form.Item>
          {auth === 'header' && (
            <Form.Item name="header" label={text.header}>
              <Input autoComplete="off" />
            </Form.Item>
          )}
          {isOauth && (
            <>
              <Form.Item name="tokenUrl" label={text.tokenUrl} rules={required}>
                <Input type="url" autoComplete="off" />
              </Form.Item>
              <Form.Item name="clientId" label={text.clientId} rules={required}>
                <Input autoComplete="off" />
              </Form.Item>
              <Form.Item name="scope" label={text.scope} extra={text.scopeHint}>
                <Input autoComplete="off" />
              </Form.Item>
            </>
          )}
        </>
      )}
      {kind !== 'rest' && kind !== 'files' && (
        <>
          <Form.Item name="host" label={text.host} rules={required}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="port" label={text.port}>
            <InputNumber min={1} max={65535} placeholder={String(PORTS[kind])} />
          </Form.Item>
          <Form.Item name="database" label={text.database} rules={required}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="tls" valuePropName="checked">
            <Checkbox>{text.tls}</Checkbox>
          </Form.Item>
        </>
      )}
      {!isOauth && kind !== 'files' && (
        <Form.Item name="user" label={text.user}>
          <Input autoComplete="off" />
        </Form.Item>
      )}
      {kind !== 'files' && (
        <Form.Item name="secret" label={isOauth ? text.clientSecret : text.secret} extra={text.secretHint}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" loading={running}>
        {text.register}
      </Button>
    </Form>
  )
}

function connectionOf({ kind, user = '', ...answers }: Omit<Answers, 'title'>) {
  if (kind === 'files') return { kind, prefix: answers.prefix }
  if (kind === 'rest') {
    const { url, auth, header, recordPath = '', tokenUrl, clientId, scope = '' } = answers
    const oauth = auth === 'oauth' ? { oauth: { tokenUrl, clientId, scope } } : {}
    return { kind, url, auth, ...(header !== undefined && { header }), recordPath, user, ...oauth }
  }
  const { host, port, database, tls } = answers
  return { kind, host, ...(port && { port }), database, tls, user }
}

const TEXT = {
  zh: {
    title: '数据源名称',
    missing: '请填写',
    kind: '类型',
    rest: 'REST 接口（JSON）',
    files: '平台文件存储中的文件',
    prefix: '文件前缀',
    prefixHint: (inbox: string) => `本单位的文件都在“${inbox}”之下，可再写下级目录。`,
    url: '接口地址',
    recordPath: '记录在回应中的路径',
    auth: '身份验证',
    none: '不需要',
    inHeader: '请求头中的令牌',
    basic: '账号和口令',
    oauth: 'OAuth 2.0 客户端凭证',
    tokenUrl: '令牌地址',
    clientId: '客户端编号',
    scope: '授权范围',
    scopeHint: '多个以空格分隔；可不填。',
    clientSecret: '客户端密钥',
    header: '请求头名称',
    host: '主机名或地址',
    port: '端口',
    database: '数据库',
    tls: '加密连接并核对证书',
    user: '账号',
    secret: '口令或令牌',
    secretHint: '加密保存，登记后不再显示。',
    register: '登记',
  },
  en: {
    title: 'Name of the source',
    missing: 'Enter a value',
    kind: 'Kind',
    rest: 'REST service (JSON)',
    files: 'Files in the platform’s object store',
    prefix: 'Prefix of the files',
    prefixHint: (inbox: string) =>
      `The files of your organisation are under “${inbox}”; name a folder below it to narrow.`,
    url: 'Address',
    recordPath: 'Path of the records in the answer',
    auth: 'Authentication',
    none: 'None',
    inHeader: 'A token in a header',
    basic: 'Account and password',
    oauth: 'OAuth 2.0 client credentials',
    tokenUrl: 'Address of the token',
    clientId: 'Client id',
    scope: 'Scope',
    scopeHint: 'Several parted by spaces; may be left out.',
    clientSecret: 'Client secret',
    header: 'Name of the header',
    host: 'Host name or address',
    port: 'Port',
    database: 'Database',
    tls: 'Encrypted, with the certificate checked',
    user: 'Account',
    secret: 'Password or token',
    secretHint: 'Kept encrypted; never shown again.',
    register: 'Register',
  },
}
