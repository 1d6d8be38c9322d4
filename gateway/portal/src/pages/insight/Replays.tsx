import { useState, type FormEvent } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { Link, navigate, usePlace, withQuery } from '../../router.tsx'
import { BEGIN, REPLAYS } from './insight.ts'
import { ReplayReport } from './ReplayReport.tsx'

interface ReplaysProps {
  readonly processKey: string
  readonly versions: readonly number[]
  readonly shown: number
}

/** Finished cases of the version shown, given to another version or a draft. */
export function Replays({ processKey, versions, shown }: ReplaysProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const place = usePlace()
  const list = useQuery(REPLAYS, { key: processKey })
  const chosen = place.query.get('replay')
  const to = (id: string) => withQuery(place, { replay: id })
  return (
    <section>
      <h2>{text.title}</h2>
      <p>{text.lead}</p>
      <Begin
        processKey={processKey}
        versions={versions}
        shown={shown}
        begun={(id) => {
          navigate(to(id))
          if (list.state !== 'loading') list.reload()
        }}
      />
      {list.state === 'failed' && <Failure error={list.error} retry={list.reload} />}
      {list.state === 'ready' && list.data.processReplays.length > 0 && (
        <ul>
          {list.data.processReplays.map((replay) => (
            <li key={replay.id}>
              <Link to={to(replay.id)} aria-current={replay.id === chosen ? 'true' : undefined}>
                {text.one(replay.from, replay.to ?? null)}
              </Link>{' '}
              <span className="quiet">
                {format.time(replay.createdAt)} · {text.cases(replay.total)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {chosen && <ReplayReport id={chosen} />}
    </section>
  )
}

function Begin({
  processKey,
  versions,
  shown,
  begun,
}: ReplaysProps & { readonly begun: (id: string) => void }) {
  const text = useText(TEXT)
  const begin = useMutation(BEGIN)
  const others = versions.filter((version) => version !== shown)
  const [target, setTarget] = useState('draft')
  const [file, setFile] = useState<File>()

  async function send(event: FormEvent) {
    event.preventDefault()
    if (target === 'draft' && !file) return
    const on = target === 'draft' ? { xml: await file?.text() } : { to: Number(target) }
    const answer = await begin.run({ key: processKey, from: shown, ...on })
    if (answer) begun(answer.replayProcess.id)
  }

  return (
    <form onSubmit={(event) => void send(event)}>
      <p className="staff-filter">
        <label htmlFor="target">{text.target}</label>
        <select
          id="target"
          className="input"
          value={target}
          onChange={(event) => setTarget(event.target.value)}
        >
          <option value="draft">{text.draft}</option>
          {others.map((version) => (
            <option key={version} value={version}>
              {text.version(version)}
            </option>
          ))}
        </select>
        {target === 'draft' && (
          <>
            <label htmlFor="draft">{text.file}</label>
            <input
              id="draft"
              type="file"
              accept=".bpmn,.xml"
              required
              onChange={(event) => setFile(event.target.files?.[0])}
            />
          </>
        )}
        <button type="submit" className="button" disabled={begin.running} aria-busy={begin.running}>
          {text.begin}
        </button>
      </p>
      {begin.error && <Failure error={begin.error} />}
    </form>
  )
}

const TEXT = {
  zh: {
    title: '重演：换一个版本会怎样',
    lead: '把本版已结办件的答复交给另一版本或草稿重走一遍，不改动任何办件。',
    target: '对照',
    draft: '草稿文件',
    version: (n: number) => `第 ${n} 版`,
    file: 'BPMN 文件',
    begin: '开始重演',
    one: (from: number, to: number | null) => `第 ${from} 版 → ${to === null ? '草稿' : `第 ${to} 版`}`,
    cases: (n: number) => `${n} 件`,
  },
  en: {
    title: 'Replay: what another version would change',
    lead: 'What was answered in the finished cases of this version is given to another version or a draft. No case is touched.',
    target: 'On',
    draft: 'a draft file',
    version: (n: number) => `version ${n}`,
    file: 'BPMN file',
    begin: 'Replay',
    one: (from: number, to: number | null) =>
      `version ${from} → ${to === null ? 'a draft' : `version ${to}`}`,
    cases: (n: number) => `${n} cases`,
  },
}
