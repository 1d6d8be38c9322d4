import { useMemo, useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import type { InstanceChoice, InstanceOperation } from '../../generated/graphql.ts'
import { useText } from '../../i18n.ts'
import { INSTANCE_SELECTION, OPERATE_INSTANCES } from './batch.ts'
import { BulkForm } from './BulkForm.tsx'
import { nodesOf, useNames } from './nodes.ts'
import { DEFINITION, VERSIONS } from './processes.ts'

const OPERATIONS: readonly InstanceOperation[] = ['SUSPEND', 'RESUME', 'TERMINATE']

interface InstanceBulkProps {
  /** Those ticked, or what runs of a process, which is then narrowed by version, node and whether it is held. */
  readonly ids?: readonly string[]
  readonly processKey?: string
  /** Something was done: the list is to be read again. */
  readonly onDone: () => void
}

/** The same done to many running instances of the own body: counted first, the outcome of each shown. */
export function InstanceBulk({ ids, processKey, onDone }: InstanceBulkProps) {
  const [narrowed, setNarrowed] = useState<Narrowed>({})
  const choice: InstanceChoice = ids ? { ids: [...ids] } : { key: processKey ?? null, ...narrowed }
  return (
    <>
      {processKey !== undefined && <Narrow processKey={processKey} value={narrowed} onChange={setNarrowed} />}
      <Chosen key={JSON.stringify(choice)} choice={choice} onDone={onDone} />
    </>
  )
}

function Chosen({ choice, onDone }: { choice: InstanceChoice; onDone: () => void }) {
  const text = useText(TEXT)
  const selection = useQuery(INSTANCE_SELECTION, { choice })
  const operate = useMutation(OPERATE_INSTANCES)
  if (selection.state === 'loading') return <Loading />
  if (selection.state === 'failed') return <Failure error={selection.error} retry={selection.reload} />
  const { count, places } = selection.data.instanceSelection
  return (
    <BulkForm
      operations={OPERATIONS}
      meets={text.meets(count)}
      places={places.map(({ key, version, count }) => text.place(key, version, count))}
      isEmpty={count === 0}
      says={text.says(count)}
      busy={operate.running}
      error={operate.error}
      onGo={async (operation, reason) =>
        (await operate.run({ operation, choice, reason }))?.operateInstances.id
      }
      onDone={onDone}
    />
  )
}

type Narrowed = Pick<InstanceChoice, 'version' | 'node' | 'suspended'>

interface NarrowProps {
  readonly processKey: string
  readonly value: Narrowed
  readonly onChange: (value: Narrowed) => void
}

function Narrow({ processKey, value, onChange }: NarrowProps) {
  const text = useText(TEXT)
  const versions = useQuery(VERSIONS, { key: processKey })
  const all = versions.state === 'ready' ? versions.data.processVersions : []
  const version = all.find(({ version }) => version === value.version) ?? all[0]
  return (
    <div className="actions" aria-busy={versions.state === 'loading'}>
      <label className="staff-choice">
        {text.version}
        <select
          className="input"
          name="version"
          value={value.version ?? ''}
          onChange={({ target }) => {
            const { version: _, ...rest } = value
            onChange(target.value ? { ...rest, version: Number(target.value) } : rest)
          }}
        >
          <option value="">{text.all}</option>
          {all.map(({ version }) => (
            <option key={version} value={version}>
              {text.nth(version)}
            </option>
          ))}
        </select>
      </label>
      {version && (
        <NodeChoice
          definitionId={version.id}
          value={value.node ?? ''}
          onChange={(node) => {
            const { node: _, ...rest } = value
            onChange(node ? { ...rest, node } : rest)
          }}
        />
      )}
      <label className="staff-choice">
        {text.held}
        <select
          className="input"
          name="suspended"
          value={value.suspended === undefined ? '' : String(value.suspended)}
          onChange={({ target }) => {
            const { suspended: _, ...rest } = value
            onChange(target.value ? { ...rest, suspended: target.value === 'true' } : rest)
          }}
        >
          <option value="">{text.all}</option>
          <option value="true">{text.suspended}</option>
          <option value="false">{text.notSuspended}</option>
        </select>
      </label>
    </div>
  )
}

interface NodeChoiceProps {
  readonly definitionId: string
  readonly value: string
  readonly onChange: (node: string) => void
}

function NodeChoice({ definitionId, value, onChange }: NodeChoiceProps) {
  const text = useText(TEXT)
  const query = useQuery(DEFINITION, { id: definitionId })
  const xml = query.state === 'ready' ? query.data.processDefinition.xml : undefined
  const nodes = useMemo(() => (xml === undefined ? [] : nodesOf(xml)), [xml])
  const names = useNames(xml ?? '')
  return (
    <label className="staff-choice">
      {text.node}
      <select className="input" name="node" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{text.all}</option>
        {nodes.map(({ id }) => (
          <option key={id} value={id}>
            {names(id) === id ? id : `${names(id)} (${id})`}
          </option>
        ))}
      </select>
    </label>
  )
}

const TEXT = {
  zh: {
    meets: (n: number) => `本单位现有 ${n} 个符合条件的实例在运行。`,
    place: (key: string, version: number, n: number) => `${key} 第 ${version} 版 · ${n} 个`,
    all: '全部',
    version: '版本',
    nth: (n: number) => `第 ${n} 版`,
    node: '停在',
    held: '是否暂停',
    suspended: '已暂停',
    notSuspended: '没有暂停',
    says: (n: number) => ({
      SUSPEND: `将逐个暂停 ${n} 个实例：任务不能完成，定时器不触发，作业不运行，直到恢复。法定时限照常计算。`,
      RESUME: `将逐个恢复 ${n} 个实例；没有暂停的不受影响。`,
      TERMINATE: `将逐个结束 ${n} 个实例，取消其中所有任务、定时器、作业和调用。不能恢复。`,
    }),
  },
  en: {
    meets: (n: number) => `${n} running ${n === 1 ? 'instance' : 'instances'} of the own body fit now.`,
    place: (key: string, version: number, n: number) => `${key}, version ${version} · ${n}`,
    all: 'all',
    version: 'Version',
    nth: (n: number) => `version ${n}`,
    node: 'Stands at',
    held: 'Suspended',
    suspended: 'suspended',
    notSuspended: 'not suspended',
    says: (n: number) => ({
      SUSPEND: `Suspends ${n}, one after another: no task is completed, no timer fires and no job runs until they are resumed. Legal time goes on.`,
      RESUME: `Resumes ${n}, one after another; those not suspended stay as they are.`,
      TERMINATE: `Ends ${n}, one after another, and cancels their tasks, timers, jobs and calls. This cannot be taken back.`,
    }),
  },
}
