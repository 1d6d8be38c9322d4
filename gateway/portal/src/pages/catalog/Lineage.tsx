import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { LineageGraph } from '../../components/staff/LineageGraph.tsx'
import { wayThrough } from '../../components/staff/lineage.ts'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { DatasetLineageQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, usePlace, withQuery } from '../../router.tsx'

const LINEAGE = graphql(`
  query DatasetLineage($id: UUID!) {
    dataset(id: $id) {
      id
      title
    }
    datasetLineage(datasetId: $id) {
      nodes {
        id
        kind
        column
        dataset {
          id
          title
        }
      }
      edges {
        from
        to
        kind
        text {
          zh
          en
        }
      }
      truncated
    }
  }
`)

type Lineage = DatasetLineageQuery['datasetLineage']
type Edge = Lineage['edges'][number]

/** Where each column of a register comes from and what it feeds, drawn and as a table. */
export function Lineage({ id = '' }: { id?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const query = useQuery(LINEAGE, { id })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { dataset, datasetLineage: lineage } = query.data
  const nodes = lineage.nodes.map((node) => ({
    id: node.id,
    kind: node.kind,
    label: node.column,
    place: node.dataset ? node.dataset.title : text.golden,
  }))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const chosen = byId.get(place.query.get('node') ?? '')
  const way = chosen && wayThrough(chosen.id, lineage.edges)
  const shown = lineage.edges.filter(({ from, to }) => !way || (way.has(from) && way.has(to)))
  return (
    <StaffPage
      title={text.title}
      lead={<Link to={`/data/datasets/${dataset.id}`}>{dataset.title}</Link>}
      actions={
        nodes.length > 0 && (
          <a href={`/api/datasets/${dataset.id}/lineage`} download={`lineage-${dataset.id}.ndjson`}>
            {text.download}
          </a>
        )
      }
    >
      {lineage.truncated && <p className="notice">{text.truncated}</p>}
      {nodes.length > 0 && <LineageGraph title={text.drawing} nodes={nodes} edges={lineage.edges} />}
      <h2 role="status">{chosen ? text.wayOf(chosen.label) : text.all}</h2>
      {chosen && (
        <p>
          <Link to={withQuery(place, { node: undefined })}>{text.showAll}</Link>
        </p>
      )}
      <DataTable<Edge>
        caption={chosen ? text.wayOf(chosen.label) : text.all}
        rows={shown}
        rowKey={({ from, to }) => `${from} ${to}`}
        empty={text.none}
        columns={[
          { title: text.from, cell: ({ from }) => <Where node={byId.get(from)} /> },
          { title: text.to, cell: ({ to }) => <Where node={byId.get(to)} /> },
          {
            title: text.how,
            cell: ({ kind }) => (kind === 'mapping' ? text.mapping : text.survivorship),
          },
          { title: text.steps, cell: (edge) => say(edge.text) || text.unchanged },
        ]}
      />
    </StaffPage>
  )
}

function Where({ node }: { node: { kind: string; label: string; place: string } | undefined }) {
  const text = useText(TEXT)
  if (!node) return null
  return (
    <>
      {node.label}{' '}
      <span className="quiet">{node.kind === 'file' ? text.fileOf(node.place) : node.place}</span>
    </>
  )
}

const TEXT = {
  zh: {
    title: '数据血缘',
    drawing: '各列的来处和去处',
    golden: '法人黄金记录',
    all: '各列的来处和去处（列表）',
    wayOf: (column: string) => `“${column}”的来龙去脉`,
    showAll: '显示全部',
    none: '还没有血缘：发布第一个版本后才有。',
    truncated: '血缘过多，只显示其中一部分。',
    download: '下载 OpenLineage 事件',
    from: '从',
    to: '到',
    how: '方式',
    mapping: '装载映射',
    survivorship: '合并取值',
    steps: '处理',
    unchanged: '原样',
    fileOf: (title: string) => `“${title}”的文件`,
  },
  en: {
    title: 'Lineage',
    drawing: 'Where each column comes from and goes to',
    golden: 'Golden records of organisations',
    all: 'Where each column comes from and goes to, as a table',
    wayOf: (column: string) => `The way of “${column}”`,
    showAll: 'Show all',
    none: 'There is no lineage yet; it begins with the first published version.',
    truncated: 'There is more lineage than is shown.',
    download: 'Download OpenLineage events',
    from: 'From',
    to: 'To',
    how: 'How',
    mapping: 'Mapped when loaded',
    survivorship: 'Chosen when merged',
    steps: 'What is done',
    unchanged: 'unchanged',
    fileOf: (title: string) => `file of ${title}`,
  },
}
