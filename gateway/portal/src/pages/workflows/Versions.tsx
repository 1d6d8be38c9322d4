import { useState } from 'react'
import { useMutation, useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { REINSTATE_VERSION, RETIRE_VERSION, VERSIONS } from './processes.ts'
import { ReasonForm } from './ReasonForm.tsx'

interface VersionsProps {
  readonly processKey: string
  /** Id of the version shown. */
  readonly current: string
  readonly mayRetire: boolean
}

/** All versions of a process, each with the way to what it changed, and to retire it or have it start again. */
export function Versions({ processKey, current, mayRetire }: VersionsProps) {
  const text = useText(TEXT)
  const format = useFormat()
  const [asked, setAsked] = useState<number>()
  const query = useQuery(VERSIONS, { key: processKey })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const versions = query.data.processVersions
  const retiring = versions.find(({ version }) => version === asked)
  return (
    <>
      <DataTable
        caption={text.versions}
        rows={versions}
        rowKey={({ version }) => version}
        columns={[
          {
            title: text.version,
            cell: ({ id, version }) =>
              id === current ? (
                <strong>{text.nth(version)}</strong>
              ) : (
                <Link to={`/processes/${id}`}>{text.nth(version)}</Link>
              ),
          },
          { title: text.deployed, cell: ({ deployedAt }) => format.time(deployedAt) },
          { title: text.running, align: 'right', cell: ({ runningInstances }) => runningInstances },
          {
            title: text.starts,
            cell: ({ version, retiredAt }) => (
              <span data-retired={retiredAt !== null}>
                {retiredAt ? text.retired(format.time(retiredAt)) : text.startable}
                {mayRetire && (
                  <>
                    {' '}
                    <button
                      type="button"
                      className="button-plain"
                      data-act={retiredAt ? 'reinstate' : 'retire'}
                      aria-label={(retiredAt ? text.reinstateNth : text.retireNth)(version)}
                      aria-expanded={asked === version}
                      onClick={() => setAsked(version)}
                    >
                      {retiredAt ? text.reinstate : text.retire}
                    </button>
                  </>
                )}
              </span>
            ),
          },
          { title: text.findings, cell: ({ findings }) => findings.length },
          {
            title: text.compare,
            cell: ({ id }, at) => {
              const before = versions[at + 1]
              return (
                <>
                  {before && (
                    <Link to={`/processes/compare/${before.id}/${id}`}>{text.with(before.version)}</Link>
                  )}
                  {id !== current && before?.id !== current && (
                    <>
                      {before && ' · '}
                      <Link to={`/processes/compare/${current}/${id}`}>{text.withThis}</Link>
                    </>
                  )}
                </>
              )
            },
          },
        ]}
      />
      {retiring && (
        <Retirement
          key={retiring.version}
          processKey={processKey}
          version={retiring.version}
          isRetired={retiring.retiredAt !== null}
          onLeave={() => setAsked(undefined)}
          onDone={() => {
            setAsked(undefined)
            query.reload()
          }}
        />
      )}
    </>
  )
}

interface RetirementProps {
  readonly processKey: string
  readonly version: number
  readonly isRetired: boolean
  readonly onLeave: () => void
  readonly onDone: () => void
}

function Retirement({ processKey: key, version, isRetired, onLeave, onDone }: RetirementProps) {
  const text = useText(TEXT)
  const retire = useMutation(RETIRE_VERSION)
  const reinstate = useMutation(REINSTATE_VERSION)
  const act = isRetired ? reinstate : retire
  return (
    <ReasonForm
      says={(isRetired ? text.reinstates : text.retires)(version)}
      go={isRetired ? text.reinstate : text.retire}
      busy={act.running}
      error={act.error}
      onLeave={onLeave}
      onGo={(reason) => void act.run({ key, version, reason }).then((done) => done && onDone())}
    />
  )
}

const TEXT = {
  zh: {
    versions: '版本',
    version: '版本',
    nth: (n: number) => `第 ${n} 版`,
    deployed: '部署时间',
    running: '在运行的实例',
    starts: '启动',
    startable: '可启动',
    retired: (at: string) => `${at} 起下线`,
    retire: '下线',
    reinstate: '重新上线',
    retireNth: (n: number) => `下线第 ${n} 版`,
    reinstateNth: (n: number) => `第 ${n} 版重新上线`,
    retires: (n: number) =>
      `第 ${n} 版不再启动新的实例，被其他流程指名调用也不启动；其上有实例在运行时不能下线。`,
    reinstates: (n: number) => `第 ${n} 版重新可以启动；下线期间到来的启动请求随即处理。`,
    findings: '提醒数',
    compare: '比较',
    with: (n: number) => `与第 ${n} 版比较`,
    withThis: '与正在看的版本比较',
  },
  en: {
    versions: 'Versions',
    version: 'Version',
    nth: (n: number) => `Version ${n}`,
    deployed: 'Deployed',
    running: 'Running instances',
    starts: 'Starts',
    startable: 'yes',
    retired: (at: string) => `retired ${at}`,
    retire: 'Retire',
    reinstate: 'Reinstate',
    retireNth: (n: number) => `Retire version ${n}`,
    reinstateNth: (n: number) => `Reinstate version ${n}`,
    retires: (n: number) =>
      `Version ${n} starts no instance any more, not even where a call names it. One that instances run on cannot be retired.`,
    reinstates: (n: number) => `Version ${n} starts again, with what was asked for meanwhile.`,
    findings: 'Warnings',
    compare: 'Compare',
    with: (n: number) => `with version ${n}`,
    withThis: 'with the one shown',
  },
}
