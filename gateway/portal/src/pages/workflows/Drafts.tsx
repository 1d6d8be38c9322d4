import { Button } from 'antd'
import { useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate } from '../../router.tsx'
import { CREATE, DRAFTS } from './draft.ts'

/** Drafts of the reader's organisation, and the way to a new process. */
export function Drafts() {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const query = useQuery(DRAFTS, {})
  const create = useMutation(CREATE)
  const [key, setKey] = useState('')

  async function begin(event: FormEvent) {
    event.preventDefault()
    const done = await create.run({ key: key.trim() })
    if (done) navigate(`/processes/drafts/${done.createProcessDraft.id}`)
  }

  return (
    <section>
      <h2>{text.title}</h2>
      {query.state === 'loading' && <Loading />}
      {query.state === 'failed' && <Failure error={query.error} retry={query.reload} />}
      {query.state === 'ready' && (
        <DataTable
          caption={text.title}
          rows={query.data.processDrafts}
          rowKey={({ id }) => id}
          empty={text.none}
          columns={[
            {
              title: text.name,
              cell: ({ id, name }) => <Link to={`/processes/drafts/${id}`}>{say(name)}</Link>,
            },
            { title: text.key, cell: ({ key }) => <code>{key}</code> },
            {
              title: text.base,
              cell: ({ basedOn }) => (basedOn ? text.version(basedOn.version) : text.fresh),
            },
            { title: text.changed, cell: ({ changedAt }) => format.time(changedAt) },
          ]}
        />
      )}
      {create.error && <Failure error={create.error} />}
      <form className="actions" onSubmit={(event) => void begin(event)}>
        <label htmlFor="new-key">{text.newKey}</label>
        <input
          id="new-key"
          className="input"
          required
          pattern="[a-z][a-z0-9\-]+"
          title={text.keyHint}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button htmlType="submit" loading={create.running}>
          {text.create}
        </Button>
      </form>
    </section>
  )
}

const TEXT = {
  zh: {
    title: '本单位的草稿',
    none: '没有草稿。打开一个流程可开始编辑。',
    name: '名称',
    key: '代号',
    base: '来自',
    fresh: '新流程',
    changed: '保存时间',
    version: (n: number) => `第 ${n} 版`,
    newKey: '新流程的代号',
    keyHint: '小写字母、数字、连字符，以字母开头',
    create: '新建空白流程',
  },
  en: {
    title: 'Drafts of your organisation',
    none: 'There are no drafts. Open a process to begin one.',
    name: 'Name',
    key: 'Key',
    base: 'Made from',
    fresh: 'new process',
    changed: 'Saved',
    version: (n: number) => `version ${n}`,
    newKey: 'Key of a new process',
    keyHint: 'Lower-case letters, digits and hyphens, a letter first',
    create: 'Begin an empty process',
  },
}
