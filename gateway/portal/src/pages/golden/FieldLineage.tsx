import { useQuery } from '../../api.ts'
import { Failure, Loading } from '../../components/Notices.tsx'
import { DataTable } from '../../components/staff/DataTable.tsx'
import { LineageGraph } from '../../components/staff/LineageGraph.tsx'
import { StaffPage } from '../../components/staff/StaffPage.tsx'
import { graphql } from '../../generated/gql.ts'
import type { RecordFieldLineageQuery } from '../../generated/graphql.ts'
import { useSay, useText } from '../../i18n.ts'
import { Link, usePlace, withQuery } from '../../router.tsx'

const FIELD = graphql(`
  query RecordFieldLineage($key: String!, $field: String!, $purpose: String!) {
    recordFieldLineage(key: $key, field: $field, purpose: $purpose) {
      key
      field {
        name
        rule
        label {
          zh
          en
        }
      }
      origins {
        version
        column
        rowId
        line
        batchId
        fileSha256
        fileColumn
        chosen
        dataset {
          id
          title
          organisation {
            name {
              zh
              en
            }
          }
        }
      }
    }
  }
`)

const LINE = graphql(`
  query LineLineage($datasetId: UUID!, $version: Int!, $line: Int!, $purpose: String!) {
    lineLineage(datasetId: $datasetId, version: $version, line: $line, purpose: $purpose) {
      key
      rowId
      fields {
        name
        chosen
        label {
          zh
          en
        }
      }
    }
  }
`)

type Origin = RecordFieldLineageQuery['recordFieldLineage']['origins'][number]

