import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { useFormat } from '../../format.ts'
import { useText } from '../../i18n.ts'
import { Link } from '../../router.tsx'
import { VERSIONS } from './processes.ts'

/** All versions of a process, each with the way to what it changed. */
export function Versions({ processKey, current }: { processKey: string; current: string }) {
  const text = useText(TEXT)
  const format = useFormat()
  const query = useQuery(VERSIONS, { key: processKey })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const versions = query.data.processVersions
  return (
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
  )
}

const TEXT = {
  zh: {
    versions: '版本',
    version: '版本',
    nth: (n: number) => `第 ${n} 版`,
    deployed: '部署时间',
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
    findings: 'Warnings',
    compare: 'Compare',
    with: (n: number) => `with version ${n}`,
    withThis: 'with the one shown',
  },
}
