import { Button, Form, Input, Select } from 'antd'
import { useMutation, useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { graphql } from '../../generated/gql.ts'
import { useSay, useText } from '../../i18n.ts'

const SCHEMAS = graphql(`
  query PublishedSchemas {
    recordSchemas(first: 100) {
      edges {
        node {
          code
          version
          status
          name {
            zh
            en
          }
        }
      }
    }
  }
`)

const REGISTER = graphql(`
  mutation RegisterDataset($commandId: UUID!, $input: DatasetInput!) {
    registerDataset(commandId: $commandId, input: $input) {
      id
    }
  }
`)

/** A new register of the steward's own department, under a published record schema. */
export function RegisterDataset({ onRegistered }: { onRegistered: (id: string) => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const schemas = useQuery(SCHEMAS, {})
  const register = useMutation(REGISTER)
  const published =
    schemas.state === 'ready'
      ? schemas.data.recordSchemas.edges
          .map(({ node }) => node)
          .filter(({ status }) => status === 'PUBLISHED')
      : []

  async function send(input: { title: string; schemaCode: string }) {
    const registered = await register.run({ input })
    if (registered) onRegistered(registered.registerDataset.id)
  }

  return (
    <Form layout="vertical" onFinish={(input: { title: string; schemaCode: string }) => void send(input)}>
      {schemas.state === 'failed' && <Failure error={schemas.error} retry={schemas.reload} />}
      {register.error && <Failure error={register.error} />}
      <Form.Item name="title" label={text.title} rules={[{ required: true, message: text.titleMissing }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="schemaCode"
        label={text.schema}
        rules={[{ required: true, message: text.schemaMissing }]}
      >
        <Select
          loading={schemas.state === 'loading'}
          options={published.map((schema) => ({
            value: schema.code,
            label: `${say(schema.name)} (${schema.code})`,
          }))}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={register.running}>
        {text.register}
      </Button>
    </Form>
  )
}

const TEXT = {
  zh: {
    title: '数据集名称',
    titleMissing: '请填写名称',
    schema: '按哪个数据集模式',
    schemaMissing: '请选择模式',
    register: '登记',
  },
  en: {
    title: 'Name of the dataset',
    titleMissing: 'Enter a name',
    schema: 'Record schema',
    schemaMissing: 'Choose a schema',
    register: 'Register',
  },
}
