import { Button } from 'antd'
import { useState } from 'react'
import { request, useQuery, type ApiError } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { useSay, useText } from '../../i18n.ts'
import { Link, navigate } from '../../router.tsx'
import { ComparisonView } from './ComparisonView.tsx'
import { CHECK, DEPLOY, DRAFT, DRAFT_COMPARISON, modelOf, REHEARSAL, type Draft } from './draft.ts'
import { FindingList } from './FindingList.tsx'
import { VERSIONS } from './processes.ts'
import { RehearsalView, type Rehearsal } from './RehearsalView.tsx'

/** Before a draft becomes a version: what the gate says, what it changes, which paths the rehearsal found. */
export function DeployDraft({ id = '' }: { id?: string }) {
  const query = useQuery(DRAFT, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return <Deployment draft={query.data.processDraft} reload={query.reload} />
}

function Deployment({ draft, reload }: { draft: Draft; reload: () => void }) {
  const text = useText(TEXT)
  const say = useSay()
  const check = useQuery(CHECK, { id: draft.id })
  const [progress, setProgress] = useState<{ running: boolean; error?: ApiError }>({ running: false })
  const valid = check.state === 'ready' && check.data.processDraftCheck.valid
  const files = Object.fromEntries(draft.files.map(({ path, text }) => [path, text]))
  const xml = files[modelOf(files) ?? ''] ?? ''
  const next = (draft.deployed?.version ?? 0) + 1

  async function deploy() {
    setProgress({ running: true })
    try {
      const overVersion = draft.deployed?.version ?? 0
      const asked = { id: draft.id, expectedVersion: draft.version, overVersion }
      const { deployProcessDraft } = await request(DEPLOY, asked)
      navigate(`/processes/${deployProcessDraft.id}`)
    } catch (error) {
      const id = (error as ApiError).kind === 'unavailable' ? await deployedMeanwhile(draft, next) : undefined
      if (id === undefined) setProgress({ running: false, error: error as ApiError })
      else navigate(`/processes/${id}`)
    }
  }

  return (
    <StaffPage
      title={text.title(say(draft.name), next)}
      lead={<Link to={`/processes/drafts/${draft.id}`}>{text.back}</Link>}
      actions={
        <Button
          id="deploy-now"
          type="primary"
          disabled={!valid}
          loading={progress.running}
          onClick={() => void deploy()}
        >
          {text.deploy(next)}
        </Button>
      }
      busy={progress.running}
    >
      {progress.error && (
        <Failure error={progress.error} {...(progress.error.kind === 'conflict' ? { retry: reload } : {})} />
      )}
      <p>{text.meaning}</p>
      <h2>{text.findings}</h2>
      {check.state === 'loading' && <Loading />}
      {check.state === 'failed' && <Failure error={check.error} retry={check.reload} />}
      {check.state === 'ready' && <FindingList findings={check.data.processDraftCheck.findings} />}
      <h2>{text.comparison}</h2>
      <Changes draft={draft} xml={xml} />
      <h2>{text.rehearsal}</h2>
      {valid ? <RehearsalOf id={draft.id} xml={xml} /> : <p className="quiet">{text.noRehearsal}</p>}
    </StaffPage>
  )
}

const LOOKS = 15
const LOOK_MS = 2_000

/**
 * A rehearsal may take longer than the gateway waits for an answer, and the deployment goes on: looks whether the version
 * has come, and answers its id.
 */
async function deployedMeanwhile({ key }: Draft, version: number): Promise<string | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const answer = await request(VERSIONS, { key }).catch(() => undefined)
    const found = answer?.processVersions.find((one) => one.version === version)
    if (found) return found.id
  }
  return undefined
}

function Changes({ draft, xml }: { draft: Draft; xml: string }) {
  const text = useText(TEXT)
  const query = useQuery(DRAFT_COMPARISON, { id: draft.id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { deployed } = draft
  if (!deployed) return <p className="quiet">{text.first}</p>
  return (
    <ComparisonView
      comparison={query.data.processDraft.comparison}
      before={{ title: text.version(deployed.version), xml: deployed.xml }}
      after={{ title: text.draft, xml }}
    />
  )
}

function RehearsalOf({ id, xml }: { id: string; xml: string }) {
  const query = useQuery(REHEARSAL, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  return (
    <RehearsalView rehearsal={query.data.processDraftRehearsal as Rehearsal} xml={xml} retry={query.reload} />
  )
}

const TEXT = {
  zh: {
    title: (name: string, n: number) => `部署：${name}（第 ${n} 版）`,
    back: '返回编辑',
    deploy: (n: number) => `部署为第 ${n} 版`,
    meaning: '部署后新办件按新版本办理；正在办理的办件仍按原版本办完。',
    findings: '检查结果',
    comparison: '与已部署版本的差别',
    first: '这是第一版，没有可比较的版本。',
    version: (n: number) => `已部署的第 ${n} 版`,
    draft: '草稿',
    rehearsal: '预演',
    noRehearsal: '改正错误后才能预演。',
  },
  en: {
    title: (name: string, n: number) => `Deploy: ${name} (version ${n})`,
    back: 'Back to the editor',
    deploy: (n: number) => `Deploy as version ${n}`,
    meaning: 'New cases run by the new version; cases in progress end by the version they began with.',
    findings: 'Checks',
    comparison: 'What it changes',
    first: 'This is the first version: there is nothing to compare with.',
    version: (n: number) => `Deployed version ${n}`,
    draft: 'Draft',
    rehearsal: 'Rehearsal',
    noRehearsal: 'Put the errors right first.',
  },
}
