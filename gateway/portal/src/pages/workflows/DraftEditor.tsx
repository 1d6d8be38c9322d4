import { Button } from 'antd'
import { lazy, Suspense, useRef, useState, type Ref } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import type { ModelerHandle } from '../../components/bpmn/Modeler.tsx'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useFormat } from '../../format.ts'
import type { ProcessDraftQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { navigate, usePlace, withQuery } from '../../router.tsx'
import { DISCARD, DRAFT, modelOf, SAVE, type Draft } from './draft.ts'
import { FileTabs } from './FileTabs.tsx'
import { FindingList } from './FindingList.tsx'
import { ModelEditor } from './ModelEditor.tsx'
import { useCheck } from './useCheck.ts'
import { usePack } from './usePack.ts'

const DmnEditor = lazy(async () => ({
  default: (await import('../../components/bpmn/DmnEditor.tsx')).DmnEditor,
}))
const FormEditor = lazy(async () => ({ default: (await import('./FormEditor.tsx')).FormEditor }))

/** A pack in hand: the model with its properties, decisions, forms, and what the gate says while one types. */
export function DraftEditor({ id = '' }: { id?: string }) {
  const query = useQuery(DRAFT, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { processDraft, processVocabulary } = query.data
  return <Editor draft={processDraft} vocabulary={processVocabulary} reload={query.reload} />
}

interface EditorProps {
  readonly draft: Draft
  readonly vocabulary: ProcessDraftQuery['processVocabulary']
  readonly reload: () => void
}

function Editor({ draft, vocabulary, reload }: EditorProps) {
  const text = useText(TEXT)
  const say = useSay()
  const format = useFormat()
  const place = usePlace()
  const pack = usePack(draft)
  const check = useCheck(draft.id, pack.changes, pack.version)
  const save = useMutation(SAVE)
  const discard = useMutation(DISCARD)
  const model = modelOf(pack.files)
  const path = place.query.get('file') ?? model ?? 'pack.json'
  const asSource = place.query.get('source') === '1'
  const [sight, setSight] = useState<string>()
  const modeler = useRef<ModelerHandle>(null)
  const dirty = pack.changes.length > 0

  async function store(): Promise<boolean> {
    if (!dirty) return true
    const done = await save.run({ id: draft.id, expectedVersion: pack.version, changes: [...pack.changes] })
    if (done) pack.saved(done.saveProcessDraft.version)
    return done !== undefined
  }

  async function goOn(to: string) {
    if (await store()) navigate(`/processes/drafts/${draft.id}/${to}`)
  }

  async function throwAway() {
    if (!window.confirm(text.sure)) return
    if (await discard.run({ id: draft.id, expectedVersion: pack.version })) navigate('/processes')
  }

  function show(element: string) {
    if (element in pack.files) return navigate(withQuery(place, { file: element, source: undefined }))
    if (modeler.current?.show(element)) return
    setSight(element)
    navigate(withQuery(place, { file: model, source: undefined }))
  }

  const error = save.error ?? discard.error
  return (
    <StaffPage
      title={say(draft.name)}
      lead={
        <>
          <code>{draft.key}</code> · {text.draft(pack.version)} ·{' '}
          {draft.deployed ? text.deployed(draft.deployed.version) : text.fresh} ·{' '}
          {text.changed(format.time(draft.changedAt))}
        </>
      }
      actions={
        <div className="actions">
          <Button
            id="save"
            type="primary"
            disabled={!dirty}
            loading={save.running}
            onClick={() => void store()}
          >
            {dirty ? text.save : text.saved}
          </Button>
          <Button id="simulate" onClick={() => void goOn('simulate')}>
            {text.simulate}
          </Button>
          <Button id="deploy" onClick={() => void goOn('deploy')}>
            {text.deploy}
          </Button>
          <Button id="discard" danger onClick={() => void throwAway()}>
            {text.discard}
          </Button>
        </div>
      }
      busy={save.running}
    >
      {error && <Failure error={error} {...(error.kind === 'conflict' ? { retry: reload } : {})} />}
      <FileTabs pack={pack} current={path} asSource={asSource} />
      <EditedFile
        key={`${path} ${asSource}`}
        path={path}
        asSource={asSource}
        pack={pack}
        vocabulary={vocabulary}
        check={check}
        modeler={modeler}
        sight={sight}
        onChoose={show}
      />
      <section aria-busy={check.busy} aria-live="polite" id="findings">
        <h2>
          {text.findings}{' '}
          {check.findings && (
            <span className={check.valid ? 'tag tag-good' : 'tag tag-bad'} data-valid={check.valid}>
              {check.valid ? text.valid : text.invalid}
            </span>
          )}
        </h2>
        {check.error && <Failure error={check.error} />}
        {check.findings && <FindingList findings={check.findings} onShow={show} />}
      </section>
    </StaffPage>
  )
}

interface EditedFileProps {
  readonly path: string
  readonly asSource: boolean
  readonly pack: ReturnType<typeof usePack>
  readonly vocabulary: ProcessDraftQuery['processVocabulary']
  readonly check: ReturnType<typeof useCheck>
  readonly modeler: Ref<ModelerHandle>
  readonly sight: string | undefined
  readonly onChoose: (element: string) => void
}

function EditedFile({ path, asSource, pack, vocabulary, check, modeler, sight, onChoose }: EditedFileProps) {
  const text = useText(TEXT)
  const content = pack.files[path]
  if (content === undefined) return <p className="empty">{text.gone}</p>
  const change = (next: string) => pack.put(path, next)
  if (!asSource && path.endsWith('.bpmn'))
    return (
      <ModelEditor
        path={path}
        pack={pack}
        vocabulary={vocabulary}
        check={check}
        handle={modeler}
        sight={sight}
        onChoose={onChoose}
      />
    )
  if (!asSource && path.endsWith('.dmn'))
    return (
      <Suspense fallback={<Loading />}>
        <DmnEditor xml={content} label={path} onChange={change} />
      </Suspense>
    )
  if (!asSource && path.startsWith('forms/'))
    return (
      <Suspense fallback={<Loading />}>
        <FormEditor path={path} text={content} onChange={change} />
      </Suspense>
    )
  return (
    <textarea
      className="input source"
      aria-label={path}
      spellCheck={false}
      value={content}
      onChange={(event) => change(event.target.value)}
    />
  )
}

const TEXT = {
  zh: {
    draft: (n: number) => `草稿第 ${n} 稿`,
    deployed: (n: number) => `已部署第 ${n} 版`,
    fresh: '尚未部署',
    changed: (at: string) => `${at} 保存`,
    save: '保存草稿',
    saved: '已保存',
    simulate: '模拟',
    deploy: '部署…',
    discard: '放弃草稿',
    sure: '放弃后草稿的内容不能恢复。确定放弃吗？',
    findings: '检查结果',
    valid: '可以部署',
    invalid: '有错误，不能部署',
    gone: '草稿中没有这个文件。',
  },
  en: {
    draft: (n: number) => `draft ${n}`,
    deployed: (n: number) => `version ${n} is deployed`,
    fresh: 'not deployed yet',
    changed: (at: string) => `saved ${at}`,
    save: 'Save the draft',
    saved: 'Saved',
    simulate: 'Simulate',
    deploy: 'Deploy…',
    discard: 'Discard',
    sure: 'What the draft holds cannot be brought back. Discard it?',
    findings: 'Checks',
    valid: 'can be deployed',
    invalid: 'has errors, cannot be deployed',
    gone: 'The draft has no such file.',
  },
}
