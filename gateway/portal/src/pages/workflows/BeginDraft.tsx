import { Button } from 'antd'
import { useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useText } from '../../i18n.ts'
import { navigate } from '../../router.tsx'
import { CREATE, DRAFTS } from './draft.ts'

interface BeginDraftProps {
  readonly definition: { readonly id: string; readonly key: string }
  /** It is a process of the reader's organisation; another's may serve as a pattern. */
  readonly own: boolean
}

/** The way from a version to its draft: the one there is, a new one, or a copy under a key of one's own. */
export function BeginDraft({ definition, own }: BeginDraftProps) {
  const text = useText(TEXT)
  const drafts = useQuery(DRAFTS, {})
  const create = useMutation(CREATE)
  const [key, setKey] = useState(`${definition.key}-2`)
  const begun =
    drafts.state === 'ready' ? drafts.data.processDrafts.find(({ key }) => key === definition.key) : undefined

  async function begin(key: string) {
    const done = await create.run({ key, definitionId: definition.id })
    if (done) navigate(`/processes/drafts/${done.createProcessDraft.id}`)
  }

  function copy(event: FormEvent) {
    event.preventDefault()
    void begin(key.trim())
  }

  return (
    <div>
      {create.error && <Failure error={create.error} />}
      <div className="actions">
        {own &&
          (begun ? (
            <Button id="edit" type="primary" onClick={() => navigate(`/processes/drafts/${begun.id}`)}>
              {text.goOn}
            </Button>
          ) : (
            <Button
              id="edit"
              type="primary"
              loading={create.running || drafts.state === 'loading'}
              onClick={() => void begin(definition.key)}
            >
              {text.edit}
            </Button>
          ))}
        <details>
          <summary>{text.copy}</summary>
          <form className="actions" onSubmit={copy}>
            <label htmlFor="copy-key">{text.key}</label>
            <input
              id="copy-key"
              className="input"
              required
              pattern="[a-z][a-z0-9\-]+"
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
            <Button htmlType="submit" loading={create.running}>
              {text.begin}
            </Button>
          </form>
        </details>
      </div>
    </div>
  )
}

const TEXT = {
  zh: { edit: '编辑', goOn: '继续编辑草稿', copy: '以此为样另建流程', key: '新流程的代号', begin: '新建' },
  en: {
    edit: 'Edit',
    goOn: 'Go on with the draft',
    copy: 'Use as a pattern',
    key: 'Key of the new process',
    begin: 'Begin',
  },
}