/** From one field of one record to the lines of the files it comes from, and from a line back to the record. */
export function FieldLineage({ id = '', field = '' }: { id?: string; field?: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const place = usePlace()
  const purpose = place.query.get('purpose') ?? ''
  const query = useQuery(FIELD, { key: id, field, purpose })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { key, field: described, origins } = query.data.recordFieldLineage
  const shown = origins.find((origin) => keyOf(origin) === place.query.get('line'))
  return (
    <StaffPage
      title={text.title(say(described.label))}
      lead={
        <Link to={`/catalogue/${encodeURIComponent(key)}?purpose=${encodeURIComponent(purpose)}`}>
          <code>{key}</code>
        </Link>
      }
    >
      {origins.length > 0 && (
        <LineageGraph title={text.drawing} {...drawn(origins, say(described.label), key, text)} />
      )}
      <h2>{text.rows}</h2>
      <DataTable<Origin>
        caption={text.rows}
        rows={origins}
        rowKey={keyOf}
        empty={text.none}
        columns={[
          {
            title: text.dataset,
            cell: ({ dataset }) => (
              <>
                <Link to={`/data/datasets/${dataset.id}/lineage`}>{dataset.title}</Link>{' '}
                <span className="quiet">{say(dataset.organisation.name)}</span>
              </>
            ),
          },
          { title: text.used, cell: ({ chosen }) => (chosen ? text.chosen : text.lost) },
          { title: text.version, cell: ({ version }) => version },
          {
            title: text.line,
            cell: (origin) =>
              origin.line !== null && (
                <Link to={withQuery(place, { line: keyOf(origin) })}>{text.feeds(origin.line)}</Link>
              ),
          },
          {
            title: text.columns,
            cell: ({ fileColumn, column }) => `${fileColumn ?? text.unknown} → ${column ?? text.unknown}`,
          },
          { title: text.batch, cell: ({ batchId }) => <code>{batchId.slice(0, 8)}</code> },
          { title: text.rowId, cell: ({ rowId }) => <Digest value={rowId} /> },
          { title: text.file, cell: ({ fileSha256 }) => <Digest value={fileSha256} /> },
        ]}
      />
      {shown && <FedByLine origin={shown} purpose={purpose} />}
    </StaffPage>
  )
}

const keyOf = ({ dataset, version, rowId }: Origin) => `${dataset.id}:${version}:${rowId}`

function Digest({ value }: { value: string | null | undefined }) {
  const text = useText(TEXT)
  return value ? <code title={value}>{value.slice(0, 12)}…</code> : <>{text.unknown}</>
}

/** Which fields of the record the line feeds. */
function FedByLine({ origin, purpose }: { origin: Origin; purpose: string }) {
  const text = useText(TEXT)
  const say = useSay()
  const { dataset, version, line } = origin
  const query = useQuery(LINE, { datasetId: dataset.id, version, line: line ?? 0, purpose })
  if (query.state === 'loading') return <Loading />
  if (query.state === 'failed') return <Failure error={query.error} retry={query.reload} />
  const { fields } = query.data.lineLineage
  return (
    <section aria-live="polite">
      <h2>{text.fed(dataset.title, line ?? 0)}</h2>
      <DataTable
        caption={text.fed(dataset.title, line ?? 0)}
        rows={fields}
        rowKey={({ name }) => name}
        empty={text.none}
        columns={[
          { title: text.item, cell: ({ label }) => say(label) },
          { title: text.used, cell: ({ chosen }) => (chosen ? text.chosen : text.lost) },
        ]}
      />
    </section>
  )
}

/** A line of a file, the column it fills, and the field, for each row. */
function drawn(origins: readonly Origin[], label: string, key: string, text: typeof TEXT.zh) {
  const target = { id: 'field', kind: 'golden', label, place: key }
  const rows = origins.map((origin) => {
    const at = keyOf(origin)
    const place = `${origin.dataset.title} · ${text.nth(origin.version)}`
    const file = { id: `line ${at}`, kind: 'line', label: text.lineOf(origin.line, origin.fileColumn), place }
    const column = { id: `column ${at}`, kind: 'dataset', label: origin.column ?? text.unknown, place }
    return {
      nodes: [file, column],
      edges: [file, column].map(({ id }, n) => ({ from: id, to: n ? 'field' : column.id })),
    }
  })
  return {
    nodes: [...rows.flatMap(({ nodes }) => nodes), target],
    edges: rows.flatMap(({ edges }) => edges),
  }
}

const TEXT = {
  zh: {
    title: (field: string) => `“${field}”从哪里来`,
    drawing: '从文件的行到数据项',
    rows: '来源的行',
    none: '没有来源的行。',
    dataset: '数据集',
    used: '是否采用',
    chosen: '采用',
    lost: '未采用',
    version: '版本',
    nth: (n: number) => `第 ${n} 版`,
    line: '行',
    feeds: (line: number) => `第 ${line} 行用于哪些数据项`,
    lineOf: (line: number | null, column: string | null) => `第 ${line ?? '？'} 行 ${column ?? ''}`,
    columns: '文件的列 → 数据集的列',
    batch: '批次',
    rowId: '记录编号',
    file: '文件校验值',
    unknown: '没有记载',
    fed: (title: string, line: number) => `“${title}”第 ${line} 行用于`,
    item: '数据项',
  },
  en: {
    title: (field: string) => `Where “${field}” comes from`,
    drawing: 'From the line of the file to the field',
    rows: 'Rows it comes from',
    none: 'There are no rows it comes from.',
    dataset: 'Dataset',
    used: 'Shown',
    chosen: 'shown',
    lost: 'not shown',
    version: 'Version',
    nth: (n: number) => `version ${n}`,
    line: 'Line',
    feeds: (line: number) => `what line ${line} feeds`,
    lineOf: (line: number | null, column: string | null) => `line ${line ?? '?'} ${column ?? ''}`,
    columns: 'Column of the file → of the dataset',
    batch: 'Batch',
    rowId: 'Row id',
    file: 'Digest of the file',
    unknown: 'not kept',
    fed: (title: string, line: number) => `Line ${line} of ${title} feeds`,
    item: 'Item',
  },
}
